import { randomUUID } from 'node:crypto';
import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  PutLogEventsCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { afterAll, afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { clientConfig } from '../../../src/adapters/aws/clients.ts';
import { cli } from '../../cli/cli.ts';
import { SSH_RULE, type Workspace, workspace } from '../../cli/workspace.ts';
import { record } from '../../replay/inputs/sources.ts';

jest.setTimeout(30_000);

const ssm = new SSMClient(clientConfig());
const logs = new CloudWatchLogsClient(clientConfig());
let stage: string;
let here: Workspace;

beforeEach(() => {
  stage = `s${randomUUID().slice(0, 8)}`;
  here = workspace();
});
afterEach(() => here.remove());
afterAll(() => {
  ssm.destroy();
  logs.destroy();
});

test('Rules of a folder stand next to those of a stage, as a push would leave them', async () => {
  for (const [path, text] of [
    ['rules/ssh', SSH_RULE],
    ['rules/there', 'match: { dstport: 25 }'],
    ['settings', 'builtin: false'],
  ]) {
    const Name = `/flowlog-alerts/${stage}/${path}`;
    await ssm.send(new PutParameterCommand({ Name, Value: text, Type: 'String' }));
  }
  here.write('rules/ssh.yaml', SSH_RULE.replace('dstport: 22', 'dstport: 3389'));
  const log = here.write(
    'day.log',
    `${[record(0, 22), record(60, 25), record(90, 22)].join('\n')}\n`,
  );
  const { code, out } = await cli([
    ...['rules', 'forecast', here.path('rules'), '--over', log, '--against', stage, '--json'],
  ]);
  expect(code).toBe(0);
  const rules = out
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  const found = new Map(rules.map((rule) => [rule.rule, rule]));
  expect(found.get('ssh')).toMatchObject({ after: 0, gained: [] });
  expect(found.get('ssh').before).toBeGreaterThan(0);
  expect(found.get('ssh').lost).toHaveLength(1);
  // It is only there, and a push leaves it.
  expect(found.get('there')).toMatchObject({ before: found.get('there').after, lost: [] });
});

test('Without logs it says what rules in shadow would have sent', async () => {
  const logGroupName = `/aws/lambda/flowlog-alerts-${stage}-reduce`;
  const logStreamName = 'a';
  const decision = (more: Record<string, unknown>) =>
    JSON.stringify({
      event: 'decision',
      reason: 'shadow',
      id: 'A',
      rule: 'quiet',
      group: {},
      ...more,
    });
  const lines = [
    decision({}),
    decision({ id: 'B' }),
    decision({ id: 'C', rule: 'other' }),
    decision({ id: 'D', reason: 'cooldown' }),
  ];
  await logs.send(new CreateLogGroupCommand({ logGroupName }));
  await logs.send(new CreateLogStreamCommand({ logGroupName, logStreamName }));
  const timestamp = Date.now() - 60_000;
  const logEvents = lines.map((message) => ({ message, timestamp }));
  await logs.send(new PutLogEventsCommand({ logGroupName, logStreamName, logEvents }));
  const { code, out } = await cli(['rules', 'forecast', '--stage', stage, '--since', '1d']);
  expect(code).toBe(0);
  expect(out).toMatch(
    /^rule +a day +folded\nother \(shadow\) +1\.0|^rule +a day +folded\nquiet \(shadow\) +2\.0/,
  );
  expect(out).toContain('quiet (shadow)    2.0');
  expect(out).toContain('Alerts a day, from 1 day.');
});

test('Without a log of reduce there is nothing to say', async () => {
  const { code, out } = await cli(['rules', 'forecast', '--stage', stage]);
  expect([code, out]).toEqual([0, expect.stringContaining('No rule would send anything.')]);
});
