/** Flow logs in S3: a queue tells of new objects, their records become digests. */
import { randomUUID } from 'node:crypto';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import type { Context, SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { clientConfig, s3Config } from '../src/adapters/aws/clients.ts';
import { DynamoDigestLog } from '../src/adapters/aws/dynamo-digest-log.ts';
import { setting } from '../src/adapters/aws/environment.ts';
import { jsonLog } from '../src/adapters/aws/json-log.ts';
import { S3ObjectReader } from '../src/adapters/aws/s3-object-reader.ts';
import { SignedAws } from '../src/adapters/aws/signed-aws.ts';
import { SignedDeadLetters } from '../src/adapters/aws/signed-dead-letters.ts';
import { queueMessagesOf, SignedQueue } from '../src/adapters/aws/signed-queue.ts';
import { SignedSnapshotStore } from '../src/adapters/aws/signed-snapshot-store.ts';
import { CachedSnapshot } from '../src/adapters/local/cached-snapshot.ts';
import { IngestObjects } from '../src/map/ingest-objects.ts';

/** What a chunk, its writes and a letter may take; ms. */
const LAST_CALL = 30_000;

const log = jsonLog();
const now = Date.now;
const bucket = setting('STATE_BUCKET');
const aws = new SignedAws({});
const store = new SignedSnapshotStore({ bucket, aws });
const snapshots = new CachedSnapshot({ store, now, log });
const ingest = new IngestObjects(
  {
    objects: new S3ObjectReader({ client: new S3Client(s3Config()) }),
    digests: new DynamoDigestLog({
      client: new DynamoDBClient(clientConfig()),
      table: setting('DIGEST_TABLE'),
    }),
    queue: new SignedQueue({ aws, url: setting('OBJECTS_QUEUE_URL') }),
    deadLetters: new SignedDeadLetters({ queueUrl: setting('DEAD_LETTER_QUEUE_URL'), bucket, aws }),
    log,
    snapshot: () => snapshots.get(),
    now,
  },
  { shards: Number(setting('SHARDS')), instance: randomUUID() },
);

/** What could not be read or written stays in the queue until its next time. */
export async function handler(
  event: SQSEvent,
  context: Pick<Context, 'getRemainingTimeInMillis'>,
): Promise<SQSBatchResponse> {
  const deadline = now() + context.getRemainingTimeInMillis() - LAST_CALL;
  const again = await ingest.run(queueMessagesOf(event), deadline);
  return { batchItemFailures: again.map((itemIdentifier) => ({ itemIdentifier })) };
}
