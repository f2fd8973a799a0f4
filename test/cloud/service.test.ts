import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import { DeleteParameterCommand, PutParameterCommand } from '@aws-sdk/client-ssm';
import { afterAll, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import type { Alert } from '../../src/alerts/alert.ts';
import { Cloud } from './cloud.ts';
import { broughtUpToDate, line, minuteAgo } from './flows.ts';
import { ROOT } from './serverless.ts';
import { commandLineTool } from './tool.ts';

/** A format that only its LogFormat can tell: no version, and fields in an order of its own. */
const CUSTOM = [
  'dstport',
  'srcaddr',
  'dstaddr',
  'action',
  'protocol',
  'start',
  'end',
  'srcport',
  'log-status',
];

/** A file of version 5 with its fields in alphabetical order. */
const V5 = 'obsrvbl-oss__flowlogs-reader/v5_file.log';

let cloud: Cloud;

jest.setTimeout(60_000);

beforeAll(async () => {
  cloud = await Cloud.start();
  await cloud.createFlowLog('/vpc/a');
  await cloud.createFlowLog('/vpc/custom', logFormat(CUSTOM));
  const [header = ''] = await linesOf(V5);
  await cloud.createFlowLog('/vpc/v5', logFormat(header.split(' ')));
  await cloud.deploy({ stage: 'e2e', params: { logGroups: '/vpc/a,/vpc/custom,/vpc/v5' } });
  await cloud.drain();
}, 120_000);

afterAll(() => cloud?.close());

beforeEach(async () => {
  await cloud.messages();
  await cloud.notices();
});

const of = (alerts: readonly Alert[], rule: string) =>
  alerts.filter((alert) => alert.rule.id === rule);

const logFormat = (fields: readonly string[]) => fields.map((field) => `\${${field}}`).join(' ');

async function linesOf(file: string): Promise<string[]> {
  const text = await readFile(join(ROOT, 'test/fixtures/corpora', file), 'utf8');
  return text.split('\n').filter((one) => one !== '');
}

/** The lines in the default format of a recorded file, whatever it is wrapped in. */
async function recorded(file: string): Promise<string[]> {
  return (await linesOf(file)).flatMap((one) => /^(?:\s*- )?(2 .*)$/.exec(one)?.[1] ?? []);
}

async function put(path: string, text: string): Promise<void> {
  const Name = `/flowlog-alerts/e2e/${path}`;
  await cloud.aws.ssm.send(
    new PutParameterCommand({ Name, Value: text, Type: 'String', Overwrite: true }),
  );
  await cloud.drain();
  // A warm function asks for a newer snapshot after half a minute.
  cloud.advance(31_000);
}

describe('A fresh deploy', () => {
  test('has the built-in rules in force before anyone writes one', async () => {
    await cloud.putLogEvents('/vpc/a', 'eni-1-all', [
      line({ srcaddr: '198.51.100.7', dstaddr: '10.0.0.5', dstport: 22 }),
      line({ srcaddr: '10.8.0.3', dstaddr: '10.0.0.6', dstport: 22 }),
    ]);
    await cloud.drain();
    const found = (await cloud.notifications()).map((notification) => ({
      notification,
      alert: JSON.parse(notification.Message) as Alert,
    }));
    const remote = found.filter(({ alert }) => alert.rule.id === 'remote-admin-from-internet');
    expect(remote).toHaveLength(1);
    const { notification, alert } = remote[0] as (typeof found)[number];
    expect(alert).toMatchObject({
      version: 1,
      type: 'alert',
      stage: 'e2e',
      status: 'firing',
      seq: 0,
      rule: { id: 'remote-admin-from-internet', severity: 'high' },
      group: { dstaddr: '10.0.0.5', dstport: 22 },
      sources: [{ account: '123456789012', region: 'us-east-1', logGroup: '/vpc/a', records: 1 }],
    });
    expect(notification.Subject).toMatch(/^[\x20-\x7e]{1,99}$/);
    expect(notification.MessageAttributes).toMatchObject({
      rule: { Type: 'String', Value: 'remote-admin-from-internet' },
      severity: { Type: 'String', Value: 'high' },
      status: { Type: 'String', Value: 'firing' },
      stage: { Type: 'String', Value: 'e2e' },
    });
  });

  test('tells the owner nothing: no built-in rule is bad', async () => {
    const reconciled = cloud.log('reconcile').find((text) => text.includes('"event":"reconcile"'));
    expect(JSON.parse(reconciled ?? '{}')).toMatchObject({ published: true, bad: 0 });
  });
});

test('test-alert follows a flow through the whole chain, with the rights of docs/iam', async () => {
  const stop = cloud.run();
  const { code, stdout } = await commandLineTool(
    ['test-alert', '--wait', '30'],
    await cloud.envOf('test-alert'),
  );
  await stop();
  expect({ code, stdout }).toEqual({
    code: 0,
    stdout: expect.stringMatching(/^ok +alert .*published to arn:aws:sns:/m),
  });
  expect(stdout).not.toMatch(/FAIL/);
  expect(await cloud.messages()).toMatchObject([{ type: 'test', rule: { id: 'test-alert' } }]);
});

describe('Configuration', () => {
  test('a rule put into Parameter Store is live', async () => {
    await put('rules/odd-port', 'match: { dstport: 31337 }\nby: [dstaddr]\nseverity: low\n');
    await cloud.putLogEvents('/vpc/a', 'eni-1-all', [
      line({ srcaddr: '10.0.0.7', dstaddr: '10.0.0.5', dstport: 31_337 }),
      line({ srcaddr: '10.0.0.7', dstaddr: '10.0.0.5', dstport: 31_338 }),
    ]);
    await cloud.drain();
    expect(await cloud.messages()).toMatchObject([
      { rule: { id: 'odd-port' }, group: { dstaddr: '10.0.0.5' }, evidence: { records: 1 } },
    ]);
  });

  test('a broken rule is reported once, with id, path and line, and the others go on', async () => {
    await put('rules/broken', 'severity: low\nmatch:\n  dstprt: 22\n');
    await cloud.reconcile();
    await cloud.drain();
    const notices = await cloud.notices();
    expect(notices).toHaveLength(1);
    const text = notices[0]?.Message ?? '';
    expect(text).toContain('/flowlog-alerts/e2e/rules/broken:3');
    expect(text).toContain('match.dstprt');
    expect(text).toContain('dstport');
    expect(cloud.metrics('BadRules').at(-1)).toMatchObject({
      dimensions: { Stage: 'e2e' },
      value: 1,
    });
    await cloud.putLogEvents('/vpc/a', 'eni-1-all', [
      line({ srcaddr: '10.0.0.7', dstaddr: '10.0.0.9', dstport: 31_337 }),
    ]);
    await cloud.drain();
    expect(of(await cloud.messages(), 'odd-port')).toHaveLength(1);
    await cloud.aws.ssm.send(
      new DeleteParameterCommand({ Name: '/flowlog-alerts/e2e/rules/broken' }),
    );
    await cloud.drain();
  });

  test('a silence holds notifications back while it is there, and the log says which', async () => {
    await put('rules/noisy-port', 'match: { dstport: 31400 }\nby: [dstaddr]\nseverity: low\n');
    const silence = async (...args: string[]) =>
      commandLineTool(['silence', ...args], await cloud.envOf('rules', 'read'));
    const probe = async (srcaddr: string) => {
      const flow = line({ srcaddr, dstaddr: '10.0.0.5', dstport: 31_400 });
      await cloud.putLogEvents('/vpc/a', 'eni-1-all', [flow]);
      await cloud.drain();
    };
    const match = ['--match', 'rule=noisy-port', '--match', 'dstaddr=10.0.0.0/8'];
    const added = await silence('add', ...match, '--for', '7d', '--id', 'works');
    expect(added).toMatchObject({ code: 0, stdout: expect.stringContaining('Silence works') });
    await cloud.drain();
    cloud.advance(31_000);
    await probe('10.0.0.7');
    expect(await cloud.messages()).toEqual([]);
    const decisions = cloud.log('reduce').filter((text) => text.includes('"reason":"silenced"'));
    expect(decisions.map((text) => JSON.parse(text))).toMatchObject([
      { event: 'decision', rule: 'noisy-port', silence: 'works' },
    ]);
    expect(await silence('rm', 'works')).toMatchObject({ code: 0 });
    await cloud.drain();
    cloud.advance(31_000);
    await probe('10.0.0.8');
    expect(of(await cloud.messages(), 'noisy-port')).toMatchObject([{ status: 'firing', seq: 0 }]);
  });

  test('a rule with an alarm has one in CloudWatch, which goes with the block', async () => {
    const put = (Value: string) => {
      const Name = '/flowlog-alerts/e2e/rules/alarmed';
      return cloud.aws.ssm.send(
        new PutParameterCommand({ Name, Value, Type: 'String', Overwrite: true }),
      );
    };
    const alarms = async () => {
      const AlarmNamePrefix = 'flowlog-alerts/e2e/rule/';
      const command = new DescribeAlarmsCommand({ AlarmNamePrefix });
      return (await cloud.aws.cloudwatch.send(command)).MetricAlarms ?? [];
    };
    await put('match: { dstport: 39999 }\nmode: shadow\nalarm: { above: 7 }\n');
    await cloud.drain();
    expect(await alarms()).toMatchObject([
      { AlarmName: 'flowlog-alerts/e2e/rule/alarmed', Threshold: 7 },
    ]);
    await put('match: { dstport: 39999 }\nmode: shadow\n');
    await cloud.drain();
    expect(await alarms()).toEqual([]);
  });

  test('forty parameters pushed at once make one run of reconcile', async () => {
    const before = cloud.invocations('reconcile').length;
    for (let index = 0; index < 40; index++) {
      await cloud.aws.ssm.send(
        new PutParameterCommand({
          Name: `/flowlog-alerts/e2e/rules/many/rule-${index}`,
          Value: `match: { dstport: ${40_000 + index} }\nmode: shadow\n`,
          Type: 'String',
        }),
      );
    }
    await cloud.drain();
    expect(cloud.invocations('reconcile').length - before).toBe(1);
  });
});

describe('Records', () => {
  test('a scan over many batches, streams and concurrent invocations is found once', async () => {
    const start = minuteAgo();
    const rejects = Array.from({ length: 520 }, (_, index) =>
      line({
        srcaddr: '203.0.113.50',
        dstaddr: '10.0.0.50',
        dstport: 8_000 + index,
        action: 'REJECT',
        start: start - (index % 60),
      }),
    );
    await Promise.all(
      Array.from({ length: 26 }, (_, batch) =>
        cloud.putLogEvents(
          '/vpc/a',
          `eni-${batch % 5}-all`,
          rejects.slice(batch * 20, batch * 20 + 20),
        ),
      ),
    );
    await cloud.drain();
    const scans = of(await cloud.messages(), 'port-probing');
    expect(scans.map(({ group }) => group)).toEqual([
      { srcaddr: '203.0.113.50', dstaddr: '10.0.0.50' },
    ]);
    expect(scans[0]?.value).toBeGreaterThan(50);
  });

  test('a custom format is read by its LogFormat', async () => {
    const start = minuteAgo();
    await cloud.putLogEvents('/vpc/custom', 'eni-2-all', [
      `3389 198.51.100.9 10.0.0.20 ACCEPT 6 ${start} ${start + 10} 51515 OK`,
      `3389 198.51.100.9 10.0.0.21 REJECT 6 ${start} ${start + 10} 51515 OK`,
    ]);
    await cloud.drain();
    expect(of(await cloud.messages(), 'remote-admin-from-internet')).toMatchObject([
      { group: { dstaddr: '10.0.0.20', dstport: 3389 }, sources: [{ logGroup: '/vpc/custom' }] },
    ]);
  });

  test('recorded lines are all read: three flows, a NODATA and a SKIPDATA', async () => {
    const lines = await recorded('obsrvbl-oss__flowlogs-reader/v2_records.log');
    await cloud.putLogEvents('/vpc/a', 'eni-102010ab-all', lines);
    await cloud.drain();
    const outcome = cloud.invocations('logs').at(-1)?.outcome;
    expect(outcome).toMatchObject({ ok: true, value: [{ records: 3, malformed: 0 }] });
  });

  test('recorded lines of version 5, in an order of their own, are read by their LogFormat', async () => {
    const [, ...lines] = await linesOf(V5);
    await cloud.putLogEvents('/vpc/v5', 'eni-00123456789abcdef-all', lines);
    await cloud.drain();
    // The recording ends with a line that is none.
    const outcome = cloud.invocations('logs').at(-1)?.outcome;
    expect(outcome).toMatchObject({ ok: true, value: [{ records: 2, malformed: 1 }] });
  });

  test('a recorded intrusion is found', async () => {
    const lines = await recorded('panther-labs__panther-analysis/attacker_vpc.yml');
    expect(lines).toHaveLength(6);
    await cloud.putLogEvents('/vpc/a', 'eni-0b13344793d4fde67-all', broughtUpToDate(lines, 10));
    await cloud.drain();
    expect(of(await cloud.messages(), 'remote-admin-from-internet')).toMatchObject([
      { group: { dstaddr: '172.31.77.31', dstport: 22 } },
    ]);
  });

  test('control messages are no records', async () => {
    cloud.deliver({
      messageType: 'CONTROL_MESSAGE',
      owner: 'CloudwatchLogs',
      logGroup: '',
      logStream: '',
      subscriptionFilters: [],
      logEvents: [
        {
          id: '',
          timestamp: Date.now(),
          message: 'CWL CONTROL MESSAGE: Checking health of destination',
        },
      ],
    });
    await cloud.drain();
    expect(cloud.invocations('logs').at(-1)?.outcome).toEqual({
      ok: true,
      value: [{ records: 0, malformed: 0, digests: [] }],
    });
    expect(await cloud.messages()).toEqual([]);
  });

  test('lines that are none are counted in a metric and stop nothing', async () => {
    await cloud.kill('logs');
    const before = cloud.metrics('MalformedRecords').length;
    await cloud.putLogEvents('/vpc/a', 'eni-1-all', [
      'this is no flow log',
      line({ srcaddr: '198.51.100.7', dstaddr: '10.0.0.31', dstport: 22 }),
      `2 123456789012 eni-1 - - - - - - - ${minuteAgo()} ${minuteAgo() + 30} - NODATA`,
    ]);
    await cloud.drain();
    expect(of(await cloud.messages(), 'remote-admin-from-internet')).toHaveLength(1);
    // Metrics go out with the tick.
    await cloud.tick();
    await cloud.drain();
    expect(cloud.metrics('MalformedRecords').slice(before)).toMatchObject([
      { namespace: 'FlowlogAlerts', dimensions: { Stage: 'e2e' }, value: 1 },
    ]);
  });

  test('a batch that cannot be read is parked with its reason', async () => {
    cloud.deliver({ data: Buffer.from('no gzip').toString('base64') });
    await cloud.drain();
    expect(await cloud.deadLetters()).toMatchObject([
      {
        kind: 'batch',
        reason: expect.stringMatching(/./),
        body: expect.stringContaining('awslogs'),
      },
    ]);
  });
});

describe('Delivery', () => {
  const payload = (address: string) =>
    cloud.payload('/vpc/a', 'eni-1-all', [
      line({ srcaddr: '198.51.100.7', dstaddr: address, dstport: 22 }),
    ]);

  test('the same batch again, at once or to a cold function, changes nothing', async () => {
    const batch = payload('10.0.0.60');
    cloud.deliver(batch);
    cloud.deliver(batch);
    await cloud.drain();
    await cloud.kill('logs');
    await cloud.kill('reduce');
    cloud.deliver(batch);
    await cloud.drain();
    const alerts = await cloud.messages();
    expect(alerts).toMatchObject([{ group: { dstaddr: '10.0.0.60' }, evidence: { records: 1 } }]);
  });

  test('a batch that failed three times comes back through the retry queue', async () => {
    const before = cloud.invocations('logs').length;
    // Each of three invocations tries five times.
    cloud.faults.fail('dynamodb:PutItem', 15);
    cloud.deliver(payload('10.0.0.61'));
    await cloud.drain();
    const tries = cloud.invocations('logs').slice(before);
    expect(tries.map(({ outcome }) => outcome.ok)).toEqual([false, false, false, true]);
    expect(tries.at(-1)?.event).toMatchObject({ Records: [{ eventSource: 'aws:sqs' }] });
    expect(await cloud.messages()).toMatchObject([{ group: { dstaddr: '10.0.0.61' } }]);
    expect(await cloud.deadLetters()).toEqual([]);
  });

  test('a batch that never succeeds waits for a person, whole', async () => {
    const batch = payload('10.0.0.62');
    cloud.faults.fail('dynamodb:PutItem', Number.POSITIVE_INFINITY, 'AccessDeniedException', 400);
    cloud.deliver(batch);
    await cloud.drain();
    cloud.faults.clear();
    const letters = await cloud.deadLetters();
    expect(letters).toMatchObject([{ requestPayload: { awslogs: { data: expect.any(String) } } }]);
    // Sent back in, as the runbook says.
    const [{ requestPayload }] = letters as [{ requestPayload: { awslogs: { data: string } } }];
    cloud.deliver({ data: requestPayload.awslogs.data });
    await cloud.drain();
    expect(await cloud.messages()).toMatchObject([{ group: { dstaddr: '10.0.0.62' } }]);
  });

  test('a reducer that cannot save starts over and publishes once', async () => {
    cloud.deliver(payload('10.0.0.63'));
    cloud.faults.fail('s3:PutObject', 5);
    await cloud.drain();
    expect(cloud.invocations('reduce').some(({ outcome }) => !outcome.ok)).toBe(true);
    expect(await cloud.messages()).toMatchObject([{ group: { dstaddr: '10.0.0.63' } }]);
  });

  test('a topic that takes nothing for a while gets the alert at a later tick', async () => {
    // As often as the SDK tries.
    cloud.faults.fail('sns:Publish', 5);
    cloud.deliver(payload('10.0.0.64'));
    await cloud.drain();
    expect(await cloud.messages()).toEqual([]);
    cloud.advance(61_000);
    await cloud.tick();
    await cloud.drain();
    expect(await cloud.messages()).toMatchObject([{ group: { dstaddr: '10.0.0.64' }, seq: 0 }]);
  });

  test('a reducer that dies after SNS took the alert leaves at most a double with the same name', async () => {
    cloud.deliver(payload('10.0.0.65'));
    cloud.faults.once('s3:PutObject', 2, () => cloud.kill('reduce'));
    await cloud.drain();
    cloud.advance(6 * 60_000);
    await cloud.tick();
    await cloud.drain();
    const names = (await cloud.messages()).map(({ id, seq }) => `${id} ${seq}`);
    expect(names.length).toBeGreaterThan(0);
    expect(new Set(names).size).toBe(1);
  });
});
