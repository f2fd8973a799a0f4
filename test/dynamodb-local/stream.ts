import {
  DescribeStreamCommand,
  type DynamoDBStreamsClient,
  GetRecordsCommand,
  GetShardIteratorCommand,
  type _Record as SdkRecord,
} from '@aws-sdk/client-dynamodb-streams';
import type { StreamRecord } from '../../src/adapters/aws/stream-record.ts';

/**
 * What a table's stream holds, as Lambda hands it on: each shard of the stream from its beginning,
 * a parent before its children.
 */
export async function streamRecords(
  client: DynamoDBStreamsClient,
  streamArn: string | undefined,
): Promise<StreamRecord[]> {
  const shards: string[] = [];
  let last: string | undefined;
  do {
    const describe = new DescribeStreamCommand({
      StreamArn: streamArn,
      ...(last === undefined ? {} : { ExclusiveStartShardId: last }),
    });
    const { StreamDescription } = await client.send(describe);
    // A parent is listed before its children.
    for (const { ShardId } of StreamDescription?.Shards ?? []) if (ShardId) shards.push(ShardId);
    last = StreamDescription?.LastEvaluatedShardId;
  } while (last !== undefined);
  const records: StreamRecord[] = [];
  for (const shard of shards) {
    for (const record of await recordsOf(client, streamArn, shard)) records.push(asInEvent(record));
  }
  return records;
}

/** An open shard has always a next iterator: an empty answer is its end for now. */
async function recordsOf(
  client: DynamoDBStreamsClient,
  StreamArn: string | undefined,
  ShardId: string,
): Promise<SdkRecord[]> {
  const records: SdkRecord[] = [];
  const first = new GetShardIteratorCommand({
    StreamArn,
    ShardId,
    ShardIteratorType: 'TRIM_HORIZON',
  });
  let { ShardIterator } = await client.send(first);
  while (ShardIterator !== undefined) {
    const page = await client.send(new GetRecordsCommand({ ShardIterator }));
    if (!page.Records?.length) break;
    records.push(...page.Records);
    ShardIterator = page.NextShardIterator;
  }
  return records;
}

/** Lambda's events are JSON: bytes are base64 text there. */
function asInEvent(record: SdkRecord): StreamRecord {
  return JSON.parse(
    JSON.stringify(record, (_, value) =>
      value instanceof Uint8Array ? Buffer.from(value).toString('base64') : value,
    ),
  );
}
