import { describe, expect, test } from '@jest/globals';
import type { Snapshot } from '../../src/config/snapshot.ts';
import { TEST_ALERT_RULE } from '../../src/config/system-rules.ts';
import type { Facts } from '../../src/doctor/facts.ts';
import { aRule } from '../reduce/rules.ts';
import { FUNCTION, filter, flowLog, logGroup } from '../subscribe/memory-region.ts';
import {
  fact,
  found,
  healthy,
  NOW,
  queue,
  regionOf,
  shardOf,
  snapshotOf,
  troubles,
} from './healthy.ts';

test('Of a healthy stage nothing is to be said but that all is well', () => {
  expect(troubles()).toEqual([]);
  expect(found().length).toBeGreaterThan(10);
});

test('What AWS would not tell is a warning that names the right, and never a crash', () => {
  for (const key of Object.keys(healthy()) as (keyof Facts)[]) {
    const value = healthy()[key];
    if (typeof value !== 'object' || !('value' in value)) continue;
    const unknown = { unknown: `the ${key}`, reason: 'AccessDenied: no', right: 'x:Get' };
    const findings = found({ [key]: unknown });
    expect(findings.filter(({ severity }) => severity === 'bad')).toEqual([]);
    const [told] = findings.filter(({ what }) => what.startsWith(`not known: the ${key}`));
    expect(told).toMatchObject({ severity: 'warn', mend: expect.stringMatching(/^allow x:Get;/) });
  }
});

test('A fact that failed for another reason asks for no right', () => {
  const [told] = found({ alarms: { unknown: 'alarms', reason: 'Throttling: slow' } }).filter(
    ({ what }) => what.includes('Throttling'),
  );
  expect(told).toEqual({
    area: 'Stack',
    severity: 'warn',
    what: 'not known: alarms (Throttling: slow)',
  });
});

describe('the stack', () => {
  const stack = (more: Partial<Facts['stack']>) => ({ stack: { ...healthy().stack, ...more } });

  test.each([
    ['CREATE_COMPLETE', []],
    ['UPDATE_COMPLETE', []],
    ['UPDATE_ROLLBACK_COMPLETE', [/^warn the last deploy of .* failed and was taken back: why/]],
    ['UPDATE_IN_PROGRESS', [/^warn .* is being changed/]],
    ['ROLLBACK_COMPLETE', [/^bad .*ROLLBACK_COMPLETE: why/]],
    ['UPDATE_ROLLBACK_FAILED', [/^bad /]],
    ['DELETE_FAILED', [/^bad /]],
  ])('%s', (status, expected) => {
    const lines = troubles(stack({ status, statusReason: 'why' }));
    expect(lines).toEqual(expected.map((text) => expect.stringMatching(text)));
  });

  test('lacks an output', () => {
    const { Shards: _, ...outputs } = healthy().stack.outputs;
    expect(troubles(stack({ outputs }))).toEqual([
      expect.stringMatching(/^bad it has no output Shards/),
    ]);
  });

  test('is of another version than this checkout, or does not say', () => {
    const { Version: _, ...outputs } = healthy().stack.outputs;
    expect(troubles(stack({ outputs }))).toEqual([]);
    expect(troubles(stack({ outputs: { ...outputs, Version: '1.2.2' } }))).toEqual([
      'warn version 1.2.2 is deployed, and this checkout is 1.2.3',
    ]);
  });

  test('has a resource that is not in order', () => {
    const resource = { logicalId: 'Digests', physicalId: 'x', type: 'X', status: 'UPDATE_FAILED' };
    expect(troubles({ resources: fact([resource]) })).toEqual([
      'bad resources that are not in order: Digests (UPDATE_FAILED)',
    ]);
  });

  test('has a function that cannot run', () => {
    const functions = fact([{ name: 'f', state: 'Failed', reason: 'no image' }]);
    expect(troubles({ functions })).toEqual(['bad the function f is Failed: no image']);
    expect(troubles({ functions: fact([{ name: 'f', state: 'Inactive' }]) })).toEqual([]);
  });

  test.each([
    [{ state: 'Disabled' }, 'bad nothing comes to reduce from digests: the mapping is Disabled'],
    [
      { state: 'Enabled', lastResult: 'PROBLEM: Function call failed' },
      'bad nothing comes to reduce from digests: PROBLEM: Function call failed',
    ],
    [{ state: 'Enabled', lastResult: 'No records processed' }, undefined],
  ])('has a mapping %j', (mapping, expected) => {
    const mappings = fact([{ functionName: 'reduce', source: 'digests', ...mapping }]);
    expect(troubles({ mappings })).toEqual(expected === undefined ? [] : [expected]);
  });
});

describe('flow logs', () => {
  test('that are not delivered', () => {
    const flowLogs = [flowLog('/vpc', { id: 'fl-1', failure: 'Access error' })];
    const [finding] = found({ region: fact(regionOf({}, { flowLogs })) }).filter(
      ({ severity }) => severity === 'bad',
    );
    expect(finding).toMatchObject({
      what: 'fl-1 of vpc-1 is not delivered to /vpc: Access error',
      mend: expect.stringContaining('logs:PutLogEvents'),
    });
  });

  test('of which there is none', () => {
    const region = fact(regionOf({}, { flowLogs: [], groups: new Map() }));
    expect(troubles({ region }, 'Flow logs')).toEqual(['bad there is none in eu-west-1']);
  });

  test('that record the same traffic twice', () => {
    const flowLogs = [flowLog('/vpc', { id: 'fl-1' }), flowLog('/vpc', { id: 'fl-2' })];
    expect(troubles({ region: fact(regionOf({}, { flowLogs })) })).toEqual([
      expect.stringMatching(/^warn fl-1 of vpc-1 and fl-2 of vpc-1 record the same traffic/),
    ]);
  });

  test('that a VPC in use lacks, but not one that nobody uses', () => {
    const network = {
      vpcs: [
        { id: 'vpc-1', cidr: '10.0.0.0/16' },
        { id: 'vpc-2', name: 'shop', cidr: '10.1.0.0/16' },
        { id: 'vpc-3', cidr: '10.2.0.0/16' },
      ],
      subnets: [],
    };
    const region = fact(regionOf({}, { network, unlogged: new Set(['vpc-2']) }));
    expect(troubles({ region })).toEqual(['warn vpc-2 (shop): without a flow log']);
  });
});

describe('a log group', () => {
  const groupWith = (...filters: ReturnType<typeof filter>[]) => ({
    region: fact(regionOf({ filters })),
  });

  test('that nothing reads has the command that changes it', () => {
    const [finding] = found(groupWith()).filter(({ severity }) => severity === 'warn');
    expect(finding).toMatchObject({
      what: '/vpc: nothing of this stage reads it',
      mend: "flowlog-alerts subscribe --stage dev --region eu-west-1 --groups '/vpc' --apply",
    });
  });

  test('that cannot be read says why', () => {
    expect(troubles(groupWith(filter('a', 'arn:a'), filter('b', 'arn:b')))).toEqual([
      expect.stringMatching(/^warn \/vpc cannot be read: .* a and b/),
    ]);
  });

  test('whose filter leads elsewhere', () => {
    expect(troubles(groupWith(filter('flowlog-alerts-dev', 'arn:old')))).toEqual([
      'bad /vpc: its filter flowlog-alerts-dev leads to arn:old',
    ]);
  });

  test('without permission to start the function', () => {
    const region = fact(regionOf({}, { policy: { permissions: [], bytes: 0 } }));
    expect(troubles({ region })).toEqual([
      expect.stringMatching(/^bad \/vpc: CloudWatch Logs may not start the function logs/),
    ]);
  });

  test('with a pattern that hides what rules need, but not with one that does not', () => {
    const narrow = groupWith(filter('flowlog-alerts-dev', FUNCTION, '[a, b, c=REJECT]'));
    expect(troubles(narrow)).toEqual([
      'bad /vpc: its filter passes on only [a, b, c=REJECT], and a and b may need more',
    ]);
    const wide = filter('flowlog-alerts-dev', FUNCTION, '[a, b, c=ACCEPT]');
    expect(troubles(groupWith(wide))).toEqual([]);
  });

  test('that the stack should read and does not', () => {
    const stack = { ...healthy().stack, logGroups: ['/vpc'] };
    const region = fact(regionOf({ filters: [] }, { stack }));
    expect(troubles({ region })).toEqual([
      expect.stringMatching(/^bad \/vpc: the stack should subscribe to it .* its filter is gone/),
    ]);
  });

  test('without retention costs more each month', () => {
    const { retentionDays: _, ...bare } = logGroup('/vpc', {
      filters: [filter('flowlog-alerts-dev')],
    });
    const region = fact({ ...regionOf(), groups: new Map([['/vpc', bare]]) });
    const [finding] = found({ region }).filter(({ severity }) => severity === 'warn');
    expect(finding?.mend).toBe(
      "aws logs put-retention-policy --region eu-west-1 --log-group-name '/vpc' --retention-in-days 30",
    );
  });
});

describe('records', () => {
  const MINUTES = 60_000;
  const numbers = (incoming: number, deliveryErrors = 0): Pick<Facts, 'metrics'> => {
    const metrics = healthy().metrics as { value: NonNullable<unknown> };
    return {
      metrics: {
        value: {
          ...metrics.value,
          groups: { '/vpc': { incoming, forwarded: incoming, deliveryErrors } },
        },
      } as never,
    };
  };
  const last = (ms: number | undefined) => ({
    lastEvents: fact(new Map([['/vpc', ms === undefined ? undefined : NOW - ms]])),
  });
  const processed = (ms: number) => ({
    shards: fact([shardOf({ arrival: (NOW - ms) / 1000, clock: (NOW - ms) / 1000 - 60 })]),
  });

  test('that no longer come', () => {
    expect(troubles({ ...numbers(0), ...last(3 * 60 * MINUTES) })).toEqual([
      'warn /vpc: no record for 3 hours',
    ]);
  });

  test('of which CloudWatch tells late are not missed', () => {
    expect(troubles({ ...numbers(5), ...last(3 * 60 * MINUTES) })).toEqual([]);
    expect(troubles({ ...numbers(0), ...last(90 * MINUTES) })).toEqual([]);
  });

  test('that never came', () => {
    expect(troubles({ ...numbers(0), ...last(undefined) })).toEqual([
      'warn /vpc has never had a record',
    ]);
  });

  test('that come and are not processed', () => {
    expect(troubles(processed(45 * MINUTES))).toEqual([
      'bad /vpc has records, but none was processed for 45 minutes',
    ]);
    expect(troubles(processed(29 * MINUTES))).toEqual([]);
  });

  test('that were never processed', () => {
    expect(troubles({ shards: fact([]) })).toEqual([
      'warn /vpc has records, but none was processed yet',
    ]);
  });

  test('that CloudWatch Logs could not hand on', () => {
    expect(troubles(numbers(5, 12))).toEqual([
      'bad /vpc: in the last hour CloudWatch Logs could not start the function 12 times',
    ]);
  });
});

describe('the configuration', () => {
  const published = (more: Partial<Snapshot>) => ({
    snapshot: fact({ snapshot: snapshotOf(more), at: NOW }),
  });

  test('that is not published', () => {
    const [finding] = found({ snapshot: fact(undefined) }).filter(
      ({ severity }) => severity === 'bad',
    );
    expect(finding?.mend).toContain('--function-name flowlog-alerts-dev-reconcile ');
  });

  test('with no rule but the test alert', () => {
    expect(troubles(published({ rules: [TEST_ALERT_RULE] }))).toEqual([
      'warn no rule is in force but the test alert',
    ]);
  });

  test('with documents that are bad, but not with those that were mended', () => {
    const told = fact({
      '/flowlog-alerts/dev/rules/a a': { hash: 'x', sent: true },
      '/flowlog-alerts/dev/rules/b': { hash: '', sent: false },
      'log group /vpc': { hash: 'y', sent: true },
    });
    expect(troubles({ told })).toEqual([
      expect.stringMatching(/^bad \/flowlog-alerts\/dev\/rules\/a a is in error/),
    ]);
  });

  test('with rules that cannot see what they ask for', () => {
    const [finding] = found(published({ formats: { '/vpc': ['${srcaddr}'] } })).filter(
      ({ severity }) => severity === 'warn',
    );
    expect(finding).toMatchObject({
      what: 'log group /vpc: its format lacks action, so the rules a, b cannot fire',
      mend: expect.stringContaining('create the flow log again with action'),
    });
  });

  test('with silences that end within a day, or have ended', () => {
    const seconds = NOW / 1000;
    const silence = (id: string, until?: number) => ({
      id,
      match: {},
      reason: 'work',
      ...(until !== undefined && { until }),
    });
    const silences = [
      silence('soon', seconds + 3_600),
      silence('later', seconds + 2 * 86_400),
      silence('over', seconds - 7_200),
      silence('always'),
    ];
    expect(troubles(published({ silences }))).toEqual([
      'warn the silence soon ends in 1 hour (work)',
      'warn the silence over ended 2 hours ago (work)',
    ]);
  });

  test('that names channels nobody has set up', () => {
    const parameters = fact([
      { path: 'channels/team', type: 'SecureString', tier: 'Standard' },
      { path: 'channels/old', type: 'String', tier: 'Standard' },
    ]);
    const rules = [
      aRule({ id: 'a', to: ['default'] }),
      aRule({ id: 'b', to: ['team', 'pager'] }),
      aRule({ id: 'c', to: ['pager'] }),
    ];
    const delivery = { owner: 'boss', routes: [{ match: {}, to: ['team'] }] };
    expect(troubles({ ...published({ rules, delivery }), parameters })).toEqual([
      'warn there is no channel pager, which rule b and rule c name',
      'warn there is no channel boss, which the setting owner names',
      'warn channels/old is in plain text, for whoever may read parameters',
    ]);
  });
});

describe('processing', () => {
  const metricsWith = (more: object): Pick<Facts, 'metrics'> => ({
    metrics: { value: { ...(healthy().metrics as { value: object }).value, ...more } } as never,
  });

  test('that is behind', () => {
    expect(troubles(metricsWith({ iteratorAge: 600_001 }))).toEqual([
      expect.stringMatching(/^bad digests wait for 10 minutes/),
    ]);
    expect(troubles(metricsWith({ iteratorAge: 600_000 }))).toEqual([]);
  });

  test('whose clocks stand still', () => {
    expect(troubles(metricsWith({ invocations: { 'flowlog-alerts-dev-tick': 15 } }))).toEqual([
      'bad reconcile has not run for a quarter of an hour',
    ]);
  });

  test('whose alarms are on: of the service it is broken, of a rule it has found something', () => {
    const alarm = (name: string, state: 'ALARM' | 'OK') => ({
      name: `flowlog-alerts/dev/${name}`,
      state,
      reason: 'Threshold Crossed: 1\nmore',
      since: NOW - 300_000,
    });
    const alarms = fact([
      alarm('service/logs-errors', 'ALARM'),
      alarm('service/tick-errors', 'OK'),
      alarm('rule/scan', 'ALARM'),
    ]);
    expect(troubles({ alarms })).toEqual([
      'bad the alarm logs-errors is on for 5 minutes: Threshold Crossed: 1',
      'warn the alarm flowlog-alerts/dev/rule/scan is on',
    ]);
  });

  test('without alarms of its own', () => {
    expect(troubles({ alarms: fact([]) })).toEqual(['bad the service has no alarms']);
  });

  test('that has given something up, by kind with the first reason', () => {
    const letters = [
      JSON.stringify({ kind: 'notification', reason: 'SNS refused', body: '' }),
      JSON.stringify({ kind: 'notification', reason: 'again', body: '' }),
      JSON.stringify({ requestPayload: {}, responsePayload: { errorMessage: 'no table' } }),
      'not ours',
    ];
    expect(troubles({ queues: fact([queue('DeadLetterQueue', 4, letters)]) })).toEqual([
      'bad 4 messages in DeadLetterQueue; notification: SNS refused; batch: no table; message: of a form that is not known',
    ]);
  });

  test('that is at it again is a warning, and what waits for its turn is none', () => {
    expect(
      troubles({ queues: fact([queue('LogsRetryQueue', 2), queue('ReconcileQueue', 9)]) }),
    ).toEqual([expect.stringMatching(/^warn 2 failed batches wait/)]);
  });

  test('that cannot publish', () => {
    const entry = (since: number) => ({
      item: {} as never,
      since,
      attempts: 3,
      notBefore: 0,
      owner: '',
      ownedUntil: 0,
    });
    const shards = (since: number) => ({ shards: fact([shardOf({}, { outbox: [entry(since)] })]) });
    expect(troubles(shards(NOW - 3_600_000))).toEqual([
      'bad 1 alert could not be published for 1 hour',
    ]);
    expect(troubles(shards(NOW - 60_000))).toEqual([]);
  });

  test('with clocks that are wrong', () => {
    const skewed = (clockSkew: number) => ({ stack: { ...healthy().stack, clockSkew } });
    expect(troubles(skewed(-120_000))).toEqual([
      'warn the clock of this machine is 2 minutes behind',
    ]);
    expect(troubles(skewed(59_000))).toEqual([]);
    const ahead = (by: number) => ({
      shards: fact([shardOf({ arrival: NOW / 1000, clock: NOW / 1000 + by })]),
    });
    expect(troubles(ahead(61))).toEqual([
      'warn records of /vpc start 1 minute 1 second after they arrived: their clock is ahead',
    ]);
    expect(troubles(ahead(60))).toEqual([]);
  });
});

describe('who reads', () => {
  const mail = (more: object = {}) => ({
    protocol: 'email',
    endpoint: 'ops@example.org',
    pending: false,
    ...more,
  });

  test('nobody', () => {
    expect(troubles({ alertSubscribers: fact([]) })).toEqual(['bad nobody reads the alerts']);
    expect(troubles({ opsSubscribers: fact([]) })).toEqual([
      'warn nobody reads the troubles of the service itself',
    ]);
  });

  test('the queue to channels alone is nobody, unless there is a channel', () => {
    const alertSubscribers = fact([mail({ protocol: 'sqs', endpoint: 'arn:queue' })]);
    expect(troubles({ alertSubscribers })).toEqual(['bad nobody reads the alerts']);
    const parameters = fact([{ path: 'channels/x', type: 'SecureString', tier: 'Standard' }]);
    expect(troubles({ alertSubscribers, parameters })).toEqual([]);
  });

  test('one who has not confirmed, with the way to another link', () => {
    const [finding] = found({ alertSubscribers: fact([mail({ pending: true })]) }).filter(
      ({ severity }) => severity !== 'ok',
    );
    expect(finding).toMatchObject({
      severity: 'warn',
      what: 'ops@example.org (email) has not confirmed that it wants the alerts',
      mend: expect.stringContaining('--protocol email --notification-endpoint ops@example.org'),
    });
  });
});

describe('limits', () => {
  test('of concurrency', () => {
    expect(troubles({ concurrency: fact({ limit: 10, unreserved: 10 }) })).toEqual([
      'warn the account may run 10 functions at once',
    ]);
    expect(troubles({ concurrency: fact({ limit: 1_000, unreserved: 9 }) })).toEqual([
      expect.stringMatching(/^bad only 9 concurrent executions/),
    ]);
    expect(troubles({ concurrency: fact({ limit: 11, unreserved: 11 }) })).toEqual([]);
  });

  test('of parameters, and what the advanced ones cost', () => {
    const many = (count: number, tier: string) =>
      fact(Array.from({ length: count }, (_, i) => ({ path: `rules/${i}`, type: 'String', tier })));
    expect(troubles({ parameters: many(8_001, 'Standard') })).toEqual([
      'warn 8,001 of 10,000 parameters',
    ]);
    expect(troubles({ parameters: many(8_000, 'Standard') })).toEqual([]);
    const lines = found({ parameters: many(20, 'Advanced') }).map(({ what }) => what);
    expect(lines).toContain('20 parameters, 20 of them advanced ($1 a month)');
  });

  test('of the function’s policy', () => {
    const policy = { permissions: regionOf().policy.permissions, bytes: 16_385 };
    expect(troubles({ region: fact(regionOf({}, { policy })) })).toEqual([
      'warn the policy of the function logs has 16,385 of 20,480 bytes',
    ]);
  });

  test('of the table', () => {
    const value = { ...(healthy().metrics as { value: object }).value, throttledWrites: 7 };
    expect(troubles({ metrics: { value } as Facts['metrics'] })).toEqual([
      expect.stringMatching(/^warn the table refused 7 writes/),
    ]);
  });
});
