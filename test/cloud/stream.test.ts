import { gzipSync } from 'node:zlib';
import {
  CreateLogGroupCommand,
  DescribeDestinationsCommand,
  PutSubscriptionFilterCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { InvokeCommand } from '@aws-sdk/client-lambda';
import { PutParameterCommand } from '@aws-sdk/client-ssm';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { Cloud } from './cloud.ts';
import { jsonCall } from './emulator.ts';
import { line } from './flows.ts';

const GROUP = '/vpc/members';

let cloud: Cloud;

jest.setTimeout(60_000);

beforeAll(async () => {
  cloud = await Cloud.start();
  await parameter('settings', 'builtin: false\n');
  await parameter('rules/ssh', 'severity: high\nmatch: { dstport: 22 }\nby: [dstaddr]\n');
  await cloud.deploy({
    stage: 'e2e',
    params: { createStream: '1', streamSenders: '210987654321' },
  });
  await cloud.drain();
  await cloud.aws.logs.send(new CreateLogGroupCommand({ logGroupName: GROUP }));
  await cloud.aws.logs.send(
    new PutSubscriptionFilterCommand({
      logGroupName: GROUP,
      filterName: 'through-a-stream',
      filterPattern: '',
      destinationArn: cloud.stack.output('FlowLogStreamArn'),
      roleArn: cloud.stack.output('LogsToStreamRoleArn'),
    }),
  );
}, 120_000);

afterAll(() => cloud?.close());

async function parameter(path: string, Value: string): Promise<void> {
  const Name = `/flowlog-alerts/e2e/${path}`;
  await cloud.aws.ssm.send(new PutParameterCommand({ Name, Value, Type: 'String' }));
}

const intrusion = (dstaddr: string) => line({ srcaddr: '198.51.100.7', dstaddr, dstport: 22 });

async function put(data: Buffer): Promise<void> {
  await jsonCall(cloud.env.AWS_ENDPOINT_URL ?? '', 'kinesis', 'Kinesis_20131202.PutRecord', {
    StreamName: cloud.stack.output('FlowLogStreamArn').split('/')[1],
    Data: data.toString('base64'),
    PartitionKey: 'eni-1',
  });
}

async function invoke(event: object): Promise<unknown> {
  const { Payload } = await cloud.aws.lambda.send(
    new InvokeCommand({
      FunctionName: cloud.functionName('stream'),
      Payload: Buffer.from(JSON.stringify(event)),
    }),
  );
  return JSON.parse(Buffer.from(Payload ?? []).toString());
}

const alerted = async () =>
  (await cloud.messages()).map(({ group, sources }) => [
    group.dstaddr,
    sources[0]?.logGroup ?? sources[0]?.stream,
  ]);
const parked = async () =>
  (await cloud.deadLetters()).map((letter) => (letter as { reason: string }).reason.split(':')[0]);

test('members have a destination that leads to the stream, and may use it', async () => {
  const { destinations = [] } = await cloud.aws.logs.send(new DescribeDestinationsCommand({}));
  const [{ accessPolicy = '{}', ...destination } = {}] = destinations;
  expect(destination).toMatchObject({
    arn: cloud.stack.output('LogDestinationArn'),
    targetArn: cloud.stack.output('FlowLogStreamArn'),
    roleArn: cloud.stack.output('LogsToStreamRoleArn'),
  });
  expect(JSON.parse(accessPolicy)).toMatchObject({
    Statement: [{ Principal: { AWS: ['210987654321'] }, Resource: destination.arn }],
  });
});

test('records that CloudWatch Logs writes to the stream alert, many batches from one entry', async () => {
  await cloud.putLogEvents(GROUP, 'eni-1-all', [intrusion('10.0.0.5'), intrusion('10.0.0.6')]);
  await cloud.putLogEvents(GROUP, 'eni-2-all', [intrusion('10.0.0.7')]);
  await cloud.drain();
  expect((await alerted()).sort()).toEqual([
    ['10.0.0.5', GROUP],
    ['10.0.0.6', GROUP],
    ['10.0.0.7', GROUP],
  ]);
});

test('the same batch by a subscription of its own, and again in the stream, changes nothing', async () => {
  const payload = cloud.payload('/vpc/both', 'eni-3-all', [intrusion('10.0.1.5')]);
  const data = gzipSync(JSON.stringify(payload));
  await put(data);
  await cloud.drain();
  expect(await alerted()).toEqual([['10.0.1.5', '/vpc/both']]);
  cloud.deliver(payload);
  await put(data);
  await put(Buffer.concat([data, gzipSync(JSON.stringify(payload))]));
  await cloud.drain();
  cloud.advance(60_000);
  await cloud.tick();
  await cloud.drain();
  expect([await alerted(), await parked()]).toEqual([[], []]);
});

describe('A record that nobody can read', () => {
  test('is parked with its reason, and those beside it count', async () => {
    await put(Buffer.from('nonsense'));
    await put(Buffer.from(`${JSON.stringify({ message: intrusion('10.0.2.5') })}\n`));
    await cloud.drain();
    const name = cloud.stack.output('FlowLogStreamArn').split('/')[1];
    expect(await alerted()).toEqual([['10.0.2.5', name]]);
    expect(await parked()).toEqual(['not-a-payload']);
  });
});

test('a table that is away for a while, and a function that dies, lose nothing and count nothing twice', async () => {
  for (let i = 0; i < 5; i++) {
    const payload = cloud.payload(GROUP, `eni-${i}-all`, [intrusion(`10.0.3.${i}`)]);
    await put(gzipSync(JSON.stringify(payload)));
  }
  cloud.faults.fail('dynamodb:PutItem', 7);
  cloud.faults.once('dynamodb:PutItem', 9, () => cloud.kill('stream'));
  await cloud.drain();
  cloud.faults.clear();
  expect((await alerted()).map(([dstaddr]) => dstaddr).sort()).toEqual(
    [0, 1, 2, 3, 4].map((i) => `10.0.3.${i}`),
  );
  await cloud.drain();
  expect([await alerted(), await parked()]).toEqual([[], []]);
});

test('what Lambda gave up is sent back as it lies in the bucket, and counts once', async () => {
  const data = gzipSync(
    JSON.stringify(cloud.payload(GROUP, 'eni-9-all', [intrusion('10.0.4.5')])),
  ).toString('base64');
  const record = {
    kinesis: {
      data,
      sequenceNumber: '49590338271490256608559692538361571095921575989136588898',
      approximateArrivalTimestamp: Date.now() / 1_000,
    },
    eventID: 'shardId-000000000000:49590338271490256608559692538361571095921575989136588898',
    eventSourceARN: cloud.stack.output('FlowLogStreamArn'),
  };
  const given = { requestContext: {}, payload: { Records: [record] } };
  const answers = [await invoke(given), await invoke(given)];
  await cloud.drain();
  expect(answers).toEqual([{ batchItemFailures: [] }, { batchItemFailures: [] }]);
  expect(await alerted()).toEqual([['10.0.4.5', GROUP]]);
});
