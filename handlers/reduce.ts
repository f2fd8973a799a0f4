/** The digest table's stream: merge, decide, checkpoint, notify. */
import { randomUUID } from 'node:crypto';
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { S3Client } from '@aws-sdk/client-s3';
import { SNSClient } from '@aws-sdk/client-sns';
import type { DynamoDBStreamEvent } from 'aws-lambda';
import { clientConfig, s3Config } from '../src/adapters/aws/clients.ts';
import { CloudWatchMetricSink } from '../src/adapters/aws/cloudwatch-metric-sink.ts';
import { setting } from '../src/adapters/aws/environment.ts';
import { jsonLog } from '../src/adapters/aws/json-log.ts';
import { S3CheckpointStore } from '../src/adapters/aws/s3-checkpoint-store.ts';
import { SignedAws } from '../src/adapters/aws/signed-aws.ts';
import { SignedDeadLetters } from '../src/adapters/aws/signed-dead-letters.ts';
import { SignedSnapshotStore } from '../src/adapters/aws/signed-snapshot-store.ts';
import { SnsNotifier } from '../src/adapters/aws/sns-notifier.ts';
import { logEntryOf } from '../src/adapters/aws/stream-record.ts';
import { CachedSnapshot } from '../src/adapters/local/cached-snapshot.ts';
import { ReduceLoop } from '../src/reduce/run.ts';

const log = jsonLog();
const now = Date.now;
const config = clientConfig();
const s3 = new S3Client(s3Config());
const bucket = setting('STATE_BUCKET');
const aws = new SignedAws({});
const store = new SignedSnapshotStore({ bucket, aws });
const snapshots = new CachedSnapshot({ store, now, log });
const loop = new ReduceLoop(
  {
    checkpoints: new S3CheckpointStore({ client: s3, bucket, now, log }),
    notifier: new SnsNotifier({
      client: new SNSClient(config),
      topicArn: setting('ALERT_TOPIC_ARN'),
    }),
    metrics: new CloudWatchMetricSink({ client: new CloudWatchClient(config), now, log }),
    deadLetters: new SignedDeadLetters({
      queueUrl: setting('DEAD_LETTER_QUEUE_URL'),
      bucket,
      aws,
    }),
    log,
    snapshot: (newest) => snapshots.get(newest),
    now,
  },
  // Longer than the function may run, so that nobody publishes what a live one is publishing.
  { stage: setting('STAGE'), writer: randomUUID(), lease: 300_000 },
);

/** A failure throws: the stream hands the whole batch out again, and what was applied is known. */
export async function handler(event: DynamoDBStreamEvent): Promise<{ batchItemFailures: [] }> {
  await loop.run(event.Records.flatMap((record) => logEntryOf(record) ?? []));
  return { batchItemFailures: [] };
}
