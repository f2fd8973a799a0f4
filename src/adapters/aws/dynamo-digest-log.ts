import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  PutItemCommand,
} from '@aws-sdk/client-dynamodb';
import { CODEC_VERSION } from '../../log/codec.ts';
import type { DigestLog, LogEntry } from '../../ports/digest-log.ts';
import { checkVersion, pkOf } from './digest-item.ts';
import { type Item, queried } from './dynamo-table.ts';
import { ttlOf } from './ttl.ts';

/** The digest log in a DynamoDB table: items are put once and never updated. */
export class DynamoDigestLog implements DigestLog {
  readonly #client: DynamoDBClient;
  readonly #table: string;

  constructor({ client, table }: { readonly client: DynamoDBClient; readonly table: string }) {
    this.#client = client;
    this.#table = table;
  }

  /**
   * A put whose answer was lost is tried again by the SDK and then found `present`: which of the
   * two it was does not matter to the caller, the entry is there once.
   */
  async put(entry: LogEntry): Promise<'stored' | 'present'> {
    const command = new PutItemCommand({
      TableName: this.#table,
      Item: {
        pk: { S: pkOf(entry.shard) },
        sk: { S: entry.key },
        d: { B: entry.data },
        v: { N: String(CODEC_VERSION) },
        at: { N: String(entry.at) },
        ttl: { N: String(ttlOf(entry.at)) },
      },
      ConditionExpression: 'attribute_not_exists(pk)',
    });
    try {
      await this.#client.send(command);
      return 'stored';
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return 'present';
      throw error;
    }
  }

  /**
   * Both ends of the range are included.
   * @throws NewerDigestError when it meets an entry of a newer format
   */
  async *read(shard: number, fromKey?: string, toKey?: string): AsyncIterable<LogEntry> {
    const range = keyRange(pkOf(shard), fromKey, toKey);
    const items = queried(this.#client, { TableName: this.#table, ...range });
    for await (const item of items) yield entryOf(shard, item);
  }
}

function keyRange(pk: string, from: string | undefined, to: string | undefined) {
  const values: Item = { ':pk': { S: pk } };
  if (from !== undefined) values[':from'] = { S: from };
  if (to !== undefined) values[':to'] = { S: to };
  let condition = 'pk = :pk';
  if (from !== undefined && to !== undefined) condition += ' AND sk BETWEEN :from AND :to';
  else if (from !== undefined) condition += ' AND sk >= :from';
  else if (to !== undefined) condition += ' AND sk <= :to';
  return { KeyConditionExpression: condition, ExpressionAttributeValues: values };
}

function entryOf(shard: number, item: Item): LogEntry {
  const key = item.sk?.S ?? '';
  checkVersion(pkOf(shard), key, Number(item.v?.N));
  return { shard, key, at: Number(item.at?.N), data: item.d?.B ?? new Uint8Array() };
}
