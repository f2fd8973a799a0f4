import type { SlotTotals } from './kind.ts';

/** Matching records of the slots. */
export function recordsIn(slots: readonly SlotTotals[]): number {
  let total = 0;
  for (const { records } of slots) total += records;
  return total;
}

/** Sum over the slots of the field that the kind names. */
export function sumIn(slots: readonly SlotTotals[]): number {
  let total = 0;
  for (const { sum } of slots) total += sum;
  return total;
}

/** Distinct members of the slots' parts, counted no further than one above the threshold. */
export function membersIn(slots: readonly SlotTotals[], above: number): number {
  if (slots.length === 1) return slots[0].part.length;
  const all = new Set<number>();
  for (const { part } of slots) {
    for (const member of part) {
      all.add(member);
      if (all.size > above) return all.size;
    }
  }
  return all.size;
}
