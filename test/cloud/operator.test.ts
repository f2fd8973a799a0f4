import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateLogGroupCommand } from '@aws-sdk/client-cloudwatch-logs';
import { SendMessageCommand } from '@aws-sdk/client-sqs';
import { PutParameterCommand } from '@aws-sdk/client-ssm';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import type { Finding } from '../../src/doctor/finding.ts';
import { Cloud } from './cloud.ts';
import { line } from './flows.ts';
import { commandLineTool } from './tool.ts';

let cloud: Cloud;
let folder: string;

jest.setTimeout(120_000);

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'flowlog-operator-'));
  cloud = await Cloud.start();
  await cloud.createFlowLog('/vpc/a');
  await cloud.deploy({ stage: 'ops', params: { alertEmail: 'alerts@example.org' } });
  await cloud.drain();
}, 240_000);

afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await cloud?.close();
});

/** What doctor says to someone who has the rights it asks for, and no others. */
async function doctor(): Promise<{ code: number | null; findings: Finding[] }> {
  const { code, stdout, stderr } = await commandLineTool(
    ['doctor', '--json'],
    await cloud.envOf('doctor'),
  );
  expect(stderr).toBe('');
  const findings = stdout.split('\n').filter(Boolean);
  return { code, findings: findings.map((text) => JSON.parse(text) as Finding) };
}

const lines = (findings: readonly Finding[]) =>
  findings.map(({ severity, what }) => `${severity} ${what}`);

describe('doctor, with the rights of docs/iam', () => {
  test('tells of a log group that nothing reads, and how to change that', async () => {
    const { findings } = await doctor();
    expect(lines(findings).filter((text) => text.includes('not known'))).toEqual([]);
    const unread = findings.find(({ what }) => what === '/vpc/a: nothing of this stage reads it');
    expect(unread?.mend).toMatch(
      /^flowlog-alerts subscribe --stage ops .*--groups '\/vpc\/a' --apply/,
    );
  });

  test('is content once that is done and records flow', async () => {
    const { code, stdout } = await commandLineTool(
      ['subscribe', '--apply'],
      await cloud.envOf('subscribe'),
    );
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout: expect.stringMatching(/^ok +us-east-1 +\/vpc\/a: subscribed$/m),
    });
    await cloud.putLogEvents('/vpc/a', 'eni-1-all', [
      line({ srcaddr: '198.51.100.7', dstaddr: '10.0.0.5', dstport: 22 }),
    ]);
    await cloud.drain();
    expect((await cloud.messages()).length).toBeGreaterThan(0);
    await cloud.tick();
    await cloud.drain();
    await cloud.countInvocations();
    const { findings } = await doctor();
    expect(lines(findings).filter((text) => text.startsWith('bad'))).toEqual([]);
    expect(lines(findings)).toContainEqual(
      expect.stringMatching(/^ok \/vpc\/a: records were processed .* ago$/),
    );
  });

  test('ends with 1 and says what waits for a person', async () => {
    await cloud.aws.sqs.send(
      new SendMessageCommand({
        QueueUrl: cloud.stack.output('DeadLetterQueueUrl'),
        MessageBody: JSON.stringify({ kind: 'batch', reason: 'not gzip', body: 'x' }),
      }),
    );
    const { code, findings } = await doctor();
    expect(code).toBe(1);
    expect(lines(findings)).toContain('bad 1 message in DeadLetterQueue; batch: not gzip');
    expect(await cloud.deadLetters()).toHaveLength(1);
  });

  test('tells on a terminal by area, and of rights that are missing', async () => {
    const { code, stdout, stderr } = await commandLineTool(
      ['doctor'],
      await cloud.envOf('test-alert', 'subscribe'),
    );
    expect(code).not.toBeNull();
    expect(stdout).toMatch(/^Stack$/m);
    expect(stdout).toMatch(/^ {2}warn {2}not known: alarms \(AccessDenied/m);
    expect(stdout).toContain('-> allow cloudwatch:DescribeAlarms;');
    expect(stderr).toMatch(/warnings\.$/m);
  });

  test('of a stage that is not there says so', async () => {
    const { code, stdout } = await commandLineTool(['doctor', '--stage', 'none'], cloud.env);
    expect(code).toBe(1);
    expect(stdout).toContain('there is no stack flowlog-alerts-none here');
  });
});

describe('a narrowed filter', () => {
  const put = async (path: string, Value: string) => {
    const Name = `/flowlog-alerts/ops/${path}`;
    await cloud.aws.ssm.send(new PutParameterCommand({ Name, Type: 'String', Value }));
    await cloud.drain();
    // A warm function asks for newer rules after half a minute.
    cloud.advance(31_000);
  };
  const subscribe = async (...more: string[]) =>
    commandLineTool(['subscribe', '--apply', ...more], await cloud.envOf('subscribe'));
  const received = (action: 'ACCEPT' | 'REJECT') =>
    cloud.putLogEvents('/vpc/a', 'eni-1-all', [
      line({ srcaddr: '10.0.0.7', dstaddr: '10.0.0.5', dstport: 443, action }),
    ]);

  test('passes on what the rules in force need, and nothing else', async () => {
    await put('settings', 'builtin: false');
    await put('rules/rejects', 'match: { action: REJECT }\nby: [dstaddr]\n');
    const { code, stdout } = await subscribe('--narrow');
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout: expect.stringMatching(/^ok .*\/vpc\/a: put right, passing on .*action="REJECT"/m),
    });
    const before = cloud.invocations('logs').length;
    await received('ACCEPT');
    await cloud.drain();
    expect(cloud.invocations('logs')).toHaveLength(before);
    await received('REJECT');
    await cloud.drain();
    expect(cloud.invocations('logs')).toHaveLength(before + 1);
    expect(await cloud.messages()).toMatchObject([{ rule: { id: 'rejects' } }]);
    expect(lines((await doctor()).findings).join('\n')).not.toContain('passes on only');
  });

  test('that hides records from a later rule is told to the owner and by doctor', async () => {
    await cloud.notices();
    await put('rules/accepts', 'match: { action: ACCEPT }\nby: [dstaddr]\n');
    const [notice] = await cloud.notices();
    expect(notice?.Message).toContain('subscription filter of /vpc/a:');
    expect(notice?.Message).toContain('the rule accepts may need more');
    const { code, findings } = await doctor();
    expect(code).toBe(1);
    expect(lines(findings)).toContainEqual(
      expect.stringMatching(/^bad \/vpc\/a: its filter passes on only .* accepts may need more$/),
    );
  });

  test('passes on everything after subscribe without --narrow, and the owner is told', async () => {
    expect((await subscribe()).code).toBe(0);
    await cloud.reconcile();
    await cloud.drain();
    const [notice] = await cloud.notices();
    expect(notice?.Message).toContain('(mended or removed):\n\nsubscription filter of /vpc/a');
    await received('ACCEPT');
    await cloud.drain();
    expect((await cloud.messages()).map(({ rule }) => rule.id)).toContain('accepts');
  });
});

describe('uninstall', () => {
  const rights = () => cloud.envOf('deploy', 'uninstall', 'subscribe');
  const put = (Name: string, Type: 'String' | 'SecureString', Value: string) =>
    cloud.aws.ssm.send(new PutParameterCommand({ Name, Type, Value }));

  test('shows what would go, and nothing of another stage', async () => {
    await put('/flowlog-alerts/ops/rules/a', 'String', 'match: { dstport: 31337 }\n');
    await put('/flowlog-alerts/ops/channels/team', 'SecureString', 'secret');
    await put('/flowlog-alerts/ops-eu/rules/a', 'String', 'match: { dstport: 1 }\n');
    const logGroupName = '/aws/lambda/flowlog-alerts-ops-eu-logs';
    await cloud.aws.logs.send(new CreateLogGroupCommand({ logGroupName }));
    const before = await cloud.inventory();
    const { code, stdout } = await commandLineTool(['uninstall'], await rights());
    expect(code).toBe(0);
    for (const wanted of [
      /^subscription filter +\/vpc\/a$/m,
      /^stack +flowlog-alerts-ops$/m,
      /^log group +\/aws\/lambda\/flowlog-alerts-ops-/m,
      /flowlog-alerts-ops-statebucket-/,
      /^parameter +channels\/team$/m,
    ]) {
      expect(stdout).toMatch(wanted);
    }
    expect(stdout).not.toContain('ops-eu');
    expect(await cloud.inventory()).toEqual(before);
  });

  test('with --yes removes it, keeps copies of the rules, and leaves what is not its own', async () => {
    const { code, stdout, stderr } = await commandLineTool(
      ['uninstall', '--yes', '--backup', folder],
      await rights(),
    );
    expect({ code, stdout }).toEqual({ code: 0, stdout: expect.not.stringContaining('FAIL') });
    expect(stderr).toContain('1 channel not copied');
    expect(readFileSync(join(folder, 'a.yaml'), 'utf8')).toContain('31337');
    expect(existsSync(join(folder, 'channels'))).toBe(false);
    // The harness reads topics by queues; and asked about a stack that is gone, the emulator makes
    // the bucket that its outputs name once more.
    const left = (await cloud.inventory()).filter(
      (one) => !/^queue .*\/(alerts|notices)$|^bucket .*-serverlessdeploymentbucket-/.test(one),
    );
    expect(left).toEqual(['log group /aws/lambda/flowlog-alerts-ops-eu-logs', 'log group /vpc/a']);
  });

  test('a second time finds nothing', async () => {
    const { code, stdout, stderr } = await commandLineTool(['uninstall', '--yes'], cloud.env);
    expect({ code, stdout }).toEqual({ code: 0, stdout: '' });
    expect(stderr).toContain('There is nothing of the stage ops in us-east-1.');
  });
});
