import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { clientConfig } from '../../../src/adapters/aws/clients.ts';
import { LogsSavedQueryStore } from '../../../src/adapters/aws/saved-query-store.ts';
import { Gateway } from '../../cloud/gateway/gateway.ts';
import { QueryDefinitions } from '../../cloud/gateway/query-definitions.ts';
import { runContract } from '../../contracts/saved-query-store.ts';
import { ENDPOINT } from './emulator.ts';

let gateway: Gateway;
let client: CloudWatchLogsClient;

beforeAll(async () => {
  gateway = await Gateway.start(ENDPOINT);
  client = new CloudWatchLogsClient({ ...clientConfig(), endpoint: gateway.endpoint });
});

beforeEach(() => {
  gateway.before.splice(0, gateway.before.length, new QueryDefinitions().answer);
});

afterAll(async () => {
  client.destroy();
  await gateway.stop();
});

runContract({
  name: 'LogsSavedQueryStore',
  make: async () => (stage) => new LogsSavedQueryStore({ client, stage }),
});

test('a query that somebody deleted since it was listed is made anew', async () => {
  const store = new LogsSavedQueryStore({ client, stage: 'prod' });
  const query = { name: 'flowlog-alerts/prod/a', text: 'fields @message', logGroups: [] };
  await store.put(query, '00000000-0000-0000-0000-000000000000');
  expect(await store.list()).toEqual([{ ...query, id: expect.any(String) }]);
});

test('a text that Logs Insights would not take is a refusal', async () => {
  const store = new LogsSavedQueryStore({ client, stage: 'prod' });
  const query = { name: 'flowlog-alerts/prod/a', text: 'x'.repeat(10_001), logGroups: [] };
  await expect(store.put(query)).rejects.toMatchObject({ name: 'Refusal', reason: 'invalid' });
});
