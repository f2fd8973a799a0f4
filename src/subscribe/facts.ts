/** What is known of one region before anything is decided. */
import type {
  FlowLog,
  FlowLogInventory,
  Interface,
  LogGroup,
  Network,
} from '../ports/flow-log-inventory.ts';
import type { StageStack } from '../ports/stage-stack.ts';
import type { FunctionPolicy, Subscriptions } from '../ports/subscriptions.ts';
import { uncoveredVpcs } from './coverage.ts';
import { inTurn } from './in-turn.ts';

export interface RegionFacts {
  readonly region: string;
  /** The stage's stack in this region, where there is one. */
  readonly stack?: StageStack;
  readonly policy: FunctionPolicy;
  readonly flowLogs: readonly FlowLog[];
  readonly network: Network;
  /** Those that have a flow log of their own. */
  readonly interfaces: readonly Interface[];
  /** VPCs without a flow log that have interfaces all the same. */
  readonly unlogged: ReadonlySet<string>;
  /** Groups that flow logs write to or that were asked for; undefined: there is none. */
  readonly groups: ReadonlyMap<string, LogGroup | undefined>;
}

export interface RegionPorts {
  readonly inventory: FlowLogInventory;
  readonly subscriptions: Subscriptions;
}

/** Calls that are made at once: CloudWatch Logs allows some ten a second. */
const AT_ONCE = 4;

/**
 * Asks AWS for everything that a plan needs.
 * @param named log groups to look at beside those of the flow logs
 * @throws Error when a call is refused
 */
export async function gatherRegion(
  region: string,
  stack: StageStack | undefined,
  { inventory, subscriptions }: RegionPorts,
  named: readonly string[] = [],
): Promise<RegionFacts> {
  const functionArn = stack?.outputs.LogsFunctionArn;
  const [flowLogs, network, policy] = await Promise.all([
    inventory.flowLogs(),
    inventory.network(),
    functionArn === undefined ? { permissions: [], bytes: 0 } : subscriptions.policy(functionArn),
  ]);
  const ids = flowLogs.map(({ resource }) => resource).filter((id) => id.startsWith('eni-'));
  const names = [...new Set([...groupsOf(flowLogs), ...named])].sort();
  const uncovered = uncoveredVpcs(flowLogs, network).map(({ vpc }) => vpc.id);
  const [interfaces, groups, used] = await Promise.all([
    ids.length === 0 ? [] : inventory.interfaces([...new Set(ids)]),
    inTurn(names, AT_ONCE, async (name) => [name, await inventory.group(name)] as const),
    inTurn(uncovered, AT_ONCE, async (vpc) => ((await inventory.isUsed(vpc)) ? vpc : undefined)),
  ]);
  return {
    region,
    ...(stack && { stack }),
    policy,
    flowLogs,
    network,
    interfaces,
    unlogged: new Set(used.filter((vpc) => vpc !== undefined)),
    groups: new Map(groups),
  };
}

/** Names of the log groups that flow logs write to. */
export function groupsOf(flowLogs: readonly FlowLog[]): Set<string> {
  return new Set(
    flowLogs.flatMap(({ destination }) =>
      destination.kind === 'log-group' ? [destination.group] : [],
    ),
  );
}
