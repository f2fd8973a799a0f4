import { randomUUID } from 'node:crypto';
import {
  DescribeParametersCommand,
  GetParameterCommand,
  PutParameterCommand,
  SSMClient,
} from '@aws-sdk/client-ssm';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { clientConfig } from '../../../src/adapters/aws/clients.ts';
import { ParameterStoreSource } from '../../../src/adapters/aws/parameter-store.ts';
import { SsmParameterWriter } from '../../../src/adapters/aws/parameter-writer.ts';
import { runContract } from '../../contracts/parameter-tree.ts';
import { type FaultProxy, startFaultProxy } from '../../moto/fault-proxy.ts';
import { ENDPOINT } from './emulator.ts';

const client = new SSMClient(clientConfig());
let path: string;

beforeEach(() => {
  path = `/flowlog-alerts/${randomUUID()}`;
});
afterAll(() => client.destroy());

runContract({
  name: 'SsmParameterWriter',
  async make() {
    return {
      source: new ParameterStoreSource({ client, path }),
      writer: new SsmParameterWriter({ client, path }),
    };
  },
});

test('Parameters are Strings in the tier that their size asks for', async () => {
  await new SsmParameterWriter({ client, path }).put('rules/a', 'x', true);
  const { Parameters } = await client.send(
    new DescribeParametersCommand({
      ParameterFilters: [{ Key: 'Name', Values: [`${path}/rules/a`] }],
    }),
  );
  expect(Parameters).toMatchObject([{ Type: 'String', Tier: 'Intelligent-Tiering' }]);
});

test('Channels are never written or deleted, whoever asks', async () => {
  const writer = new SsmParameterWriter({ client, path });
  const Name = `${path}/channels/slack`;
  await client.send(new PutParameterCommand({ Name, Value: 'secret', Type: 'SecureString' }));
  await expect(writer.put('channels/slack', 'x', false)).rejects.toThrow(/channels are not/);
  await expect(writer.delete(['channels/slack'])).rejects.toThrow(/channels are not/);
  expect((await client.send(new GetParameterCommand({ Name }))).Parameter?.Version).toBe(1);
});

test('A channel beside rules is no channel', async () => {
  const writer = new SsmParameterWriter({ client, path });
  expect(await writer.put('rules/channels-a', 'x', true)).toBe(1);
});

describe('on a bad connection', () => {
  let proxy: FaultProxy;
  let impatient: SSMClient;

  beforeAll(async () => {
    proxy = await startFaultProxy(ENDPOINT);
    impatient = new SSMClient({ ...clientConfig(), maxAttempts: 1, endpoint: proxy.endpoint });
  });
  afterAll(async () => {
    impatient.destroy();
    await proxy.stop();
  });
  beforeEach(() => proxy.clear());

  test('What is throttled says so, and what is refused does not', async () => {
    const writer = new SsmParameterWriter({ client: impatient, path });
    proxy.onCall(() => 'throttle');
    await expect(writer.put('rules/a', 'x', true)).rejects.toMatchObject({ reason: 'throttled' });
    await expect(writer.delete(['rules/a'])).rejects.toMatchObject({ reason: 'throttled' });
    await expect(writer.history('rules/a')).rejects.toMatchObject({ reason: 'throttled' });
    proxy.onCall(() => 'deny');
    await expect(writer.put('rules/a', 'x', true)).rejects.toMatchObject({ reason: 'denied' });
  });
});
