/** Groups of an input that was matched in turns: what one turn counted is added to the others'. */
import type { Carried } from '../../detect/kind.ts';
import { mergeParts, type Part } from '../../detect/parts.ts';
import type { GroupDigest } from '../../log/digest.ts';

/** A group and what the bound has left of its records. */
export interface Weighed {
  readonly group: GroupDigest;
  readonly weight: number;
}

/** Groups of equal slot and values become one, in the order in which they first came. */
export function joinGroups(
  all: readonly Weighed[],
  carried: Carried,
  mostSamples: number,
  mostTop: number,
): Weighed[] {
  const joined = new Map<string, Weighed>();
  for (const one of all) {
    const key = JSON.stringify([one.group.slot, one.group.values]);
    const known = joined.get(key);
    if (!known) joined.set(key, one);
    else {
      const part = joinedPart(carried, known.group.part, one.group.part);
      const group = { ...sumOf(known.group, one.group, mostSamples, mostTop), part };
      joined.set(key, { group, weight: known.weight + one.weight });
    }
  }
  return [...joined.values()];
}

/** Members ascend again, as each turn's did. */
function joinedPart(carried: Carried, a: Part, b: Part): Part {
  const part = mergeParts(carried, a, b);
  return carried.what === 'members' ? [...part].sort((x, y) => x - y) : part;
}

function sumOf(
  a: GroupDigest,
  b: GroupDigest,
  mostSamples: number,
  mostTop: number,
): Omit<GroupDigest, 'part'> {
  return {
    slot: a.slot,
    values: a.values,
    records: a.records + b.records,
    bytes: a.bytes + b.bytes,
    packets: a.packets + b.packets,
    sum: a.sum + b.sum,
    first: Math.min(a.first, b.first),
    last: Math.max(a.last, b.last),
    samples: [...a.samples, ...b.samples].slice(0, mostSamples),
    top: Object.fromEntries(
      Object.keys({ ...a.top, ...b.top }).map((field) => [
        field,
        topOf([...(a.top[field] ?? []), ...(b.top[field] ?? [])]).slice(0, mostTop),
      ]),
    ),
  };
}

function topOf(pairs: GroupDigest['top'][string]): [string | number, number][] {
  const counts = new Map<string | number, number>();
  for (const [value, count] of pairs) counts.set(value, (counts.get(value) ?? 0) + count);
  return [...counts].sort(([, a], [, b]) => b - a);
}

export function groupedBy<T, K>(all: readonly T[], keyOf: (one: T) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>();
  for (const one of all) {
    const list = groups.get(keyOf(one));
    if (list) list.push(one);
    else groups.set(keyOf(one), [one]);
  }
  return groups;
}
