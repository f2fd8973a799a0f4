import { PublishCommand } from '@aws-sdk/client-sns';
import { PutParameterCommand } from '@aws-sdk/client-ssm';
import { afterAll, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import type { Alert } from '../../src/alerts/alert.ts';
import { signature } from '../../src/deliver/channels/webhook.ts';
import { type Behaviour, type Received, ReceiverServer } from '../deliver/receiver-server.ts';
import { Cloud } from './cloud.ts';
import { line } from './flows.ts';
import { commandLineTool } from './tool.ts';

const SECRET = 'a secret of the webhook';

let cloud: Cloud;
let receiver: ReceiverServer;

jest.setTimeout(60_000);

beforeAll(async () => {
  receiver = await ReceiverServer.start();
  cloud = await Cloud.start();
  await cloud.createFlowLog('/vpc/a');
  for (const name of ['default', 'ops']) {
    const url = `${receiver.url}/${name}/s3cret-path`;
    await put(`channels/${name}`, JSON.stringify({ type: 'webhook', url, secret: SECRET }), true);
  }
  await put('settings', 'owner: ops\nbuiltin: false\n');
  await put('rules/ssh', 'severity: high\nmatch: { dstport: 22 }\nby: [dstaddr]\n');
  await cloud.deploy({ stage: 'e2e', params: { logGroups: '/vpc/a' } });
  await cloud.drain();
}, 120_000);

afterAll(async () => {
  await cloud?.close();
  await receiver?.stop();
});

beforeEach(() => {
  receiver.received.length = 0;
  receiver.behaviour = () => ({ status: 200, body: 'ok' });
});

async function put(path: string, Value: string, secure = false): Promise<void> {
  const Name = `/flowlog-alerts/e2e/${path}`;
  const Type = secure ? 'SecureString' : 'String';
  await cloud.aws.ssm.send(new PutParameterCommand({ Name, Value, Type, Overwrite: true }));
}

/** SSH to this address, an alert of the only rule. */
const intrude = (dstaddr: string) =>
  cloud.putLogEvents('/vpc/a', 'eni-1-all', [
    line({ srcaddr: '198.51.100.7', dstaddr, dstport: 22 }),
  ]);

const of = (channel: string) =>
  receiver.received.filter(({ path }) => path.startsWith(`/${channel}/`));
const gotten = (channel: string) => of(channel).map(({ body }) => JSON.parse(body) as Alert);
const deliveries = () =>
  cloud
    .log('deliver')
    .map((text) => JSON.parse(text) as Record<string, unknown>)
    .filter(({ event }) => event === 'delivery');

/** Time passes until the queue has nothing to wait for. */
async function pass(minutes: number): Promise<void> {
  cloud.advance(minutes * 60_000);
  await cloud.drain();
}

test('an alert goes from a flow to the webhook of its channel, signed', async () => {
  await intrude('10.0.0.5');
  await cloud.drain();
  const [alert] = gotten('default');
  expect(gotten('default')).toHaveLength(1);
  expect(alert).toMatchObject({
    type: 'alert',
    stage: 'e2e',
    rule: { id: 'ssh' },
    group: { dstaddr: '10.0.0.5' },
  });
  const { headers, body } = of('default')[0] as Received;
  const given = String(headers['x-flowlog-alerts-signature']);
  const seconds = Number(/^t=(\d+),/.exec(given)?.[1]);
  expect(given).toBe(signature(body, SECRET, seconds));
  expect(headers['idempotency-key']).toBe(`${alert?.id}-${alert?.seq}`);
  expect(deliveries().at(-1)).toMatchObject({
    id: alert?.id,
    channel: 'default',
    type: 'webhook',
    outcome: 'delivered',
  });
});

test('the same message again is no second post', async () => {
  await intrude('10.0.0.6');
  await cloud.drain();
  const [alert] = gotten('default');
  await cloud.aws.sns.send(
    new PublishCommand({
      TopicArn: cloud.stack.output('AlertTopicArn'),
      Message: JSON.stringify(alert),
    }),
  );
  await cloud.kill('deliver');
  await cloud.drain();
  expect(of('default')).toHaveLength(1);
  expect(deliveries().at(-1)).toMatchObject({ outcome: 'duplicate' });
});

test('a webhook that is down gets its alert when it is back', async () => {
  const answers: Behaviour[] = [
    { status: 500 },
    'reset',
    { status: 429, headers: { 'retry-after': '9' } },
  ];
  receiver.behaviour = () => answers.shift() ?? { status: 200 };
  await intrude('10.0.0.7');
  await cloud.drain();
  expect(of('default')).toHaveLength(1);
  for (let minute = 0; minute < 6; minute++) await pass(2);
  expect(of('default')).toHaveLength(4);
  expect(await cloud.undelivered()).toEqual([]);
  const before = of('default').length;
  await pass(60);
  expect(of('default')).toHaveLength(before);
});

test('one that will never take it leaves a letter, which can be sent back', async () => {
  receiver.behaviour = () => ({ status: 410, body: 'gone for good' });
  await intrude('10.0.0.8');
  await cloud.drain();
  const letters = (await cloud.undelivered()) as { body: string }[];
  expect(letters).toMatchObject([
    { kind: 'notification', channel: 'default', reason: 'it answered 410: gone for good' },
  ]);
  expect(cloud.metrics('DeliveryFailures')).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ dimensions: { Stage: 'e2e' }, value: 1 }),
      expect.objectContaining({ dimensions: { Stage: 'e2e', Channel: 'default' }, value: 1 }),
    ]),
  );
  receiver.behaviour = () => ({ status: 200 });
  receiver.received.length = 0;
  await cloud.sendTo('DeliverQueueUrl', JSON.stringify(letters[0]));
  await cloud.drain();
  expect(gotten('default')).toMatchObject([{ group: { dstaddr: '10.0.0.8' } }]);
});

describe('The service’s own troubles', () => {
  test('a notice to the owner, here of a bad rule, goes to the owner’s channel', async () => {
    await put('rules/broken', 'severity: low\nmatch:\n  dstprt: 22\n');
    await cloud.drain();
    expect(gotten('ops')).toMatchObject([
      {
        type: 'service',
        rule: { title: expect.stringContaining('configuration') },
        message: expect.stringContaining('match.dstprt'),
      },
    ]);
  });
});

test('test-alert --channel follows an alert to the channel, with the rights of docs/iam', async () => {
  const stop = cloud.run();
  const { code, stdout } = await commandLineTool(
    ['test-alert', '--channel', 'ops', '--wait', '40'],
    await cloud.envOf('test-alert'),
  );
  await stop();
  expect({ code, stdout }).toEqual({
    code: 0,
    stdout: expect.stringMatching(/^ok +deliver .*delivered to the channel ops/m),
  });
  expect(gotten('ops')).toMatchObject([{ type: 'test', rule: { id: 'test-alert' } }]);
});

test('no secret is in what deliver wrote', () => {
  const lines = cloud.log('deliver').join('\n');
  expect(lines).toContain('"event":"delivery"');
  for (const secret of ['s3cret-path', SECRET]) expect(lines).not.toContain(secret);
});
