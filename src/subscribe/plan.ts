/** What `subscribe` shows of a region: its log groups, and what no subscription can reach. */
import { matchesGlob } from '../config/glob.ts';
import type { FlowLog } from '../ports/flow-log-inventory.ts';
import { coveredTwice, type Twice, uncoveredVpcs } from './coverage.ts';
import { createFlowLogsCommand } from './create-flow-logs.ts';
import { groupsOf, type RegionFacts } from './facts.ts';
import { type GroupOptions, type GroupPlan, planGroup } from './plan-group.ts';

export interface PlanOptions extends GroupOptions {
  /** Of log group names; absent: all. */
  readonly groups?: string;
  /** LogFormat for a new flow log. */
  readonly format: string;
}

export interface UncoveredVpc {
  readonly region: string;
  readonly vpc: string;
  readonly name?: string;
  /** Those without a flow log; empty: the whole VPC is without one. */
  readonly subnets: readonly string[];
  readonly command: string;
}

export interface RegionPlan {
  readonly region: string;
  readonly groups: readonly GroupPlan[];
  /** Flow logs that go to S3 or Firehose. */
  readonly elsewhere: readonly FlowLog[];
  readonly failing: readonly FlowLog[];
  readonly twice: readonly Twice[];
  readonly uncovered: readonly UncoveredVpc[];
}

/** Verdicts with which records of the group come here. */
const WIRED: ReadonlySet<string> = new Set(['subscribe', 'update', 'subscribed', 'left alone']);

export function planRegion(facts: RegionFacts, options: PlanOptions): RegionPlan {
  const { region, flowLogs, network, interfaces, unlogged } = facts;
  const named = [...new Set([...groupsOf(flowLogs), ...facts.groups.keys()])].sort();
  const all = named.map((group) => planGroup(group, facts, options));
  const wired = new Set(all.filter(({ verdict }) => WIRED.has(verdict)).map(({ group }) => group));
  const role = flowLogs.find((flowLog) => flowLog.role !== undefined)?.role;
  const { groups: glob } = options;
  return {
    region,
    groups: all.filter(({ group }) => glob === undefined || matchesGlob(glob, group)),
    elsewhere: flowLogs.filter(({ destination }) => destination.kind !== 'log-group'),
    failing: flowLogs.filter(({ failure }) => failure !== undefined),
    twice: coveredTwice(flowLogs, network, interfaces, wired),
    uncovered: uncoveredVpcs(flowLogs, network)
      .filter(({ vpc }) => unlogged.has(vpc.id))
      .map((uncovered) => ({
        region,
        vpc: uncovered.vpc.id,
        ...(uncovered.vpc.name !== undefined && { name: uncovered.vpc.name }),
        subnets: uncovered.subnets,
        command: createFlowLogsCommand({
          region,
          uncovered,
          format: options.format,
          ...(role !== undefined && { role }),
        }),
      })),
  };
}
