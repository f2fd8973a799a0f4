/** What the functions of map share: where digests, letters and the snapshot are. */
import { randomUUID } from 'node:crypto';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { IngestOptions, IngestPorts } from '../../map/ingest.ts';
import { CachedSnapshot } from '../local/cached-snapshot.ts';
import { clientConfig } from './clients.ts';
import { DynamoDigestLog } from './dynamo-digest-log.ts';
import { setting } from './environment.ts';
import { jsonLog } from './json-log.ts';
import type { SignedAws } from './signed-aws.ts';
import { SignedDeadLetters } from './signed-dead-letters.ts';
import { SignedSnapshotStore } from './signed-snapshot-store.ts';

/** By the function's environment. @throws Error naming a setting that is missing */
export function mapPorts(aws: SignedAws): IngestPorts {
  const log = jsonLog();
  const bucket = setting('STATE_BUCKET');
  const store = new SignedSnapshotStore({ bucket, aws });
  const snapshots = new CachedSnapshot({ store, now: Date.now, log });
  return {
    digests: new DynamoDigestLog({
      client: new DynamoDBClient(clientConfig()),
      table: setting('DIGEST_TABLE'),
    }),
    deadLetters: new SignedDeadLetters({ queueUrl: setting('DEAD_LETTER_QUEUE_URL'), bucket, aws }),
    log,
    snapshot: () => snapshots.get(),
    now: Date.now,
  };
}

/** Of this instance, whose name is made here. */
export function mapOptions(): IngestOptions {
  const { region } = clientConfig();
  return { shards: Number(setting('SHARDS')), instance: randomUUID(), region };
}
