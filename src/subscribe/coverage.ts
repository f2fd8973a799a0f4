/** Which interfaces flow logs cover: not at all, or twice. */
import type { FlowLog, Interface, Network, Vpc } from '../ports/flow-log-inventory.ts';

export interface Uncovered {
  readonly vpc: Vpc;
  /** Subnets without a flow log, where others of the VPC have one; empty: none has. */
  readonly subnets: readonly string[];
}

/** VPCs of which a part or all has no flow log of VPC or subnet. */
export function uncoveredVpcs(
  flowLogs: readonly FlowLog[],
  { vpcs, subnets }: Network,
): Uncovered[] {
  const logged = new Set(flowLogs.map(({ resource }) => resource));
  return vpcs.flatMap((vpc) => {
    if (logged.has(vpc.id)) return [];
    const own = subnets.filter((subnet) => subnet.vpc === vpc.id).map(({ id }) => id);
    const open = own.filter((id) => !logged.has(id));
    if (own.length > 0 && open.length === 0) return [];
    return [{ vpc, subnets: open.length === own.length ? [] : open }];
  });
}

export interface Twice {
  readonly first: FlowLog;
  readonly second: FlowLog;
  /** Where the records of both arrive. */
  readonly groups: readonly string[];
}

/**
 * Pairs of flow logs that record the same traffic of an interface and of which both come here.
 * @param wired log groups that are read, or are about to be
 */
export function coveredTwice(
  flowLogs: readonly FlowLog[],
  network: Network,
  interfaces: readonly Interface[],
  wired: ReadonlySet<string>,
): Twice[] {
  const parents = new Map<string, readonly string[]>();
  for (const { id, vpc } of network.subnets) parents.set(id, [vpc]);
  for (const { id, subnet, vpc } of interfaces) parents.set(id, [subnet, vpc]);
  const read = flowLogs.filter(({ destination }) => {
    return destination.kind === 'log-group' && wired.has(destination.group);
  });
  const byResource = new Map<string, FlowLog[]>();
  for (const flowLog of read) {
    byResource.set(flowLog.resource, [...(byResource.get(flowLog.resource) ?? []), flowLog]);
  }
  return read.flatMap((flowLog) => {
    const { resource } = flowLog;
    const others = [resource, ...(parents.get(resource) ?? [])].flatMap(
      (id) => byResource.get(id) ?? [],
    );
    return others.flatMap((other) => {
      if (other === flowLog || !sameTraffic(flowLog, other)) return [];
      // Of two on one resource each meets the other: named once.
      if (other.resource === resource && other.id < flowLog.id) return [];
      const groups = new Set([flowLog, other].map(groupOf));
      return [{ first: flowLog, second: other, groups: [...groups].sort() }];
    });
  });
}

function groupOf({ destination }: FlowLog): string {
  return destination.kind === 'log-group' ? destination.group : '';
}

function sameTraffic({ traffic: a = 'ALL' }: FlowLog, { traffic: b = 'ALL' }: FlowLog): boolean {
  return a === b || a === 'ALL' || b === 'ALL';
}
