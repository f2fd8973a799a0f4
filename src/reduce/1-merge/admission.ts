/** How many groups a rule may remember: the bound that a flood of addresses meets. */
import { heaviest } from '../../map/5-digest/heavy-groups.ts';
import type { GroupState, RuleState } from '../state.ts';

/**
 * Counts a group's records in the minute that admitted it, and drops the lightest when that minute
 * has twice as many groups as the bound. Groups with a notified alert stay.
 * @returns how many groups were dropped
 */
export function admit(
  rule: RuleState,
  key: string,
  group: GroupState,
  records: number,
  maxGroups: number,
): number {
  if (maxGroups === Infinity) return 0;
  let weights = rule.admitted.get(group.minute);
  // A group that has outlived its minute, or was kept for what it was told, is counted no more.
  const known = group.slots.length > 0 || group.kept.length > 0;
  const weight = weights?.get(key);
  if (known && weight === undefined) return 0;
  if (!weights) {
    weights = new Map();
    rule.admitted.set(group.minute, weights);
  }
  weights.set(key, (weight ?? 0) + records);
  if (weights.size <= maxGroups * 2) return 0;
  return forget(rule, heaviest(weights, maxGroups).gone);
}

/**
 * Where all rules together remember more than `maxMemory` groups, those that remember most lose
 * their lightest: a flood that one rule sees costs the others nothing.
 * @returns how many groups were dropped
 */
export function shrinkAll(rules: Iterable<RuleState>, maxMemory: number): number {
  const all: RuleState[] = [];
  let excess = -maxMemory;
  for (const rule of rules) {
    all.push(rule);
    excess += rule.groups.size;
  }
  // Every batch's digest comes here, and hardly ever is there too much.
  if (excess <= 0) return 0;
  let dropped = 0;
  for (const rule of all.sort((a, b) => b.groups.size - a.groups.size)) {
    if (excess <= 0) break;
    const gone = shrink(rule, Math.max(0, rule.groups.size - excess));
    excess -= gone;
    dropped += gone;
  }
  return dropped;
}

/** Drops the lightest groups of a rule that remembers more than `most`. */
export function shrink(rule: RuleState, most: number): number {
  if (rule.groups.size <= most) return 0;
  const weights = new Map<string, number>();
  for (const [key, group] of rule.groups) weights.set(key, recordsOf(group));
  return forget(rule, heaviest(weights, Math.floor(most * 0.9)).gone);
}

/** What has a memory beyond its slots counts by all it ever had. */
function recordsOf(group: GroupState): number {
  if (group.kept.length > 0) return group.total;
  return group.slots.reduce((sum, slot) => sum + slot.records, 0);
}

function forget(rule: RuleState, keys: readonly string[]): number {
  let dropped = 0;
  for (const key of keys) {
    const group = rule.groups.get(key);
    // What was told must be remembered, or it would be told again; storms bound how many those are.
    if (!group || group.episodes.some(({ notified }) => notified !== undefined)) continue;
    rule.groups.delete(key);
    dropped++;
  }
  return dropped;
}
