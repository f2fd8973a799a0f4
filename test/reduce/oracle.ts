/**
 * What a rule must alert, worked out from the records alone and in the plainest way: nothing of the
 * engine is used, and no memory is kept.
 */
import { createHash } from 'node:crypto';
import type { CompiledRule } from '../../src/rules/compiled.ts';
import type { Flow } from './flows.ts';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** An alert's id: base32 by arithmetic on the whole hash. */
export function idOf(rule: string, group: string, slot: number): string {
  const hash = createHash('sha256').update(`${rule}\0${group}\0${slot}`).digest('hex');
  const bits = BigInt(`0x${hash}`);
  return Array.from(
    { length: 26 },
    (_, i) => ALPHABET[Number((bits >> BigInt(251 - 5 * i)) & 31n)],
  ).join('');
}

/** Slot length and number of slots of a window, in seconds. */
export function slotting(rule: CompiledRule): { readonly slot: number; readonly slots: number } {
  if (rule.window === undefined) return { slot: 60, slots: 1 };
  const slot = rule.window <= 900 ? 60 : Math.ceil(rule.window / 15 / 60) * 60;
  return { slot, slots: Math.ceil(rule.window / slot) };
}

/** A group's matching flows, by the JSON of its values. */
export function groupsOf(rule: CompiledRule, flows: readonly Flow[]): Map<string, Flow[]> {
  const groups = new Map<string, Flow[]>();
  for (const flow of flows) {
    if (flow.action !== 'ACCEPT') continue;
    const values = rule.by.map(({ field }) => flow[field as 'srcaddr' | 'dstport']);
    if (rule.by.some(({ optional }, i) => !optional && values[i] === null)) continue;
    const key = JSON.stringify(values);
    groups.set(key, [...(groups.get(key) ?? []), flow]);
  }
  return groups;
}

export function totalOf({ detect }: CompiledRule, flows: readonly Flow[]): number {
  if (detect.kind !== 'sum') return flows.length;
  return flows.reduce((sum, { bytes }) => sum + (bytes ?? 0), 0);
}

export function thresholdOf({ detect }: CompiledRule): number {
  return 'above' in detect ? detect.above : 0;
}

/** Whether some run of n slots of a group exceeds the threshold. */
function isAlerted(rule: CompiledRule, flows: readonly Flow[]): boolean {
  const { slot, slots } = slotting(rule);
  const slotOf = (flow: Flow) => Math.floor(flow.start / slot);
  const numbers = flows.map(slotOf);
  for (let first = Math.min(...numbers) - slots; first <= Math.max(...numbers); first++) {
    const inRun = flows.filter((flow) => slotOf(flow) >= first && slotOf(flow) < first + slots);
    if (totalOf(rule, inRun) > thresholdOf(rule)) return true;
  }
  return false;
}

/** Every (rule, group) that must be alerted, sorted. */
export function alertedGroups(rules: readonly CompiledRule[], flows: readonly Flow[]): string[] {
  return rules
    .flatMap((rule) =>
      [...groupsOf(rule, flows)]
        .filter(([, own]) => isAlerted(rule, own))
        .map(([group]) => `${rule.id} ${group}`),
    )
    .sort();
}

/**
 * Notifications for flows that come in the order of their starts: `rule group slot id`, sorted by
 * slot, rule and group. Here a window ends with the newest record.
 */
export function notifications(
  rules: readonly CompiledRule[],
  flows: readonly Flow[],
  settle: number,
): string[] {
  const found: { slot: number; rule: string; group: string }[] = [];
  for (const rule of rules) {
    const { slot, slots } = slotting(rule);
    const quiet = Math.max(rule.window ?? 0, rule.cooldown) + settle;
    for (const [group, own] of groupsOf(rule, flows)) {
      let last = -Infinity;
      for (const end of [
        ...new Set(own.map(({ start }) => Math.floor(start / slot) * slot)),
      ].sort()) {
        const from = end - (slots - 1) * slot;
        const inWindow = own.filter(({ start }) => start >= from && start < end + slot);
        if (totalOf(rule, inWindow) <= thresholdOf(rule)) continue;
        if (end - (last + slot) >= quiet) found.push({ slot: end, rule: rule.id, group });
        last = end;
      }
    }
  }
  found.sort((a, b) => a.slot - b.slot || order(a.rule, b.rule) || order(a.group, b.group));
  return found.map(
    ({ slot, rule, group }) => `${rule} ${group} ${slot} ${idOf(rule, group, slot)}`,
  );
}

function order(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
