/** A region in memory: flow logs, log groups, and a function that may be started. */
import type {
  FlowLog,
  FlowLogInventory,
  Interface,
  LogGroup,
  Network,
  SubscriptionFilter,
} from '../../src/ports/flow-log-inventory.ts';
import type { StageStack } from '../../src/ports/stage-stack.ts';
import type { Permission, Subscriptions } from '../../src/ports/subscriptions.ts';

export const REGION = 'eu-west-1';
const ACCOUNT = '123456789012';
export const FUNCTION = `arn:aws:lambda:${REGION}:${ACCOUNT}:function:flowlog-alerts-dev-logs`;

export function stack(more: Partial<StageStack> = {}): StageStack {
  return {
    name: 'flowlog-alerts-dev',
    id: `arn:aws:cloudformation:${REGION}:${ACCOUNT}:stack/flowlog-alerts-dev/1`,
    region: REGION,
    account: ACCOUNT,
    status: 'CREATE_COMPLETE',
    outputs: { LogsFunctionArn: FUNCTION },
    logGroups: [],
    ...more,
  };
}

let made = 0;

/** A flow log of a VPC into a log group. */
export function flowLog(group: string, more: Partial<FlowLog> = {}): FlowLog {
  return {
    id: `fl-${String(++made).padStart(4, '0')}`,
    resource: 'vpc-1',
    destination: { kind: 'log-group', group },
    format: '${srcaddr} ${action}',
    interval: 60,
    traffic: 'ALL',
    ...more,
  };
}

export function logGroup(name: string, more: Partial<LogGroup> = {}): LogGroup {
  return { name, logClass: 'STANDARD', retentionDays: 30, filters: [], ...more };
}

export function filter(name: string, destination = FUNCTION, pattern = ''): SubscriptionFilter {
  return { name, pattern, destination };
}

export class MemoryRegion implements FlowLogInventory, Subscriptions {
  logs: FlowLog[] = [];
  net: Network = { vpcs: [], subnets: [] };
  enis: Interface[] = [];
  used = new Set<string>();
  groups = new Map<string, LogGroup>();
  permissions: Permission[] = [];
  events = new Map<string, number>();
  /** Refuses to put a filter, by group. */
  refuse: (group: string) => Error | undefined = () => undefined;
  /** Every change, in order. */
  readonly changes: string[] = [];

  add(...groups: readonly LogGroup[]): this {
    for (const group of groups) this.groups.set(group.name, group);
    return this;
  }

  flowLogs = async () => this.logs;
  network = async () => this.net;
  interfaces = async (ids: readonly string[]) => this.enis.filter(({ id }) => ids.includes(id));
  isUsed = async (vpc: string) => this.used.has(vpc);
  group = async (name: string) => this.groups.get(name);
  groupNames = async () => [...this.groups.keys()];
  lastEvent = async (group: string) => this.events.get(group);

  policy = async () => ({
    permissions: [...this.permissions],
    bytes: this.permissions.length === 0 ? 0 : JSON.stringify(this.permissions).length + 100,
  });

  permit: Subscriptions['permit'] = async (_, { id, sourceArn }) => {
    if (this.permissions.some((one) => one.id === id)) return;
    this.permissions.push({ id, sourceArn });
    this.changes.push(`permit ${id}`);
  };

  withdraw = async (_: string, id: string) => {
    this.permissions = this.permissions.filter((one) => one.id !== id);
    this.changes.push(`withdraw ${id}`);
  };

  put = async (name: string, filter: SubscriptionFilter) => {
    const group = this.groups.get(name);
    const refusal = this.refuse(name) ?? (group ? undefined : new Error('no such group'));
    if (refusal) throw refusal;
    const others = (group?.filters ?? []).filter((one) => one.name !== filter.name);
    this.add({ ...(group as LogGroup), filters: [...others, filter] });
    this.changes.push(`put ${name}`);
  };

  remove = async (name: string, filterName: string) => {
    const group = this.groups.get(name);
    if (!group) return;
    this.add({ ...group, filters: group.filters.filter((one) => one.name !== filterName) });
    this.changes.push(`remove ${name}`);
  };
}
