/** What is to be done about one log group, and why. */
import type { FlowLog, LogGroup, SubscriptionFilter } from '../ports/flow-log-inventory.ts';
import type { RegionFacts } from './facts.ts';
import { filterName, permits, placeOf } from './names.ts';

/** CloudWatch Logs' limit, which cannot be raised. */
const MOST_FILTERS = 2;

export type Verdict =
  /** To be made. */
  | 'subscribe'
  /** Ours, to be put right. */
  | 'update'
  /** Ours, and as it should be. */
  | 'subscribed'
  /** The stack's own or someone else's filter leads here. */
  | 'left alone'
  | 'cannot';

export interface GroupPlan {
  readonly region: string;
  readonly group: string;
  readonly verdict: Verdict;
  /** One sentence. */
  readonly reason: string;
  /** What a person can do about it. */
  readonly mend?: string;
  /** Pattern of our filter, for `subscribe`, `update` and `subscribed`. */
  readonly pattern?: string;
  /** Nothing lets CloudWatch Logs start the function for this group. */
  readonly permissionMissing?: true;
  readonly flowLogs: readonly string[];
  readonly formats: readonly string[];
  readonly interval?: 60 | 600;
  readonly traffic: readonly string[];
  readonly logClass?: string;
  /** Names of its filters. */
  readonly filters: readonly string[];
}

export interface GroupOptions {
  readonly stage: string;
  /** Pattern for a group of these formats; empty: everything. */
  readonly patternFor: (formats: readonly string[]) => string;
}

type Decision = Pick<GroupPlan, 'verdict' | 'reason' | 'mend' | 'pattern' | 'permissionMissing'>;

export function planGroup(group: string, facts: RegionFacts, options: GroupOptions): GroupPlan {
  const flowLogs = facts.flowLogs.filter(
    ({ destination }) => destination.kind === 'log-group' && destination.group === group,
  );
  const found = facts.groups.get(group);
  const intervals = flowLogs.flatMap(({ interval }) => interval ?? []);
  const interval = intervals.includes(600) ? 600 : intervals[0];
  const formats = [...new Set(flowLogs.map(({ format }) => format))].filter(Boolean).sort();
  return {
    region: facts.region,
    group,
    ...decide(group, flowLogs, found, facts, options, formats),
    flowLogs: flowLogs.map(({ id }) => id),
    formats,
    ...(interval && { interval }),
    traffic: [...new Set(flowLogs.flatMap(({ traffic }) => traffic ?? []))].sort(),
    ...(found && { logClass: found.logClass }),
    filters: (found?.filters ?? []).map(({ name }) => name),
  };
}

function decide(
  group: string,
  flowLogs: readonly FlowLog[],
  found: LogGroup | undefined,
  { region, stack, policy }: RegionFacts,
  { stage, patternFor }: GroupOptions,
  formats: readonly string[],
): Decision {
  if (group.startsWith('/aws/lambda/flowlog-alerts-')) {
    return cannot('it is a log of the service itself, which would feed itself');
  }
  const functionArn = stack?.outputs.LogsFunctionArn;
  if (stack === undefined || functionArn === undefined) {
    return cannot(
      `the stage ${stage} is not deployed in ${region}, and CloudWatch Logs starts functions of its own region alone`,
      `npx serverless deploy --stage ${stage} --region ${region}`,
    );
  }
  const place = placeOf(functionArn);
  const elsewhere = accountOf(flowLogs);
  if (elsewhere !== undefined && elsewhere !== place.account) {
    return cannot(
      `it is in the account ${elsewhere}, and CloudWatch Logs starts functions of its own account alone`,
      `deploy the stage in the account ${elsewhere} too, or send the flow log to a log group of this one`,
    );
  }
  if (found === undefined) {
    return cannot(
      'there is no such log group',
      'VPC makes it when it delivers first; where its flow log FAILED, mend that',
    );
  }
  if (found.logClass !== 'STANDARD') {
    return cannot(
      `its log class ${found.logClass} has no subscription filters, and a class cannot be changed`,
      'make another flow log that writes to a group of class STANDARD',
    );
  }
  return ofFilters(found.filters, {
    stage,
    functionArn,
    stackOwns: stack.logGroups.includes(group),
    permitted: policy.permissions.some((permission) => permits(permission, place, group)),
    pattern: patternFor(formats),
  });
}

interface FilterFacts {
  readonly stage: string;
  readonly functionArn: string;
  readonly stackOwns: boolean;
  readonly permitted: boolean;
  readonly pattern: string;
}

function ofFilters(
  filters: readonly SubscriptionFilter[],
  { stage, functionArn, stackOwns, permitted, pattern }: FilterFacts,
): Decision {
  const here = filters.filter(({ destination }) => destination === functionArn);
  const own = filters.find(({ name }) => name === filterName(stage));
  const missing = permitted ? {} : ({ permissionMissing: true } as const);
  const other = here.find((filter) => filter !== own);
  if (stackOwns) {
    return {
      verdict: 'left alone',
      reason: own
        ? 'the stack subscribes to it (deploy parameter logGroups)'
        : 'the stack should subscribe to it (deploy parameter logGroups), but its filter is gone',
      ...(!own || !permitted ? { mend: 'deploy the stack again' } : {}),
      ...missing,
    };
  }
  if (other !== undefined) {
    return {
      verdict: 'left alone',
      reason: `the filter ${other.name} leads here, made by someone else`,
      ...(own && {
        mend: `delete one of ${own.name} and ${other.name}: every record is counted twice`,
      }),
      ...missing,
    };
  }
  if (own === undefined) {
    if (filters.length < MOST_FILTERS) {
      return { verdict: 'subscribe', reason: 'nothing reads it yet', pattern, ...missing };
    }
    const names = filters.map(({ name }) => name).join(' and ');
    return cannot(
      `it has two subscription filters already, ${names}, and AWS allows no third`,
      'remove one of them, or send the flow log to a second group',
    );
  }
  if (here.length === 0) {
    return {
      verdict: 'update',
      reason: `its filter ${own.name} leads to ${own.destination}`,
      pattern,
      ...missing,
    };
  }
  if (own.pattern !== pattern) {
    return { verdict: 'update', reason: patternReason(own.pattern, pattern), pattern, ...missing };
  }
  if (!permitted) {
    const reason = 'CloudWatch Logs may not start the function for it';
    return { verdict: 'update', reason, pattern, ...missing };
  }
  return { verdict: 'subscribed', reason: 'subscribed', pattern };
}

function patternReason(present: string, wanted: string): string {
  if (wanted === '') return `its filter passes on only ${present}`;
  return present === ''
    ? `the rules in force need no more than ${wanted}`
    : `its filter passes on ${present}, and the rules in force need ${wanted}`;
}

/** The account of the log group, where a flow log says. */
function accountOf(flowLogs: readonly FlowLog[]): string | undefined {
  for (const { destination } of flowLogs) {
    if (destination.kind === 'log-group' && destination.account) return destination.account;
  }
  return undefined;
}

function cannot(reason: string, mend?: string): Decision {
  return { verdict: 'cannot', reason, ...(mend !== undefined && { mend }) };
}
