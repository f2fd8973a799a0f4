import { randomUUID } from 'node:crypto';
import { CloudFormationClient, CreateStackCommand } from '@aws-sdk/client-cloudformation';
import {
  CloudWatchClient,
  PutMetricAlarmCommand,
  PutMetricDataCommand,
  SetAlarmStateCommand,
} from '@aws-sdk/client-cloudwatch';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { CreateTopicCommand, SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import { ReceiveMessageCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { clientConfig, s3Config } from '../../../src/adapters/aws/clients.ts';
import { configState, snapshotPublisher } from '../../../src/adapters/aws/snapshot-publisher.ts';
import { AwsStageHealth } from '../../../src/adapters/aws/stage-health.ts';
import { AwsStackReader } from '../../../src/adapters/aws/stage-stack.ts';
import { encodeCheckpoint } from '../../../src/reduce/3-checkpoint/checkpoint.ts';
import { newState } from '../../../src/reduce/state.ts';
import { newBucket, newQueue } from './emulator.ts';
import { newFunction } from './lambda-function.ts';

const stage = `h${randomUUID().slice(0, 8)}`;
const config = clientConfig();
const cloudformation = new CloudFormationClient(config);
const cloudwatch = new CloudWatchClient(config);
const s3 = new S3Client(s3Config());
const sns = new SNSClient(config);
const sqs = new SQSClient({ ...config, useQueueUrlAsEndpoint: false });
const ssm = new SSMClient(config);

jest.setTimeout(30_000);

let bucket: string;
let health: AwsStageHealth;

beforeAll(async () => {
  bucket = await newBucket(s3);
  health = new AwsStageHealth({ stage, table: 'digests', bucket, now: Date.now });
});

afterAll(() => {
  for (const client of [cloudformation, cloudwatch, s3, sns, sqs, ssm]) client.destroy();
});

describe('The stack', () => {
  const stack = () => new AwsStackReader({ stage }).read();

  test('is nothing where there is none', async () => {
    expect(await stack()).toBeUndefined();
  });

  test('has outputs, the log groups of its template, and a clock to compare with', async () => {
    await cloudformation.send(
      new CreateStackCommand({
        StackName: `flowlog-alerts-${stage}`,
        TemplateBody: JSON.stringify({
          Resources: {
            Topic: { Type: 'AWS::SNS::Topic' },
            Filter: {
              Type: 'AWS::Logs::SubscriptionFilter',
              Properties: { LogGroupName: '/vpc/of-the-stack' },
            },
          },
          Outputs: { Shards: { Value: '2' } },
        }),
      }),
    );
    const found = await stack();
    expect(found).toMatchObject({
      name: `flowlog-alerts-${stage}`,
      region: 'us-east-1',
      account: '123456789012',
      status: 'CREATE_COMPLETE',
      outputs: { Shards: '2' },
      logGroups: ['/vpc/of-the-stack'],
    });
    expect(Math.abs(found?.clockSkew ?? Number.NaN)).toBeLessThan(60_000);
    expect(await health.resources()).toContainEqual({
      logicalId: 'Topic',
      physicalId: expect.stringContaining('arn:aws:sns:'),
      type: 'AWS::SNS::Topic',
      status: 'CREATE_COMPLETE',
    });
  });
});

test('Functions say whether they can run', async () => {
  const arn = await newFunction();
  const name = arn.split(':')[6] ?? '';
  expect(await health.functions([name])).toEqual([{ name, state: 'Active' }]);
});

test('Subscribers of a topic are told apart by whether they have confirmed', async () => {
  const { TopicArn = '' } = await sns.send(new CreateTopicCommand({ Name: stage }));
  const Endpoint = 'ops@example.org';
  await sns.send(new SubscribeCommand({ TopicArn, Protocol: 'email', Endpoint }));
  const [found] = await health.subscribers(TopicArn);
  expect(found).toMatchObject({ protocol: 'email', endpoint: Endpoint });
});

describe('The state bucket', () => {
  test('has neither rules nor memory before anything was published', async () => {
    expect(await health.snapshot()).toBeUndefined();
    expect(await health.configState()).toBeUndefined();
    expect(await health.shards(2)).toEqual([]);
  });

  test('has the rules in force with their time, what was told, and memory', async () => {
    await snapshotPublisher({ client: s3, bucket }).save('{"version":1,"rules":[]}', undefined);
    const state = { version: 1, good: {}, formats: {}, told: { a: { hash: 'x', sent: true } } };
    await configState({ client: s3, bucket }).save(JSON.stringify(state), undefined);
    await s3.send(
      new PutObjectCommand({
        Bucket: bucket,
        Key: 'checkpoint/1',
        Body: encodeCheckpoint(newState()),
      }),
    );
    const published = await health.snapshot();
    expect(published?.snapshot).toEqual({ version: 1, rules: [] });
    expect(Math.abs(Date.now() - (published?.at ?? 0))).toBeLessThan(60_000);
    expect((await health.configState())?.told).toEqual(state.told);
    expect(await health.shards(2)).toHaveLength(1);
  });
});

test('Alarms are those under the stage’s name, with their state', async () => {
  const put = (AlarmName: string) =>
    cloudwatch.send(
      new PutMetricAlarmCommand({
        AlarmName,
        Namespace: 'X',
        MetricName: 'Y',
        Statistic: 'Sum',
        Period: 60,
        EvaluationPeriods: 1,
        Threshold: 0,
        ComparisonOperator: 'GreaterThanThreshold',
      }),
    );
  const AlarmName = `flowlog-alerts/${stage}/service/logs-errors`;
  await put(AlarmName);
  await put(`flowlog-alerts/${stage}-eu/service/logs-errors`);
  await cloudwatch.send(
    new SetAlarmStateCommand({ AlarmName, StateValue: 'ALARM', StateReason: 'too many' }),
  );
  expect(await health.alarms()).toEqual([
    { name: AlarmName, state: 'ALARM', reason: 'too many', since: expect.any(Number) },
  ]);
});

describe('Queues', () => {
  const resource = (logicalId: string, physicalId: string) => ({
    logicalId,
    physicalId,
    type: 'AWS::SQS::Queue',
    status: 'CREATE_COMPLETE',
  });

  test('of what has failed are looked into, and their messages stay', async () => {
    const url = await newQueue(sqs);
    const MessageBody = '{"kind":"batch","reason":"why"}';
    await sqs.send(new SendMessageCommand({ QueueUrl: url, MessageBody }));
    const [queue] = await health.queues([resource('DeadLetterQueue', url)]);
    expect(queue).toEqual({ logicalId: 'DeadLetterQueue', url, depth: 1, first: [MessageBody] });
    const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl: url }));
    expect(Messages).toHaveLength(1);
  });

  test('of what has not are only counted', async () => {
    const url = await newQueue(sqs);
    await sqs.send(new SendMessageCommand({ QueueUrl: url, MessageBody: 'a secret alert' }));
    expect(await health.queues([resource('DeliverQueue', url)])).toMatchObject([
      { depth: 1, first: [] },
    ]);
  });
});

test('Metrics are sums over an hour or a quarter, and greatest ages', async () => {
  const put = (Namespace: string, MetricName: string, dimensions: object, Value: number) =>
    cloudwatch.send(
      new PutMetricDataCommand({
        Namespace,
        MetricData: [
          {
            MetricName,
            Value,
            Timestamp: new Date(Date.now() - 120_000),
            Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
          },
        ],
      }),
    );
  const tick = `flowlog-alerts-${stage}-tick`;
  await put('AWS/Lambda', 'Invocations', { FunctionName: tick }, 1);
  await put('AWS/Lambda', 'Invocations', { FunctionName: tick }, 1);
  await put('AWS/Lambda', 'IteratorAge', { FunctionName: `flowlog-alerts-${stage}-reduce` }, 700);
  await put('AWS/Logs', 'IncomingLogEvents', { LogGroupName: '/vpc' }, 5);
  const filter = {
    LogGroupName: '/vpc',
    DestinationType: 'Lambda',
    FilterName: `flowlog-alerts-${stage}`,
  };
  await put('AWS/Logs', 'DeliveryErrors', filter, 3);
  expect(await health.metrics([tick, 'other'], 'digests', ['/vpc', '/quiet'])).toEqual({
    iteratorAge: 700,
    invocations: { [tick]: 2, other: 0 },
    groups: {
      '/vpc': { incoming: 5, forwarded: 0, deliveryErrors: 3 },
      '/quiet': { incoming: 0, forwarded: 0, deliveryErrors: 0 },
    },
  });
});

test('Parameters are those of the stage, of which the values are not asked for', async () => {
  const put = (Name: string, Type: 'String' | 'SecureString') =>
    ssm.send(new PutParameterCommand({ Name, Type, Value: 'x' }));
  await put(`/flowlog-alerts/${stage}/rules/a`, 'String');
  await put(`/flowlog-alerts/${stage}/channels/team`, 'SecureString');
  await put(`/flowlog-alerts/${stage}-eu/rules/b`, 'String');
  const found = await health.parameters();
  expect(found.map(({ path, type }) => [path, type]).sort()).toEqual([
    ['channels/team', 'SecureString'],
    ['rules/a', 'String'],
  ]);
});
