import { randomUUID } from 'node:crypto';
import { PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { clientConfig } from '../../../src/adapters/aws/clients.ts';
import {
  PARAMETER_STORE_RETRIES,
  ParameterStoreSource,
} from '../../../src/adapters/aws/parameter-store.ts';
import { checkTree } from '../../../src/config/check.ts';
import { runContract } from '../../contracts/config-source.ts';
import { type FaultProxy, startFaultProxy } from '../../moto/fault-proxy.ts';
import { ENDPOINT } from './emulator.ts';

const client = new SSMClient(clientConfig());
let path: string;

beforeEach(() => {
  path = `/flowlog-alerts/${randomUUID()}`;
});
afterAll(() => client.destroy());

async function put(name: string, value: string, type: 'String' | 'SecureString' = 'String') {
  await client.send(new PutParameterCommand({ Name: `${path}/${name}`, Value: value, Type: type }));
}
const read = (ssm = client) => new ParameterStoreSource({ client: ssm, path }).read();

runContract({
  name: 'ParameterStoreSource',
  async make(documents) {
    for (const [name, text] of Object.entries(documents)) {
      await put(name, text, name.startsWith('channels/') ? 'SecureString' : 'String');
    }
    return new ParameterStoreSource({ client, path });
  },
});

test('Every parameter below the path is a document, and none beside it', async () => {
  await put('settings', 'settle: 1m');
  await put('rules/team/ssh', 'match: { dstport: 22 }');
  await client.send(
    new PutParameterCommand({ Name: `${path}-other/rules/x`, Value: 'x', Type: 'String' }),
  );
  const documents = await read();
  expect(documents.sort((a, b) => a.path.localeCompare(b.path))).toEqual([
    {
      path: 'rules/team/ssh',
      text: 'match: { dstport: 22 }',
      origin: `${path}/rules/team/ssh`,
      modified: expect.any(Number),
      version: 1,
      place: expect.stringMatching(/^arn:aws:ssm:[a-z0-9-]+:\d{12}:parameter\/flowlog-alerts\//),
    },
    {
      path: 'settings',
      text: 'settle: 1m',
      origin: `${path}/settings`,
      modified: expect.any(Number),
      version: 1,
      place: expect.stringMatching(/^arn:aws:ssm:[a-z0-9-]+:\d{12}:parameter\/flowlog-alerts\//),
    },
  ]);
});

test.each([9, 10, 20, 21])(
  '%i parameters are all read, an empty last page included',
  async (count) => {
    for (let index = 0; index < count; index++) await put(`rules/r${index}`, `title: ${index}`);
    expect(new Set((await read()).map(({ path }) => path)).size).toBe(count);
  },
);

test('A slash at the end of the path is no matter', async () => {
  await put('rules/a', 'x: 1');
  const documents = await new ParameterStoreSource({ client, path: `${path}/` }).read();
  expect(documents.map((document) => document.path)).toEqual(['rules/a']);
});

test('Channels are left out, and a rule that is a SecureString is told to be one', async () => {
  await put('channels/slack', 'https://hooks.example.com/secret', 'SecureString');
  await put('channels/plain', 'secret');
  await put('rules/hidden', 'match: { dstport: 22 }', 'SecureString');
  const documents = await read();
  expect(documents.map((document) => document.path)).toEqual(['rules/hidden']);
  expect(JSON.stringify(documents)).not.toContain('secret');
  expect(checkTree(documents).problems).toMatchObject([
    { message: expect.stringContaining('a SecureString, which is not decrypted') },
  ]);
});

describe('on a bad connection', () => {
  let proxy: FaultProxy;
  let faulty: SSMClient;

  beforeAll(async () => {
    proxy = await startFaultProxy(ENDPOINT);
    faulty = new SSMClient({
      ...clientConfig(),
      ...PARAMETER_STORE_RETRIES,
      endpoint: proxy.endpoint,
    });
  });
  afterAll(async () => {
    faulty.destroy();
    await proxy.stop();
  });
  beforeEach(() => proxy.clear());

  test('A call that is throttled is tried again', async () => {
    await put('rules/a', 'x: 1');
    let left = 2;
    proxy.onCall(() => (left-- > 0 ? 'throttle' : 'pass'));
    expect(await read(faulty)).toHaveLength(1);
    expect(proxy.calls()).toHaveLength(3);
  });

  test('Half a tree is an error, not a smaller tree', async () => {
    for (let index = 0; index < 12; index++) await put(`rules/r${index}`, 'x: 1');
    let calls = 0;
    proxy.onCall(() => (calls++ === 0 ? 'pass' : 'deny'));
    await expect(read(faulty)).rejects.toMatchObject({
      name: expect.stringContaining('AccessDenied'),
    });
  });
});
