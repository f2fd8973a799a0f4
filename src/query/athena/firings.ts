/** Rows of a query as the alerts that the engine would make of them. */
import type { RecordMap } from '../../alerts/alert.ts';
import { groupKey } from '../../reduce/1-merge/group-memory.ts';
import { alertId } from '../../reduce/2-decide/alert-id.ts';
import { quietSeconds } from '../../reduce/2-decide/episodes.ts';
import type { CompiledRule } from '../../rules/compiled.ts';
import { isNumeric } from './sql-text.ts';

/** A row of a query: the group's values as text, `-` where absent. */
export interface FiringRow {
  readonly keys: readonly string[];
  /** Unix seconds. */
  readonly slot: number;
  readonly value: number;
}

/** One episode of one group. */
export interface FoundAlert {
  readonly id: string;
  readonly group: RecordMap;
  /** First and last slot that fired; Unix seconds. */
  readonly slot: number;
  readonly last: number;
  /** The greatest of its windows' values. */
  readonly value: number;
}

type Asked = Parameters<typeof quietSeconds>[0];

/**
 * Firings as episodes: those of one group that follow each other within window, cooldown and settle are
 * one alert, with the id that the service gives it.
 * @param slot seconds a slot of the rule
 * @returns by first slot and group
 */
export function alertsOfFirings(
  rule: CompiledRule,
  rows: readonly FiringRow[],
  { slot, settle }: { readonly slot: number; readonly settle: number },
): FoundAlert[] {
  const reach = quietSeconds({ rule } as Asked, settle) + slot;
  const open = new Map<
    string,
    { first: number; last: number; value: number; keys: readonly string[] }
  >();
  const found: (typeof open extends Map<string, infer E> ? E : never)[] = [];
  for (const { keys, slot: end, value } of [...rows].sort((a, b) => a.slot - b.slot)) {
    const name = keys.join(' ');
    const episode = open.get(name);
    if (episode && end < episode.last + reach) {
      episode.last = end;
      episode.value = Math.max(episode.value, value);
      continue;
    }
    const opened = { first: end, last: end, value, keys };
    open.set(name, opened);
    found.push(opened);
  }
  return found.map(({ first, last, value, keys }) => {
    const values = rule.by.map(({ field }, i) => valueOfKey(field, keys[i]));
    const group = rule.by.map(({ field }, i) => [field, values[i]] as const);
    return {
      id: alertId(rule.id, groupKey(values), first),
      group: Object.fromEntries(
        group.filter((one): one is [string, string | number] => one[1] !== null),
      ),
      slot: first,
      last,
      value,
    };
  });
}

function valueOfKey(field: string, key: string): string | number | null {
  if (key === '-') return null;
  return isNumeric(field) ? Number(key) : key;
}
