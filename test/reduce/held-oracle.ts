/**
 * Who is told where silences and open alerts of other rules hold back, from the records alone: for
 * each firing every earlier one is asked, and nothing of the engine is used.
 */
import type { CompiledSilence } from '../../src/config/snapshot.ts';
import type { CompiledRule } from '../../src/rules/compiled.ts';
import type { Flow } from './flows.ts';
import { groupsOf, idOf, slotting, thresholdOf, totalOf } from './oracle.ts';

interface Fired {
  readonly rule: CompiledRule;
  readonly group: string;
  readonly values: Readonly<Record<string, unknown>>;
  /** Ascending. */
  readonly slots: readonly number[];
}

const RANKS = ['info', 'low', 'medium', 'high', 'critical'];

/** `rule group slot id` of what is told, sorted by slot, rule and group. */
export function toldOf(
  rules: readonly CompiledRule[],
  silences: readonly CompiledSilence[],
  flows: readonly Flow[],
  settle: number,
): string[] {
  const all = rules.flatMap((rule) => firedOf(rule, flows));
  const quietOf = (rule: CompiledRule) => Math.max(rule.window ?? 0, rule.cooldown) + settle;
  const isHeld = ({ rule, values }: Fired, slot: number) =>
    silences.some((silence) => silenced(silence, rule, values, slot)) ||
    all.some((other) => {
      if (!inhibits(other.rule, rule)) return false;
      const equal = other.rule.inhibits?.equal ?? [];
      if (equal.some((name) => values[name] == null || values[name] !== other.values[name])) {
        return false;
      }
      const { slot: length } = slotting(other.rule);
      return other.slots.some(
        (at) => at + length <= slot && slot < at + 2 * length + quietOf(other.rule),
      );
    });
  const told = all.flatMap((fired) => {
    const { rule, group, slots } = fired;
    const { slot: length } = slotting(rule);
    let start = Number.NEGATIVE_INFINITY;
    let last = Number.NEGATIVE_INFINITY;
    let open = false;
    return slots.flatMap((slot) => {
      if (slot - (last + length) >= quietOf(rule)) {
        start = slot;
        open = false;
      }
      last = slot;
      if (open || isHeld(fired, slot)) return [];
      open = true;
      return [{ rule: rule.id, group, slot, id: idOf(rule.id, group, start) }];
    });
  });
  return told
    .sort((a, b) => a.slot - b.slot || order(a.rule, b.rule) || order(a.group, b.group))
    .map(({ rule, group, slot, id }) => `${rule} ${group} ${slot} ${id}`);
}

function firedOf(rule: CompiledRule, flows: readonly Flow[]): Fired[] {
  const { slot, slots } = slotting(rule);
  return [...groupsOf(rule, flows)].map(([group, own]) => {
    const values = JSON.parse(group) as unknown[];
    const ends = [...new Set(own.map(({ start }) => Math.floor(start / slot) * slot))];
    return {
      rule,
      group,
      values: Object.fromEntries(rule.by.map(({ field }, i) => [field, values[i]])),
      slots: ends
        .sort((a, b) => a - b)
        .filter((end) => {
          const from = end - (slots - 1) * slot;
          const inside = own.filter(({ start }) => start >= from && start < end + slot);
          return totalOf(rule, inside) > thresholdOf(rule);
        }),
    };
  });
}

function inhibits(rule: CompiledRule, other: CompiledRule): boolean {
  if (!rule.inhibits || rule.id === other.id) return false;
  const { rules, equal } = rule.inhibits;
  if (!equal.every((name) => other.by.some(({ field }) => field === name))) return false;
  if (rules) return rules.includes(other.id);
  return RANKS.indexOf(other.severity) < RANKS.indexOf(rule.severity);
}

function silenced(
  { match, from = 0, until = Number.POSITIVE_INFINITY }: CompiledSilence,
  rule: CompiledRule,
  values: Readonly<Record<string, unknown>>,
  slot: number,
): boolean {
  const found = { ...values, rule: rule.id };
  const fields = Object.entries(match);
  return (
    slot >= from &&
    slot < until &&
    fields.every(([name, wanted]) => wanted.includes(String(found[name as keyof typeof found])))
  );
}

function order(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
