/** Each minute: a tick through the log of every shard, so that the clock has one writer as well. */
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { ScheduledEvent } from 'aws-lambda';
import { clientConfig } from '../src/adapters/aws/clients.ts';
import { DynamoDigestLog } from '../src/adapters/aws/dynamo-digest-log.ts';
import { setting } from '../src/adapters/aws/environment.ts';
import { encodeDigest } from '../src/log/codec.ts';
import { tickKey } from '../src/log/key.ts';

const digests = new DynamoDigestLog({
  client: new DynamoDBClient(clientConfig()),
  table: setting('DIGEST_TABLE'),
});
const shards = Number(setting('SHARDS'));

/** The schedule's own time names the tick: fired twice, it is one. */
export async function handler(event: Pick<ScheduledEvent, 'time'>): Promise<void> {
  const at = Date.parse(event.time);
  const data = encodeDigest({ kind: 'tick' });
  for (let shard = 0; shard < shards; shard++) {
    await digests.put({ shard, key: tickKey(at / 1000), at, data });
  }
}
