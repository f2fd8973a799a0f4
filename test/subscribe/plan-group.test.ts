import { describe, expect, test } from '@jest/globals';
import type { FlowLog, LogGroup } from '../../src/ports/flow-log-inventory.ts';
import type { StageStack } from '../../src/ports/stage-stack.ts';
import { gatherRegion } from '../../src/subscribe/facts.ts';
import { planGroup } from '../../src/subscribe/plan-group.ts';
import { filter, flowLog, logGroup, MemoryRegion, REGION, stack } from './memory-region.ts';

const ALL_GROUPS = {
  id: 'flowlog-alerts-subscribe-all',
  sourceArn: `arn:aws:logs:${REGION}:123456789012:log-group:*`,
};

interface Given {
  readonly group?: LogGroup | 'missing';
  readonly flowLogs?: readonly FlowLog[];
  readonly stack?: StageStack | 'missing';
  readonly permitted?: boolean;
  readonly pattern?: string;
}

/** The plan for the group /vpc of the stage dev. */
async function planned({ permitted = true, pattern = '', ...given }: Given = {}) {
  const region = new MemoryRegion();
  if (given.group !== 'missing') region.add(given.group ?? logGroup('/vpc'));
  region.logs = [...(given.flowLogs ?? [flowLog('/vpc')])];
  if (permitted) region.permissions = [ALL_GROUPS];
  const deployed = given.stack === 'missing' ? undefined : (given.stack ?? stack());
  const facts = await gatherRegion(REGION, deployed, { inventory: region, subscriptions: region });
  return planGroup('/vpc', facts, { stage: 'dev', patternFor: () => pattern });
}

const ours = filter('flowlog-alerts-dev');
const withFilters = (...filters: LogGroup['filters']) => logGroup('/vpc', { filters });

describe('a log group is to be subscribed', () => {
  test('where nothing reads it, or one other filter', async () => {
    expect(await planned()).toMatchObject({ verdict: 'subscribe', pattern: '' });
    const beside = await planned({ group: withFilters(filter('siem', 'arn:other')) });
    expect(beside).toMatchObject({ verdict: 'subscribe', filters: ['siem'] });
  });

  test('and its permission to be given, where none covers it', async () => {
    expect(await planned({ permitted: false })).toMatchObject({ permissionMissing: true });
    expect(await planned()).not.toHaveProperty('permissionMissing');
  });

  test('and what is said of it is format, interval and traffic of its flow logs', async () => {
    const flowLogs = [
      flowLog('/vpc', { interval: 60, format: '${b}' }),
      flowLog('/vpc', { interval: 600, format: '${a}', traffic: 'REJECT' }),
      flowLog('/other', { format: '${c}' }),
    ];
    expect(await planned({ flowLogs })).toMatchObject({
      formats: ['${a}', '${b}'],
      interval: 600,
      traffic: ['ALL', 'REJECT'],
      flowLogs: [flowLogs[0]?.id, flowLogs[1]?.id],
    });
  });
});

describe('a log group cannot be subscribed', () => {
  test('with two filters of others, and both are named', async () => {
    const plan = await planned({
      group: withFilters(filter('siem', 'arn:a'), filter('archive', 'arn:b')),
    });
    expect(plan.verdict).toBe('cannot');
    expect(plan.reason).toContain('siem and archive');
  });

  test('of another log class than the standard one', async () => {
    const plan = await planned({ group: logGroup('/vpc', { logClass: 'INFREQUENT_ACCESS' }) });
    expect(plan).toMatchObject({ verdict: 'cannot', logClass: 'INFREQUENT_ACCESS' });
  });

  test('in a region without the stage, and how to deploy it there is said', async () => {
    const plan = await planned({ stack: 'missing' });
    expect(plan.verdict).toBe('cannot');
    expect(plan.mend).toBe('npx serverless deploy --stage dev --region eu-west-1');
  });

  test('in another account, but in the own one', async () => {
    const into = (account: string) => [
      flowLog('/vpc', { destination: { kind: 'log-group', group: '/vpc', account } }),
    ];
    expect(await planned({ flowLogs: into('210987654321') })).toMatchObject({ verdict: 'cannot' });
    expect(await planned({ flowLogs: into('123456789012') })).toMatchObject({
      verdict: 'subscribe',
    });
  });

  test('that is not there', async () => {
    expect(await planned({ group: 'missing' })).toMatchObject({
      verdict: 'cannot',
      reason: 'there is no such log group',
    });
  });
});

describe('a log group is left alone', () => {
  test('where the stack subscribes to it', async () => {
    const plan = await planned({ group: withFilters(ours), stack: stack({ logGroups: ['/vpc'] }) });
    expect(plan).toMatchObject({ verdict: 'left alone' });
    expect(plan).not.toHaveProperty('mend');
  });

  test('where the stack should and does not, with how to mend it', async () => {
    const plan = await planned({ stack: stack({ logGroups: ['/vpc'] }) });
    expect(plan).toMatchObject({ verdict: 'left alone', mend: 'deploy the stack again' });
  });

  test('where a filter of another name leads here already', async () => {
    const plan = await planned({ group: withFilters(filter('by-hand')) });
    expect(plan).toMatchObject({ verdict: 'left alone' });
    expect(plan.reason).toContain('by-hand');
  });

  test('and told of, where two filters lead here', async () => {
    const plan = await planned({ group: withFilters(filter('by-hand'), ours) });
    expect(plan.mend).toContain('counted twice');
  });
});

describe('our filter', () => {
  test('is as it should be', async () => {
    expect(await planned({ group: withFilters(ours) })).toMatchObject({ verdict: 'subscribed' });
  });

  test('is put right where it leads to a function of before', async () => {
    const stale = filter('flowlog-alerts-dev', 'arn:aws:lambda:eu-west-1:1:function:old');
    expect(await planned({ group: withFilters(stale) })).toMatchObject({ verdict: 'update' });
  });

  test('is put right in a full group too: it takes its own place', async () => {
    const stale = filter('flowlog-alerts-dev', 'arn:old');
    const plan = await planned({ group: withFilters(filter('siem', 'arn:a'), stale) });
    expect(plan).toMatchObject({ verdict: 'update' });
  });

  test('is put right where its pattern is another than wanted, in either direction', async () => {
    const narrow = filter('flowlog-alerts-dev', ours.destination, '[a]');
    const widened = await planned({ group: withFilters(narrow) });
    expect(widened).toMatchObject({ verdict: 'update', pattern: '' });
    expect(widened.reason).toContain('passes on only [a]');
    const narrowed = await planned({ group: withFilters(ours), pattern: '[a]' });
    expect(narrowed).toMatchObject({ verdict: 'update', pattern: '[a]' });
  });

  test('is put right where nothing permits it any more', async () => {
    const plan = await planned({ group: withFilters(ours), permitted: false });
    expect(plan).toMatchObject({ verdict: 'update', permissionMissing: true });
  });

  test('of another stage is a filter like any other', async () => {
    const other = filter('flowlog-alerts-prod', 'arn:aws:lambda:eu-west-1:1:function:prod');
    expect(await planned({ group: withFilters(other) })).toMatchObject({ verdict: 'subscribe' });
  });
});

test('A log of the service itself is never subscribed to', async () => {
  const facts = await gatherRegion(REGION, stack(), {
    inventory: new MemoryRegion(),
    subscriptions: new MemoryRegion(),
  });
  const options = { stage: 'dev', patternFor: () => '' };
  expect(planGroup('/aws/lambda/flowlog-alerts-dev-logs', facts, options).verdict).toBe('cannot');
});
