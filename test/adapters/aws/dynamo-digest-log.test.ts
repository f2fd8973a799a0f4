import {
  DescribeTableCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
} from '@aws-sdk/client-dynamodb';
import { DynamoDBStreamsClient } from '@aws-sdk/client-dynamodb-streams';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { clientConfig } from '../../../src/adapters/aws/clients.ts';
import { DynamoDigestLog } from '../../../src/adapters/aws/dynamo-digest-log.ts';
import { logEntryOf } from '../../../src/adapters/aws/stream-record.ts';
import { CODEC_VERSION } from '../../../src/log/codec.ts';
import type { LogEntry } from '../../../src/ports/digest-log.ts';
import { runContract } from '../../contracts/digest-log.ts';
import { streamRecords } from '../../dynamodb-local/stream.ts';
import { type FaultProxy, inTurn, startFaultProxy } from '../../moto/fault-proxy.ts';
import { ENDPOINT, newTable } from './emulator.ts';

const client = new DynamoDBClient(clientConfig());
const streams = new DynamoDBStreamsClient(clientConfig());
afterAll(() => {
  client.destroy();
  streams.destroy();
});

runContract({
  name: 'DynamoDigestLog',
  make: async () => new DynamoDigestLog({ client, table: await newTable(client) }),
});

const ENTRY: LogEntry = {
  shard: 2,
  key: '2026-11-23T10:00 0123456789abcdef 0',
  at: 1_790_000_000_999,
  data: new Uint8Array([0, 1, 255]),
};

test('an item has the table’s shape and expires fifteen days after its arrival', async () => {
  const table = await newTable(client);
  await new DynamoDigestLog({ client, table }).put(ENTRY);
  const { Item } = await client.send(
    new GetItemCommand({ TableName: table, Key: { pk: { S: 'shard#2' }, sk: { S: ENTRY.key } } }),
  );
  expect(Item).toEqual({
    pk: { S: 'shard#2' },
    sk: { S: ENTRY.key },
    d: { B: ENTRY.data },
    v: { N: String(CODEC_VERSION) },
    at: { N: '1790000000999' },
    ttl: { N: String(1_790_000_000 + 15 * 86_400) },
  });
});

test('an entry of a newer format stops the reader, and an entry of this one does not', async () => {
  const table = await newTable(client);
  const log = new DynamoDigestLog({ client, table });
  await log.put({ ...ENTRY, key: 'a' });
  await client.send(
    new PutItemCommand({
      TableName: table,
      Item: {
        pk: { S: 'shard#2' },
        sk: { S: 'b' },
        d: { B: ENTRY.data },
        v: { N: String(CODEC_VERSION + 1) },
        at: { N: '1' },
      },
    }),
  );
  const seen: string[] = [];
  const reading = (async () => {
    for await (const { key } of log.read(2)) seen.push(key);
  })();
  await expect(reading).rejects.toThrow(`shard#2 b has format ${CODEC_VERSION + 1}`);
  expect(seen).toEqual(['a']);
});

test('what the table’s stream announces is the entry that was put', async () => {
  const table = await newTable(client);
  await new DynamoDigestLog({ client, table }).put(ENTRY);
  const { Table } = await client.send(new DescribeTableCommand({ TableName: table }));
  const [record] = await streamRecords(streams, Table?.LatestStreamArn);
  const entry = logEntryOf(record!);
  expect({ ...entry, data: new Uint8Array(entry!.data) }).toEqual(ENTRY);
});

describe('DynamoDigestLog on a bad connection', () => {
  let proxy: FaultProxy;
  let faulty: DynamoDBClient;
  let table: string;

  beforeAll(async () => {
    proxy = await startFaultProxy(ENDPOINT);
    faulty = new DynamoDBClient({ ...clientConfig(), endpoint: proxy.endpoint });
  });
  afterAll(async () => {
    faulty.destroy();
    await proxy.stop();
  });
  beforeEach(async () => {
    proxy.clear();
    table = await newTable(client);
  });

  const anyPut = (call: { operation: string }) => call.operation === 'PutItem';

  test.each(['fail-before', 'throttle', 'unavailable'] as const)(
    'a put that meets %s is tried again and stored',
    async (fate) => {
      proxy.onCall(inTurn(anyPut, fate, fate));
      const log = new DynamoDigestLog({ client: faulty, table });
      expect(await log.put(ENTRY)).toBe('stored');
      expect(proxy.calls()).toHaveLength(3);
    },
  );

  test('a put whose answer is lost is there once, and found present by the retry', async () => {
    proxy.onCall(inTurn(anyPut, 'fail-after'));
    const log = new DynamoDigestLog({ client: faulty, table });
    expect(await log.put(ENTRY)).toBe('present');
    const keys: string[] = [];
    for await (const { key } of log.read(ENTRY.shard)) keys.push(key);
    expect(keys).toEqual([ENTRY.key]);
  });

  test('a put that never gets through throws after five attempts', async () => {
    proxy.onCall(() => 'unavailable');
    const log = new DynamoDigestLog({ client: faulty, table });
    await expect(log.put(ENTRY)).rejects.toMatchObject({ name: 'ServiceUnavailable' });
    expect(proxy.calls()).toHaveLength(5);
  });

  test('a refused put throws at once', async () => {
    proxy.onCall(() => 'deny');
    const log = new DynamoDigestLog({ client: faulty, table });
    await expect(log.put(ENTRY)).rejects.toMatchObject({ name: 'AccessDenied' });
    expect(proxy.calls()).toHaveLength(1);
  });

  test('a large shard takes several pages, and a page that fails is asked for again', async () => {
    const log = new DynamoDigestLog({ client: faulty, table });
    const data = new Uint8Array(350_000);
    for (const key of ['a', 'b', 'c', 'd']) await log.put({ ...ENTRY, key, data });
    proxy.clear();
    proxy.onCall(inTurn((call) => call.operation === 'Query', 'pass', 'unavailable'));
    const keys: string[] = [];
    for await (const { key } of log.read(ENTRY.shard)) keys.push(key);
    expect(keys).toEqual(['a', 'b', 'c', 'd']);
    expect(proxy.calls().length).toBeGreaterThanOrEqual(3);
  });
});
