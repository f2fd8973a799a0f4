import {
  DeleteItemCommand,
  DescribeTableCommand,
  DynamoDBClient,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { DynamoDBStreamsClient } from '@aws-sdk/client-dynamodb-streams';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { clientConfig } from '../../../src/adapters/aws/clients.ts';
import { DynamoDeliveryBook } from '../../../src/adapters/aws/dynamo-delivery-book.ts';
import { DynamoDigestLog } from '../../../src/adapters/aws/dynamo-digest-log.ts';
import { logEntryOf, type StreamRecord } from '../../../src/adapters/aws/stream-record.ts';
import { compileRuleSet } from '../../../src/map/4-match/rule-set.ts';
import type { LogEntry } from '../../../src/ports/digest-log.ts';
import { runContract as runBookContract } from '../../contracts/delivery-book.ts';
import { runContract } from '../../contracts/digest-log.ts';
import { type DynamoDbLocal, dynamoDbLocal } from '../../dynamodb-local/server.ts';
import { streamRecords } from '../../dynamodb-local/stream.ts';
import { LEASE, published, World } from '../../faults/world.ts';
import { aFlow, asLogEntry, aTick, logEntries, NOON } from '../../reduce/flows.ts';
import { aCount, aRule, aSnapshot, by } from '../../reduce/rules.ts';
import { newTable } from './emulator.ts';

const local = await dynamoDbLocal();
if ('missing' in local) {
  process.stderr.write(`Left out: the digest log on DynamoDB Local. ${local.missing}.\n`);
}
const describeLocal = 'missing' in local ? describe.skip : describe;

describeLocal('on DynamoDB Local', () => {
  let server: DynamoDbLocal;
  let client: DynamoDBClient;
  let streams: DynamoDBStreamsClient;

  beforeAll(async () => {
    if ('missing' in local) return;
    server = await local.start();
    const config = { ...clientConfig(), endpoint: server.endpoint };
    client = new DynamoDBClient(config);
    streams = new DynamoDBStreamsClient(config);
  }, 240_000);
  afterAll(async () => {
    client?.destroy();
    streams?.destroy();
    await server?.stop();
  });

  runContract({
    name: 'DynamoDigestLog',
    make: async () => new DynamoDigestLog({ client, table: await newTable(client) }),
  });

  runBookContract({
    name: 'DynamoDeliveryBook',
    make: async () => new DynamoDeliveryBook({ client, table: await newTable(client) }),
  });

  async function streamOf(table: string): Promise<StreamRecord[]> {
    const { Table } = await client.send(new DescribeTableCommand({ TableName: table }));
    return streamRecords(streams, Table?.LatestStreamArn);
  }

  /** As the function `reduce` takes them. */
  const entriesOf = (records: readonly StreamRecord[]) =>
    records.flatMap((record) => logEntryOf(record) ?? []);

  test('the stream announces each entry once, with the bytes of its first put', async () => {
    const table = await newTable(client);
    const log = new DynamoDigestLog({ client, table });
    const entry = (key: string, shard: number, byte: number): LogEntry => ({
      shard,
      key,
      at: 1_790_000_000_000 + byte,
      data: new Uint8Array([byte, 0, 255]),
    });
    for (const byte of [1, 2, 3]) await log.put(entry('a', 0, byte));
    await log.put(entry('b', 0, 4));
    await log.put(entry('a', 1, 5));
    const found = entriesOf(await streamOf(table)).map(({ shard, key, at, data }) => [
      `${shard} ${key}`,
      at - 1_790_000_000_000,
      [...data],
    ]);
    expect(found.sort()).toEqual([
      ['0 a', 1, [1, 0, 255]],
      ['0 b', 4, [4, 0, 255]],
      ['1 a', 5, [5, 0, 255]],
    ]);
  });

  test('what leaves the table or is changed in it is no entry', async () => {
    const table = await newTable(client);
    const log = new DynamoDigestLog({ client, table });
    const data = new Uint8Array([1]);
    for (const key of ['a', 'b', 'c']) await log.put({ shard: 0, key, at: 1, data });
    const Key = (sk: string) => ({ pk: { S: 'shard#0' }, sk: { S: sk } });
    await client.send(new DeleteItemCommand({ TableName: table, Key: Key('a') }));
    await client.send(
      new UpdateItemCommand({
        TableName: table,
        Key: Key('b'),
        UpdateExpression: 'SET d = :d',
        ExpressionAttributeValues: { ':d': { B: new Uint8Array([2]) } },
      }),
    );
    const records = await streamOf(table);
    expect(records.map(({ eventName }) => eventName).sort()).toEqual([
      'INSERT',
      'INSERT',
      'INSERT',
      'MODIFY',
      'REMOVE',
    ]);
    expect(entriesOf(records).map(({ key, data }) => [key, [...data]])).toEqual([
      ['a', [1]],
      ['b', [1]],
      ['c', [1]],
    ]);
  });

  describe('the reducer at the end of the real stream', () => {
    const RULES = [aRule({ id: 'every', storm: 100 }), aCount(9, 300, { by: by() })];
    const SNAPSHOT = aSnapshot(RULES);
    const AT = (NOON + 60) * 1_000;

    /** Ten batches; `count` needs them all but one. */
    async function tenBatches(shards: number): Promise<StreamRecord[]> {
      const table = await newTable(client);
      const log = new DynamoDigestLog({ client, table });
      const set = compileRuleSet(SNAPSHOT);
      for (let i = 0; i < 10; i++) {
        const flows = [aFlow(NOON, { srcaddr: `198.51.100.${i}` })];
        const entries = logEntries(set, flows, AT + i, { name: String(i), shards });
        // A batch that is delivered again writes nothing, and so announces nothing.
        for (const entry of [...entries, ...entries]) await log.put(entry);
      }
      for (let shard = 0; shard < shards; shard++) {
        await log.put(asLogEntry(aTick(AT + 60_000), shard));
      }
      return streamOf(table);
    }

    async function totals(world: World) {
      let records = 0;
      for (let shard = 0; shard < world.shards; shard++) {
        const memory = await world.memory(shard);
        expect(memory?.outbox).toEqual([]);
        for (const { slots } of memory?.rules.get('count')?.groups.values() ?? []) {
          for (const slot of slots) records += slot.records;
        }
      }
      const rules = [...published(world)].map(([name, times]) => `${name.split(' ')[0]} ${times}`);
      return { records, rules: rules.sort() };
    }

    const EXPECTED = { records: 10, rules: ['count 1', ...Array(10).fill('every 1')] };

    test.each([1, 2])('with %i shards: every digest counts once', async (shards) => {
      const world = new World(SNAPSHOT, AT, shards);
      await world.hand(entriesOf(await tenBatches(shards)));
      expect(await totals(world)).toEqual(EXPECTED);
    });

    test('records that come again, in pieces, to new instances and in another order of items, count once', async () => {
      const records = await tenBatches(2);
      const orders = [
        records,
        [...records].reverse(),
        [...records.filter((_, i) => i % 2 === 1), ...records.filter((_, i) => i % 2 === 0)],
      ];
      for (const order of orders) {
        const world = new World(SNAPSHOT, AT, 2);
        for (let from = 0; from < order.length; from += 3) {
          // Each piece brings the one before it once more.
          await world.hand(entriesOf(order.slice(Math.max(0, from - 3), from + 3)));
          if (from % 2 === 0) world.restart();
        }
        await world.hand(entriesOf(records));
        // Nothing is left that a dead instance held.
        world.now += LEASE;
        await world.hand(entriesOf(records));
        expect(await totals(world)).toEqual(EXPECTED);
      }
    });
  });
});
