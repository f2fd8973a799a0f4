import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { gunzipSync, gzipSync } from 'node:zlib';
import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  PutLogEventsCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { CreateFlowLogsCommand, CreateVpcCommand, EC2Client } from '@aws-sdk/client-ec2';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import {
  afterAll,
  afterEach,
  beforeAll,
  beforeEach,
  describe,
  expect,
  jest,
  test,
} from '@jest/globals';
import { clientConfig, s3Config } from '../../../src/adapters/aws/clients.ts';
import { DEFAULT_LAYOUT } from '../../../src/records/layout.ts';
import { cli, type Ran } from '../../cli/cli.ts';
import { type Workspace, workspace } from '../../cli/workspace.ts';
import { closeParquet, parquetOf } from '../../map/parquet/write.ts';
import { newBucket } from './emulator.ts';

jest.setTimeout(120_000);

const s3 = new S3Client(s3Config());
const logs = new CloudWatchLogsClient(clientConfig());
const ec2 = new EC2Client(clientConfig());
const NAMES = DEFAULT_LAYOUT.fields.map(({ name }) => name);
const START = NAMES.indexOf('start');
const FOLDER = 'AWSLogs/123456789012/vpcflowlogs/eu-west-1';

let example: Buffer;
let lines: readonly string[];
let here: Workspace;

beforeAll(() => {
  example = readFileSync(new URL('../../../examples/small-vpc-day.log.gz', import.meta.url));
  lines = gunzipSync(example).toString().trim().split('\n').slice(1);
});
beforeEach(() => {
  here = workspace();
});
afterEach(() => here.remove());
afterAll(async () => {
  s3.destroy();
  logs.destroy();
  ec2.destroy();
  await closeParquet();
});

const put = (Bucket: string, Key: string, Body: Uint8Array) =>
  s3.send(new PutObjectCommand({ Bucket, Key, Body }));

const startOf = (line: string) => Number(line.split(' ')[START]);

/** The name of the file in which AWS would put what ended in a span of five minutes. */
function keyOf(seconds: number): string {
  const [, y, m, d, hh, mm] =
    /(\d+)-(\d+)-(\d+)T(\d+):(\d+)/.exec(new Date(seconds * 1000).toISOString()) ?? [];
  return `${FOLDER}/${y}/${m}/${d}/123456789012_vpcflowlogs_eu-west-1_fl-1_${y}${m}${d}T${hh}${mm}Z_ab.log`;
}

/** The day in files of five minutes, by the end of their records. */
function files(): Map<number, string[]> {
  const found = new Map<number, string[]>();
  for (const line of lines) {
    const slot = Math.floor(Number(line.split(' ')[START + 1]) / 300) * 300;
    found.set(slot, [...(found.get(slot) ?? []), line]);
  }
  return found;
}

/** What a run printed, without the names of its sources. */
const sourceless = ({ code, out }: Ran) => ({
  code,
  out: out.replace(/"sources":\[[^\]]*\]/g, '"sources":[]'),
});

/** Rule, group and time of each alert. */
const essence = ({ out }: Ran) =>
  out
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
    .map(({ id, status, rule, group, window }) =>
      JSON.stringify([id, status, rule.id, group, window]),
    )
    .sort();

const local = (...args: string[]) =>
  cli(['replay', 'examples/small-vpc-day.log.gz', '--json', ...args]);

describe('replay of s3://', () => {
  test('of the example day is to the byte what the file gives, its source aside', async () => {
    const bucket = await newBucket(s3);
    await put(bucket, `${keyOf(startOf(lines[0]))}.gz`, example);
    const remote = await cli(['replay', `s3://${bucket}/AWSLogs`, '--json']);
    expect(remote.err).toContain('120,305 records');
    expect(sourceless(remote)).toEqual(sourceless(await local()));
    const [alert] = remote.out.split('\n').map((line) => JSON.parse(line || '{}'));
    expect(alert.sources[0]).toMatchObject({
      account: '123456789012',
      region: 'eu-west-1',
      bucket: `${bucket}/${FOLDER}`,
    });
  });

  test('of a day in many files, some hours of it alone, in text and Parquet, through a cache', async () => {
    const bucket = await newBucket(s3);
    const header = NAMES.join(' ');
    let parquet = 0;
    for (const [slot, some] of files()) {
      const columns = slot % 1_500 === 0;
      if (columns) parquet++;
      await put(
        bucket,
        `${keyOf(slot)}.${columns ? 'parquet' : 'gz'}`,
        columns ? await parquetOf(NAMES, some) : gzipSync(`${header}\n${some.join('\n')}\n`),
      );
    }
    expect(parquet).toBeGreaterThan(20);
    await put(bucket, 'AWSLogs/123456789012/CloudTrail/eu-west-1/x.json.gz', gzipSync('{}'));
    const first = startOf(lines[0]);
    const at = (hours: number) =>
      new Date((first + hours * 3_600) * 1000).toISOString().slice(0, 19);
    const times = ['--since', `${at(2)}Z`, '--until', `${at(22)}Z`];
    const wanted = lines.filter(
      (line) =>
        startOf(line) >= first + 7_200 &&
        startOf(line) < first + 22 * 3_600 &&
        line.endsWith(' OK'),
    );
    const cache = ['--cache', here.path('cache')];
    const remote = await cli(['replay', `s3://${bucket}/`, '--json', ...times, ...cache]);
    expect(remote.err).toContain(`${wanted.length.toLocaleString('en')} records`);
    expect(remote.code).toBe(0);
    const alike = essence(await local(...times));
    expect(alike.length).toBeGreaterThan(2);
    expect(essence(remote)).toEqual(alike);
    const threads = ['--threads', '3'];
    const again = await cli([
      'replay',
      `s3://${bucket}/`,
      '--json',
      ...times,
      ...cache,
      ...threads,
    ]);
    expect(again.out).toBe(remote.out);
  });

  test('says plainly what is missing, and reads on', async () => {
    const none = await cli(['replay', 's3://there-is-no-such-bucket/x']);
    expect([none.code, none.err]).toEqual([
      1,
      expect.stringContaining('there is no bucket there-is-no-such-bucket'),
    ]);
    const bucket = await newBucket(s3);
    const empty = await cli(['replay', `s3://${bucket}/x`]);
    expect([empty.code, empty.err]).toEqual([
      1,
      expect.stringContaining('there is no flow log in'),
    ]);
    await put(bucket, 'a.log.gz', example.subarray(0, 100_000));
    await put(bucket, 'b.txt', Buffer.from(`${NAMES.join(' ')}\n${lines[0]}\n`));
    const partly = await cli(['replay', `s3://${bucket}/`]);
    expect(partly.code).toBe(1);
    expect(partly.err).toMatch(/s3:\/\/.*\/a\.log\.gz: the gzip data is cut short/);
  });
});

describe('replay of cwlogs:', () => {
  /** Lines of the day as if they had been recorded in the last hours. */
  function recent(count: number): readonly string[] {
    const now = Math.floor(Date.now() / 1000);
    const chosen = lines.slice(0, count);
    const shift = now - 7_200 - startOf(chosen[0]);
    return chosen.map((line) => {
      const fields = line.split(' ');
      for (const i of [START, START + 1]) fields[i] = String(Number(fields[i]) + shift);
      return fields.join(' ');
    });
  }

  async function newGroup(some: readonly string[], timeOf = startOf): Promise<string> {
    const logGroupName = `/vpc/${randomUUID()}`;
    await logs.send(new CreateLogGroupCommand({ logGroupName }));
    const ofStream = (parity: number) => some.filter((_, i) => i % 2 === parity);
    for (const [parity, logStreamName] of ['eni-1-all', 'eni-2-all'].entries()) {
      await logs.send(new CreateLogStreamCommand({ logGroupName, logStreamName }));
      const mine = ofStream(parity).sort((a, b) => timeOf(a) - timeOf(b));
      for (let i = 0; i < mine.length; i += 5_000) {
        const logEvents = mine
          .slice(i, i + 5_000)
          .map((message) => ({ timestamp: timeOf(message) * 1000, message }));
        await logs.send(new PutLogEventsCommand({ logGroupName, logStreamName, logEvents }));
      }
    }
    return logGroupName;
  }

  test('gives the alerts of the same lines in a file, from the time asked for on', async () => {
    const some = recent(8_000);
    const group = await newGroup(some);
    here.write(
      'rules/busy.yaml',
      'match: { action: ACCEPT }\ndetect: { count: { above: 5 } }\nby: [dstaddr, dstport]\nwindow: 5m\n',
    );
    const file = here.write('some.log', `${some.join('\n')}\n`);
    const ago = (minutes: number) =>
      `${new Date(Date.now() - minutes * 60_000).toISOString().slice(0, 19)}Z`;
    const since = ['--since', ago(90)];
    const until = ['--until', ago(40)];
    const args = ['--json', '--rules', here.path('rules'), ...since, ...until];
    const remote = await cli(['replay', `cwlogs:${group}`, ...args]);
    const alike = await cli(['replay', file, ...args]);
    expect([remote.code, alike.code]).toEqual([0, 0]);
    expect(essence(remote)).toEqual(essence(alike));
    expect(essence(remote).length).toBeGreaterThan(5);
    const [alert] = remote.out.split('\n').map((line) => JSON.parse(line || '{}'));
    expect(alert.sources[0]).toMatchObject({ logGroup: group, region: 'us-east-1' });
    expect(alert.sources[0].account).toMatch(/^\d{12}$/);
  });

  test('knows the format of a log group from its flow log, unless it is told another', async () => {
    const now = Math.floor(Date.now() / 1000) - 600;
    const some = Array.from({ length: 10 }, (_, i) => `${now + i} 22 198.51.100.7 10.0.0.5 ACCEPT`);
    const group = await newGroup(some, (line) => Number(line.split(' ')[0]));
    const format = '${start} ${dstport} ${srcaddr} ${dstaddr} ${action}';
    const { Vpc } = await ec2.send(new CreateVpcCommand({ CidrBlock: '10.0.0.0/16' }));
    await ec2.send(
      new CreateFlowLogsCommand({
        ResourceType: 'VPC',
        ResourceIds: [Vpc?.VpcId ?? ''],
        TrafficType: 'ALL',
        LogDestinationType: 'cloud-watch-logs',
        LogGroupName: group,
        DeliverLogsPermissionArn: 'arn:aws:iam::123456789012:role/logs',
        LogFormat: format,
      }),
    );
    here.write('rules/ssh.yaml', 'match: { dstport: 22, action: ACCEPT }\nby: [dstaddr]\n');
    const args = ['replay', `cwlogs:${group}`, '--since', '1h', '--rules', here.path('rules')];
    const described = await cli([...args, '--json']);
    expect(described.err).toContain('10 records');
    expect(described.out.trim().split('\n')).toHaveLength(1);
    const told = await cli([...args, '--format', '${srcaddr} ${dstaddr}']);
    expect([told.code, told.err]).toEqual([
      1,
      expect.stringContaining('10 lines could not be read'),
    ]);
  });

  test('that is not there is told', async () => {
    const { code, err } = await cli(['replay', 'cwlogs:/no/such/group', '--since', '1h']);
    expect([code, err]).toEqual([
      1,
      expect.stringContaining('there is no log group /no/such/group'),
    ]);
  });
});
