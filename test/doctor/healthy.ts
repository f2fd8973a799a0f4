/** A stage in which all is well; tests spoil one thing. */
import { DEFAULT_ENGINE_SETTINGS, type Snapshot } from '../../src/config/snapshot.ts';
import { diagnose } from '../../src/doctor/diagnose.ts';
import type { Fact, Facts } from '../../src/doctor/facts.ts';
import type { Area, Finding } from '../../src/doctor/finding.ts';
import type { LogGroup } from '../../src/ports/flow-log-inventory.ts';
import type { QueueState } from '../../src/ports/stage-health.ts';
import { newState, type ShardState } from '../../src/reduce/state.ts';
import type { RegionFacts } from '../../src/subscribe/facts.ts';
import { aRule } from '../reduce/rules.ts';
import { FUNCTION, filter, flowLog, logGroup, REGION, stack } from '../subscribe/memory-region.ts';

export const NOW = Date.parse('2026-11-26T12:00:00Z');
const HOUR = 3_600_000;
const known = <T>(value: T): Fact<T> => ({ value });

export function snapshotOf(more: Partial<Snapshot> = {}): Snapshot {
  return {
    version: 1,
    settings: DEFAULT_ENGINE_SETTINGS,
    rules: [aRule({ id: 'a' }), aRule({ id: 'b' })],
    filters: [],
    lists: {},
    formats: { '/vpc': ['${srcaddr} ${dstport} ${action}'] },
    ...more,
  };
}

export function regionOf(
  group: Partial<LogGroup> = {},
  more: Partial<RegionFacts> = {},
): RegionFacts {
  return {
    region: REGION,
    stack: healthyStack(),
    policy: {
      permissions: [{ id: 'all', sourceArn: `arn:aws:logs:${REGION}:123456789012:log-group:*` }],
      bytes: 400,
    },
    flowLogs: [flowLog('/vpc')],
    network: { vpcs: [{ id: 'vpc-1', cidr: '10.0.0.0/16' }], subnets: [] },
    interfaces: [],
    unlogged: new Set(),
    groups: new Map([
      ['/vpc', logGroup('/vpc', { filters: [filter('flowlog-alerts-dev')], ...group })],
    ]),
    ...more,
  };
}

export function shardOf(
  source: { readonly clock?: number; readonly arrival?: number } = {},
  more: Partial<ShardState> = {},
): ShardState {
  const state = newState();
  state.sources.push({
    source: { kind: 'logGroup', name: '/vpc' },
    clock: NOW / 1000 - 120,
    lag: 60,
    arrival: NOW / 1000 - 60,
    heard: NOW / 1000 - 120,
    longest: 60,
    minutes: new Map(),
    ...source,
  });
  return Object.assign(state, more);
}

function healthyStack() {
  return stack({
    outputs: {
      LogsFunctionArn: FUNCTION,
      AlertTopicArn: 'arn:aws:sns:eu-west-1:123456789012:alerts',
      OpsTopicArn: 'arn:aws:sns:eu-west-1:123456789012:ops',
      DigestTableName: 'digests',
      StateBucketName: 'state',
      ConfigPath: '/flowlog-alerts/dev',
      Shards: '1',
      Version: '1.2.3',
    },
  });
}

export const queue = (logicalId: string, depth = 0, first: readonly string[] = []): QueueState => ({
  logicalId,
  url: `https://sqs/${logicalId}`,
  depth,
  first,
});

export function healthy(more: Partial<Facts> = {}): Facts {
  const mail = { protocol: 'email', endpoint: 'ops@example.org', pending: false };
  return {
    stage: 'dev',
    now: NOW,
    version: '1.2.3',
    stack: healthyStack(),
    resources: known([
      {
        logicalId: 'AlertTopic',
        physicalId: 'x',
        type: 'AWS::SNS::Topic',
        status: 'CREATE_COMPLETE',
      },
    ]),
    functions: known([{ name: 'flowlog-alerts-dev-logs', state: 'Active' }]),
    mappings: known([
      {
        functionName: 'flowlog-alerts-dev-reduce',
        source: 'digests',
        state: 'Enabled',
        lastResult: 'OK',
      },
    ]),
    alertSubscribers: known([mail]),
    opsSubscribers: known([mail]),
    region: known(regionOf()),
    lastEvents: known(new Map([['/vpc', NOW - 60_000]])),
    snapshot: known({ snapshot: snapshotOf(), at: NOW - HOUR }),
    told: known({}),
    alarms: known([
      {
        name: 'flowlog-alerts/dev/service/dead-letters',
        state: 'OK' as const,
        reason: '',
        since: NOW,
      },
    ]),
    queues: known([queue('DeadLetterQueue'), queue('LogsRetryQueue'), queue('ReconcileQueue', 3)]),
    metrics: known({
      iteratorAge: 900,
      invocations: { 'flowlog-alerts-dev-tick': 15, 'flowlog-alerts-dev-reconcile': 3 },
      groups: { '/vpc': { incoming: 100, forwarded: 100, deliveryErrors: 0 } },
    }),
    shards: known([shardOf()]),
    concurrency: known({ limit: 1_000, unreserved: 1_000 }),
    parameters: known([{ path: 'rules/a', type: 'String', tier: 'Standard' }]),
    ...more,
  };
}

/** What is not well, as `severity what`. */
export function troubles(more: Partial<Facts> = {}, area?: Area): string[] {
  return found(more)
    .filter((finding) => finding.severity !== 'ok' && (!area || finding.area === area))
    .map(({ severity, what }) => `${severity} ${what}`);
}

export function found(more: Partial<Facts> = {}): Finding[] {
  return diagnose(healthy(more));
}

export const fact = known;
