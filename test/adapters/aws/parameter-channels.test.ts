import { randomUUID } from 'node:crypto';
import { DescribeParametersCommand, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { afterAll, expect, jest, test } from '@jest/globals';
import { clientConfig } from '../../../src/adapters/aws/clients.ts';
import { ParameterChannels } from '../../../src/adapters/aws/parameter-channels.ts';
import { runContract } from '../../contracts/channel-source.ts';

jest.setTimeout(30_000);

const client = new SSMClient(clientConfig());
afterAll(() => client.destroy());

const newPath = () => `/flowlog-alerts/${randomUUID()}`;

runContract({
  name: 'ParameterChannels',
  make: async () => new ParameterChannels({ client, path: newPath() }),
});

test('a channel is written as a SecureString, under a key where one is given', async () => {
  const path = newPath();
  await new ParameterChannels({ client, path, keyId: 'alias/mine' }).put('ops', 'x: 1');
  const { Parameters = [] } = await client.send(
    new DescribeParametersCommand({
      ParameterFilters: [{ Key: 'Name', Values: [`${path}/channels/ops`] }],
    }),
  );
  expect(Parameters).toMatchObject([{ Type: 'SecureString', KeyId: 'alias/mine' }]);
});

test('one that lies there in plain text is read, and known to be plain', async () => {
  const path = newPath();
  await client.send(
    new PutParameterCommand({
      Name: `${path}/channels/chat`,
      Value: '{ type: chatbot }',
      Type: 'String',
    }),
  );
  await client.send(
    new PutParameterCommand({ Name: `${path}/rules/x`, Value: 'match: {}', Type: 'String' }),
  );
  expect(await new ParameterChannels({ client, path }).read()).toEqual([
    { name: 'chat', origin: `${path}/channels/chat`, text: '{ type: chatbot }', plain: true },
  ]);
});

/** A client whose key refuses one parameter: then SSM refuses the whole page. */
function withBadKey(bad: string): SSMClient {
  const refused = Object.assign(new Error('The ciphertext refers to a key that is disabled'), {
    name: 'InvalidKeyId',
  });
  const send = async (command: { input: Record<string, unknown> }) => {
    const { Path, Name, WithDecryption } = command.input as Record<string, string | boolean>;
    if (WithDecryption && (Path !== undefined || Name === bad)) throw refused;
    return client.send(command as never);
  };
  return { send } as unknown as SSMClient;
}

test('one that cannot be decrypted is named, and the others are read', async () => {
  const path = newPath();
  const store = new ParameterChannels({ client, path });
  await store.put('good', '{ type: chatbot }');
  await store.put('bad', 'secret');
  const faulty = withBadKey(`${path}/channels/bad`);
  const found = await new ParameterChannels({ client: faulty, path }).read();
  expect(found.sort((a, b) => a.name.localeCompare(b.name))).toEqual([
    {
      name: 'bad',
      origin: `${path}/channels/bad`,
      problem: expect.stringContaining('cannot be read: InvalidKeyId'),
    },
    { name: 'good', origin: `${path}/channels/good`, text: '{ type: chatbot }' },
  ]);
});

test('an error that is not about keys is an error', async () => {
  const denied = Object.assign(new Error('not authorized to perform: ssm:GetParametersByPath'), {
    name: 'AccessDeniedException',
  });
  const refusing = { send: () => Promise.reject(denied) } as unknown as SSMClient;
  await expect(new ParameterChannels({ client: refusing, path: '/x' }).read()).rejects.toBe(denied);
});
