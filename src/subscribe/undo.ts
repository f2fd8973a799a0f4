/** Takes away what `subscribe` made, and nothing else. */
import type { FlowLogInventory } from '../ports/flow-log-inventory.ts';
import type { StageStack } from '../ports/stage-stack.ts';
import type { Permission, Subscriptions } from '../ports/subscriptions.ts';
import type { Done } from './apply.ts';
import { groupsOf } from './facts.ts';
import { inTurn } from './in-turn.ts';
import { filterName, isOurPermission, permissionId, SHARED_PERMISSION } from './names.ts';

export interface Undoing {
  readonly region: string;
  readonly functionArn: string;
  /** Log groups whose filter is ours. */
  readonly groups: readonly string[];
  /** Ids of statements that are ours and that no group is left for. */
  readonly permissions: readonly string[];
}

/** Calls that are made at once: CloudWatch Logs allows some ten a second. */
const AT_ONCE = 4;

/** Where to look. Without a stack, its function is known by its name alone. */
export interface UndoPlace {
  readonly region: string;
  readonly stage: string;
  readonly stack?: StageStack;
}

/**
 * Finds our filters: in groups of flow logs, in those a permission of ours was made for, and where
 * one permission is for all or there is no stack, in every log group of the region.
 * @param chosen whether a group is to be looked at
 */
export async function planUndo(
  { region, stage, stack }: UndoPlace,
  inventory: FlowLogInventory,
  subscriptions: Subscriptions,
  chosen: (group: string) => boolean = () => true,
): Promise<Undoing> {
  const functionArn = stack?.outputs.LogsFunctionArn;
  const ours =
    functionArn === undefined
      ? []
      : (await subscriptions.policy(functionArn)).permissions.filter(({ id }) =>
          isOurPermission(id),
        );
  const everywhere = functionArn === undefined || ours.some(({ id }) => id === SHARED_PERMISSION);
  const names = everywhere
    ? await inventory.groupNames()
    : [...groupsOf(await inventory.flowLogs()), ...ours.flatMap(groupOf)];
  const candidates = [...new Set(names)].filter((name) => !stack?.logGroups.includes(name));
  const leadsHere = (destination: string) =>
    functionArn === undefined
      ? destination.endsWith(`:function:flowlog-alerts-${stage}-logs`)
      : destination === functionArn;
  const found = await inTurn(candidates.sort(), AT_ONCE, async (name) => {
    const filters = (await inventory.group(name))?.filters ?? [];
    const own = filters.some(
      (filter) => filter.name === filterName(stage) && leadsHere(filter.destination),
    );
    return own ? [name] : [];
  });
  const all = found.flat();
  const groups = all.filter(chosen);
  const rest = all.filter((group) => !groups.includes(group));
  return {
    region,
    functionArn: functionArn ?? '',
    groups,
    permissions: ours
      .map(({ id }) => id)
      .filter((id) =>
        id === SHARED_PERMISSION
          ? rest.length === 0
          : !rest.some((group) => permissionId(group) === id),
      ),
  };
}

/** The log group that a permission of its own was made for. */
function groupOf({ sourceArn = '' }: Permission): string[] {
  const name = /:log-group:(.+):\*$/.exec(sourceArn)?.[1];
  return name === undefined ? [] : [name];
}

/** Filters first: a filter without permission is switched off and the records of that time are lost. */
export async function* undo(
  { region, functionArn, groups, permissions }: Undoing,
  stage: string,
  subscriptions: Subscriptions,
  stop: AbortSignal,
): AsyncGenerator<Done> {
  let failed = false;
  for (const group of groups) {
    if (stop.aborted) return;
    try {
      await subscriptions.remove(group, filterName(stage));
      yield { region, group, ok: true, detail: 'filter removed' };
    } catch (error) {
      const { name, message } = error as Error;
      failed = true;
      yield { region, group, ok: false, detail: `${name}: ${message}` };
    }
  }
  // A filter that is left still needs its permission.
  if (failed) return;
  for (const id of permissions) {
    if (stop.aborted) return;
    await subscriptions.withdraw(functionArn, id);
  }
}
