/** CloudWatch Logs subscription: map a batch of flow logs and put its digest into the log. */
import { randomUUID } from 'node:crypto';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { clientConfig } from '../src/adapters/aws/clients.ts';
import { DynamoDigestLog } from '../src/adapters/aws/dynamo-digest-log.ts';
import { setting } from '../src/adapters/aws/environment.ts';
import { jsonLog } from '../src/adapters/aws/json-log.ts';
import { eventsOf } from '../src/adapters/aws/retry-queue.ts';
import { SignedAws } from '../src/adapters/aws/signed-aws.ts';
import { SignedDeadLetters } from '../src/adapters/aws/signed-dead-letters.ts';
import { SignedSnapshotStore } from '../src/adapters/aws/signed-snapshot-store.ts';
import { CachedSnapshot } from '../src/adapters/local/cached-snapshot.ts';
import { Ingest, type Ingested } from '../src/map/ingest.ts';

const log = jsonLog();
const config = clientConfig();
const bucket = setting('STATE_BUCKET');
const aws = new SignedAws({});
const store = new SignedSnapshotStore({ bucket, aws });
const snapshots = new CachedSnapshot({ store, now: Date.now, log });
const ingest = new Ingest(
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

/** An event that cannot be written throws: Lambda and the retry queue bring it again. */
export async function handler(event: unknown): Promise<readonly Ingested[]> {
  const results: Ingested[] = [];
  for (const one of eventsOf(event)) results.push(await ingest.subscription(one));
  return results;
}
