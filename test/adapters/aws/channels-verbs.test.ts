import { randomUUID } from 'node:crypto';
import { GetParameterCommand, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { afterAll, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { clientConfig } from '../../../src/adapters/aws/clients.ts';
import { cli } from '../../cli/cli.ts';
import { ReceiverServer } from '../../deliver/receiver-server.ts';

jest.setTimeout(60_000);

const SECRET = 'sesame-open-12345';
const ssm = new SSMClient(clientConfig());
let receiver: ReceiverServer;
let stage: string;

beforeAll(async () => {
  receiver = await ReceiverServer.start();
});
afterAll(async () => {
  ssm.destroy();
  await receiver.stop();
});
beforeEach(() => {
  stage = `s${randomUUID()}`;
  receiver.received.length = 0;
  receiver.behaviour = () => ({ status: 200 });
});

const channels = (verb: string, name?: string, stdin?: string) =>
  cli(['channels', verb, ...(name === undefined ? [] : [name]), '--stage', stage], {
    ...(stdin !== undefined && { stdin }),
  });
const hook = () => `{ type: webhook, url: "${receiver.url}/in/${SECRET}", secret: ${SECRET} }`;

describe('channels', () => {
  test('set writes a SecureString, and list shows names and types without a secret', async () => {
    const set = await channels('set', 'ops', hook());
    expect(set).toMatchObject({ code: 0, out: 'The channel ops is set, of type webhook.\n' });
    const { Parameter } = await ssm.send(
      new GetParameterCommand({
        Name: `/flowlog-alerts/${stage}/channels/ops`,
        WithDecryption: true,
      }),
    );
    expect(Parameter).toMatchObject({ Type: 'SecureString', Value: hook() });
    await channels('set', 'chat', '{ type: chatbot }');
    const list = await channels('list');
    expect(list.code).toBe(0);
    expect(list.out.split('\n')).toEqual([
      'channel  type     state',
      'chat     chatbot  ok',
      'ops      webhook  ok',
      '',
    ]);
    const all = [set, list].map(({ out, err }) => out + err).join();
    expect(all).not.toContain(SECRET);
  });

  test('list says what is wrong with one, still without a secret', async () => {
    await ssm.send(
      new PutParameterCommand({
        Name: `/flowlog-alerts/${stage}/channels/open`,
        Value: hook(),
        Type: 'String',
      }),
    );
    await ssm.send(
      new PutParameterCommand({
        Name: `/flowlog-alerts/${stage}/channels/wrong`,
        Value: `{ type: slack, adress: ${SECRET} }`,
        Type: 'SecureString',
      }),
    );
    const { code, out } = await cli(['channels', 'list', '--stage', stage, '--json']);
    expect(code).toBe(0);
    const lines = out.trim().split('\n');
    expect(lines.map((line) => JSON.parse(line))).toEqual([
      { name: 'open', type: 'webhook', problem: expect.stringContaining('plain text') },
      { name: 'wrong', problem: expect.stringContaining('channels/wrong:1') },
    ]);
    expect(out).not.toContain(SECRET);
  });

  test('set again replaces, rm removes, and a second rm says that there is none', async () => {
    await channels('set', 'ops', hook());
    await channels('set', 'ops', '{ type: chatbot }');
    expect((await channels('list')).out).toContain('chatbot');
    expect(await channels('rm', 'ops')).toMatchObject({ code: 0 });
    const again = await channels('rm', 'ops');
    expect(again.code).toBe(1);
    expect(again.err).toContain(`There is no channel ops in ${stage}`);
    expect((await channels('list')).err).toContain('There are no channels');
  });

  test('test sends one alert from here and tells what came of it', async () => {
    await channels('set', 'ops', hook());
    const { code, out } = await channels('test', 'ops');
    expect({ code, out }).toEqual({
      code: 0,
      out: expect.stringMatching(/^ok {4}ops {2}webhook {2}\d+\.\d s {2}delivered\n$/),
    });
    expect(receiver.received.map(({ body }) => JSON.parse(body))).toMatchObject([
      { type: 'test', stage, message: expect.stringContaining('the channel ops works') },
    ]);
  });

  test('test exits with 1 where it was not taken, and does not repeat an echoed secret', async () => {
    receiver.behaviour = (path) => ({ status: 403, body: `forbidden: ${path} ${SECRET}` });
    await channels('set', 'ops', hook());
    const { code, out, err } = await channels('test', 'ops');
    expect(code).toBe(1);
    expect(out).toMatch(/^FAIL {2}ops {2}webhook .* it answered 403: forbidden: \[secret\]/);
    expect(out + err).not.toContain(SECRET);
    expect((await channels('test', 'nobody')).err).toContain('There is no channel nobody');
  });
});
