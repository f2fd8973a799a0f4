/** A Kinesis stream: map batches of flow logs and put their digests into the log, many in an entry. */
import { randomUUID } from 'node:crypto';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { clientConfig } from '../src/adapters/aws/clients.ts';
import { DynamoDigestLog } from '../src/adapters/aws/dynamo-digest-log.ts';
import { setting } from '../src/adapters/aws/environment.ts';
import { jsonLog } from '../src/adapters/aws/json-log.ts';
import { streamRecordsOf } from '../src/adapters/aws/kinesis-record.ts';
import { SignedAws } from '../src/adapters/aws/signed-aws.ts';
import { SignedDeadLetters } from '../src/adapters/aws/signed-dead-letters.ts';
import { SignedSnapshotStore } from '../src/adapters/aws/signed-snapshot-store.ts';
import { CachedSnapshot } from '../src/adapters/local/cached-snapshot.ts';
import { IngestStream } from '../src/map/ingest-stream.ts';

const log = jsonLog();
const config = clientConfig();
const bucket = setting('STATE_BUCKET');
const aws = new SignedAws({});
const store = new SignedSnapshotStore({ bucket, aws });
const snapshots = new CachedSnapshot({ store, now: Date.now, log });
const ingest = new IngestStream(
  {
    digests: new DynamoDigestLog({
      client: new DynamoDBClient(config),
      table: setting('DIGEST_TABLE'),
    }),
    deadLetters: new SignedDeadLetters({ queueUrl: setting('DEAD_LETTER_QUEUE_URL'), bucket, aws }),
    log,
    snapshot: () => snapshots.get(),
    now: Date.now,
  },
  { shards: Number(setting('SHARDS')), instance: randomUUID(), region: config.region },
);

interface Answer {
  readonly batchItemFailures: readonly { readonly itemIdentifier: string }[];
}

/** Lambda hands out again from the earliest record that failed; what was written is known then. */
export async function handler(event: unknown): Promise<Answer> {
  const again = await ingest.run(streamRecordsOf(event));
  return { batchItemFailures: again.map((itemIdentifier) => ({ itemIdentifier })) };
}
