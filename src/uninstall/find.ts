/** Everything that a stage has in an account. */
import type { AlarmDefinition } from '../alarms/definition.ts';
import type { AlarmStore } from '../ports/alarm-store.ts';
import type { FlowLogInventory } from '../ports/flow-log-inventory.ts';
import type { Leftovers, OwnedBucket } from '../ports/leftovers.ts';
import type { SavedQueryStore, StoredQuery } from '../ports/saved-query-store.ts';
import type { StageStack } from '../ports/stage-stack.ts';
import type { Subscriptions } from '../ports/subscriptions.ts';
import { inTurn } from '../subscribe/in-turn.ts';
import { planUndo, type Undoing } from '../subscribe/undo.ts';

export interface UninstallPorts {
  readonly leftovers: Leftovers;
  readonly alarms: AlarmStore;
  readonly queries: SavedQueryStore;
  readonly inventory: FlowLogInventory;
  readonly subscriptions: Subscriptions;
}

export interface Remains {
  readonly stage: string;
  readonly region: string;
  readonly stack?: StageStack;
  readonly filters: Undoing;
  readonly alarms: readonly AlarmDefinition[];
  readonly queries: readonly StoredQuery[];
  readonly buckets: readonly OwnedBucket[];
  readonly logGroups: readonly string[];
  readonly parameters: readonly { readonly path: string; readonly secure: boolean }[];
  /** What could not be looked for, and why. */
  readonly unknown: readonly string[];
}

const AT_ONCE = 4;

export async function findRemains(
  place: { readonly stage: string; readonly region: string; readonly stack?: StageStack },
  { leftovers, alarms, queries, inventory, subscriptions }: UninstallPorts,
): Promise<Remains> {
  const { stage, region, stack } = place;
  const unknown: string[] = [];
  const asked = async <T>(what: string, instead: T, ask: () => Promise<T>): Promise<T> => {
    try {
      return await ask();
    } catch (error) {
      const { name, message } = error as Error;
      unknown.push(`${what}: ${name === 'Refusal' ? '' : `${name}: `}${message.split('\n')[0]}`);
      return instead;
    }
  };
  const nothing: Undoing = { region, functionArn: '', groups: [], permissions: [] };
  const [filters, ours, saved, buckets, logGroups, parameters] = await Promise.all([
    asked('subscription filters', nothing, () =>
      planUndo({ region, stage, ...(stack && { stack }) }, inventory, subscriptions),
    ),
    asked('alarms', [], async () => {
      const owned = await inTurn(await alarms.list(), AT_ONCE, async (alarm) =>
        (await alarms.isOurs(alarm)) ? [alarm.definition] : [],
      );
      return owned.flat();
    }),
    asked('saved queries', [], () => queries.list()),
    asked('buckets', [], () => leftovers.buckets()),
    asked('log groups', [], () => leftovers.logGroups()),
    asked('parameters', [], () => leftovers.parameters()),
  ]);
  return {
    ...place,
    filters,
    alarms: ours,
    queries: saved,
    buckets,
    logGroups,
    parameters,
    unknown,
  };
}

export function isEmpty(remains: Remains): boolean {
  const { stack, filters, alarms, queries, buckets, logGroups, parameters } = remains;
  const lists = [
    filters.groups,
    filters.permissions,
    alarms,
    queries,
    buckets,
    logGroups,
    parameters,
  ];
  return stack === undefined && lists.every((list) => list.length === 0);
}
