import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, expect, test } from '@jest/globals';
import { clientConfig } from '../../../src/adapters/aws/clients.ts';
import {
  DynamoDeliveryBook,
  deliveryItemKey,
} from '../../../src/adapters/aws/dynamo-delivery-book.ts';
import { runContract } from '../../contracts/delivery-book.ts';
import { inTurn, startFaultProxy } from '../../moto/fault-proxy.ts';
import { ENDPOINT, newTable } from './emulator.ts';

const client = new DynamoDBClient(clientConfig());
afterAll(() => client.destroy());

runContract({
  name: 'DynamoDeliveryBook',
  make: async () => new DynamoDeliveryBook({ client, table: await newTable(client) }),
  // DynamoDB Local shows the rest, in dynamodb-local.test.ts.
  atomic: false,
});

const KEY = { id: 'ALERT', order: 3, channel: 'ops' };
const NOW = Date.parse('2026-11-23T12:00:00Z');
const CLAIM = { message: 'm1', now: NOW, until: NOW + 60_000, peers: ['ops'] };

test('a row lies under the alert, by order and channel, and goes after fifteen days', async () => {
  const table = await newTable(client);
  await new DynamoDeliveryBook({ client, table }).claim(KEY, CLAIM);
  const { Item } = await client.send(
    new GetItemCommand({ TableName: table, Key: deliveryItemKey(KEY) }),
  );
  expect(Item).toMatchObject({
    pk: { S: 'ALERT' },
    sk: { S: '000000000000003#ops' },
    state: { S: 'claimed' },
    ttl: { N: String(NOW / 1000 + 15 * 86_400) },
  });
});

test('a claim whose answer was lost is the caller’s own', async () => {
  const table = await newTable(client);
  const proxy = await startFaultProxy(ENDPOINT);
  const faulty = new DynamoDBClient({ ...clientConfig(), endpoint: proxy.endpoint });
  try {
    proxy.onCall(inTurn(({ operation }) => operation === 'UpdateItem', 'fail-after'));
    const book = new DynamoDeliveryBook({ client: faulty, table });
    expect(await book.claim(KEY, CLAIM)).toMatchObject({ state: 'claimed', attempts: 1 });
    expect(await book.claim(KEY, { ...CLAIM, message: 'm2' })).toBeUndefined();
  } finally {
    faulty.destroy();
    await proxy.stop();
  }
});

test('a table that is not there is an error, not a free row', async () => {
  const book = new DynamoDeliveryBook({ client, table: 'no-such-table' });
  await expect(book.claim(KEY, CLAIM)).rejects.toThrow();
  await expect(book.of('ALERT')).rejects.toThrow();
});
