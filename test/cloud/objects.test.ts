import { gzipSync } from 'node:zlib';
import {
  CreateBucketCommand,
  PutBucketNotificationConfigurationCommand,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import { PutParameterCommand } from '@aws-sdk/client-ssm';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { DEFAULT_LAYOUT } from '../../src/records/layout.ts';
import { closeParquet, parquetOf } from '../map/parquet/write.ts';
import { Cloud } from './cloud.ts';
import { line } from './flows.ts';

const FIELDS = DEFAULT_LAYOUT.fields.map(({ name }) => name);
const PLAIN = 'net/AWSLogs/123456789012/vpcflowlogs/eu-west-1/2026/11/23';
const HIVE =
  'net/AWSLogs/aws-account-id=123456789012/aws-service=vpcflowlogs/aws-region=eu-west-1/year=2026/month=11/day=23/hour=16';

let cloud: Cloud;

jest.setTimeout(60_000);

beforeAll(async () => {
  cloud = await Cloud.start();
  for (const Bucket of ['logs', 'other']) {
    await cloud.aws.s3.send(new CreateBucketCommand({ Bucket }));
  }
  await parameter('settings', 'builtin: false\n');
  await parameter('rules/ssh', 'severity: high\nmatch: { dstport: 22 }\nby: [dstaddr]\n');
  await cloud.deploy({ stage: 'e2e', params: { buckets: 's3://logs/net' } });
  await cloud.drain();
}, 120_000);

afterAll(async () => {
  await closeParquet();
  await cloud?.close();
});

async function parameter(path: string, Value: string): Promise<void> {
  const Name = `/flowlog-alerts/e2e/${path}`;
  await cloud.aws.ssm.send(new PutParameterCommand({ Name, Value, Type: 'String' }));
}

const intrusion = (dstaddr: string) => line({ srcaddr: '198.51.100.7', dstaddr, dstport: 22 });
const text = (...lines: string[]) => gzipSync(`${[FIELDS.join(' '), ...lines].join('\n')}\n`);

async function put(Key: string, Body: Uint8Array, Bucket = 'logs'): Promise<void> {
  await cloud.aws.s3.send(new PutObjectCommand({ Bucket, Key, Body }));
}

const record = (key: string, bucket = 'logs') => ({
  eventVersion: '2.1',
  eventSource: 'aws:s3',
  eventName: 'ObjectCreated:Put',
  s3: { bucket: { name: bucket }, object: { key } },
});
const tell = (message: unknown) => cloud.sendTo('ObjectsQueueUrl', JSON.stringify(message));
const notify = (...keys: string[]) => tell({ Records: keys.map((key) => record(key)) });
const event = (key: string) =>
  tell({
    source: 'aws.s3',
    'detail-type': 'Object Created',
    detail: { bucket: { name: 'logs' }, object: { key } },
  });

const alerted = async () =>
  (await cloud.messages()).map(({ group, sources }) => [group.dstaddr, sources[0]?.bucket]);
const parked = async () =>
  (await cloud.deadLetters()).map((letter) => (letter as { reason: string }).reason.split(':')[0]);

test('a file alerts once, however often it comes', async () => {
  await put(`${PLAIN}/a.log.gz`, text(intrusion('10.0.0.5')));
  await notify(`${PLAIN}/a.log.gz`);
  await cloud.drain();
  const prefix = 'logs/net/AWSLogs/123456789012/vpcflowlogs/eu-west-1';
  expect(await alerted()).toEqual([['10.0.0.5', prefix]]);
  await notify(`${PLAIN}/a.log.gz`, `${PLAIN}/a.log.gz`);
  await event(`${PLAIN}/a.log.gz`);
  await cloud.drain();
  await cloud.kill('objects');
  await notify(`${PLAIN}/a.log.gz`);
  await cloud.drain();
  expect([await alerted(), await parked()]).toEqual([[], []]);
  const counted = cloud.log('objects').map((one) => JSON.parse(one) as Record<string, unknown>);
  expect(counted.filter((one) => one.event === 'object')).toHaveLength(5);
});

test('S3 itself tells of a file, after a test event that is ignored', async () => {
  await cloud.aws.s3.send(
    new PutBucketNotificationConfigurationCommand({
      Bucket: 'logs',
      NotificationConfiguration: {
        QueueConfigurations: [
          { QueueArn: cloud.stack.output('ObjectsQueueArn'), Events: ['s3:ObjectCreated:*'] },
        ],
      },
    }),
  );
  await cloud.drain();
  await put(`${PLAIN}/told by S3+1.log.gz`, text(intrusion('10.0.0.6')));
  await cloud.drain();
  await cloud.aws.s3.send(
    new PutBucketNotificationConfigurationCommand({
      Bucket: 'logs',
      NotificationConfiguration: {},
    }),
  );
  await tell({ Service: 'Amazon S3', Event: 's3:TestEvent', Bucket: 'logs' });
  await cloud.drain();
  expect(await alerted()).toEqual([['10.0.0.6', expect.stringContaining('vpcflowlogs')]]);
  expect(await parked()).toEqual([]);
});

test('Parquet below Hive folders is found by its encoded key, by an event, and through SNS', async () => {
  for (const [i, name] of ['a', 'b', 'c'].entries()) {
    const bytes = await parquetOf(FIELDS, [intrusion(`10.0.1.${i}`)]);
    await put(`${HIVE}/${name}.log.parquet`, bytes);
  }
  const encoded = `${HIVE}/a.log.parquet`.replaceAll('=', '%3D');
  await tell({ Records: [record(encoded)] });
  await event(`${HIVE}/b.log.parquet`);
  const inner = { Records: [record(`${HIVE}/c.log.parquet`.replaceAll('=', '%3D'))] };
  await tell({ Type: 'Notification', Message: JSON.stringify(inner) });
  await cloud.drain();
  const source =
    'logs/net/AWSLogs/aws-account-id=123456789012/aws-service=vpcflowlogs/aws-region=eu-west-1';
  expect((await alerted()).sort()).toEqual([0, 1, 2].map((i) => [`10.0.1.${i}`, source]));
});

describe('What cannot be read', () => {
  test('is parked with its reason, and its neighbours are counted', async () => {
    const whole = text(...Array.from({ length: 3_000 }, (_, i) => intrusion(`10.0.2.${i % 2}`)));
    await put(`${PLAIN}/cut.log.gz`, whole.subarray(0, -100));
    await put(`${PLAIN}/picture.png`, Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 0, 0, 0]));
    await put(`${PLAIN}/good.log.gz`, text(intrusion('10.0.2.9')));
    await notify(`${PLAIN}/cut.log.gz`, `${PLAIN}/picture.png`, `${PLAIN}/expired.log.gz`);
    await notify(`${PLAIN}/good.log.gz`);
    await tell('nonsense');
    await cloud.drain();
    expect((await parked()).sort()).toEqual([
      'no-such-object',
      'not-a-flow-log',
      'not-an-object-event',
      'truncated',
    ]);
    const groups = (await alerted()).map(([group]) => group);
    expect(groups.sort()).toEqual(['10.0.2.0', '10.0.2.1', '10.0.2.9']);
  });

  test('comes back by its letter, and counts no more than it did', async () => {
    await notify(`${PLAIN}/cut.log.gz`);
    await cloud.drain();
    const [letter] = (await cloud.deadLetters()) as { body: string }[];
    await cloud.sendTo('ObjectsQueueUrl', letter?.body ?? '');
    await cloud.drain();
    expect([await parked(), await alerted()]).toEqual([['truncated'], []]);
  });

  test('since S3 refuses it waits in the queue, longer each time', async () => {
    await put('a.log.gz', text(intrusion('10.0.3.1')), 'other');
    await tell({ Records: [record('a.log.gz', 'other')] });
    await cloud.drain();
    const again = () =>
      cloud
        .log('objects')
        .map((one) => JSON.parse(one) as Record<string, unknown>)
        .filter((one) => one.event === 'object-again');
    expect(again()).toMatchObject([
      { reason: expect.stringContaining('S3 refuses s3://other/a.log.gz'), seconds: 60 },
    ]);
    cloud.advance(61_000);
    await cloud.drain();
    expect(again().map(({ seconds }) => seconds)).toEqual([60, 120]);
    expect([await alerted(), await parked()]).toEqual([[], []]);
  });
});
