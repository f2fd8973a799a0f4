/** Merges what digests say of a group into its slots. */
import type { GroupDigest, GroupValues, Sample } from '../../log/digest.ts';
import type { GroupState, SlotState, TopCounts } from '../state.ts';
import { topOfDigest } from './sample-top.ts';

/** Samples an alert shows. */
const MOST_SAMPLES = 5;
/** Values of a field remembered for a slot. */
const MOST_TOP = 10;

/** Names a group within its rule. JSON tells the text "22" from the number 22. */
export function groupKey(values: GroupValues): string {
  return JSON.stringify(values);
}

/** Adds to the group's slot and returns it. */
export function mergeGroup(
  group: GroupState,
  digest: GroupDigest,
  arrival: number,
  source: number,
): SlotState {
  const slot = slotAt(group, digest.slot);
  slot.arrival = Math.max(slot.arrival, arrival);
  slot.records += digest.records;
  slot.bytes += digest.bytes;
  slot.packets += digest.packets;
  slot.sum += digest.sum;
  slot.first = Math.min(slot.first, digest.first);
  slot.last = Math.max(slot.last, digest.last);
  slot.samples = joinSamples(slot.samples, digest.samples);
  slot.top = joinTop(slot.top, topOfDigest(digest));
  slot.sources = addCount(slot.sources, source, digest.records);
  return slot;
}

function slotAt(group: GroupState, slot: number): SlotState {
  let at = group.slots.length;
  while (at > 0 && group.slots[at - 1].slot >= slot) at--;
  const found = group.slots[at];
  if (found?.slot === slot) return found;
  const made: SlotState = {
    slot,
    arrival: 0,
    records: 0,
    bytes: 0,
    packets: 0,
    sum: 0,
    first: Infinity,
    last: 0,
    samples: [],
    top: {},
    sources: [],
  };
  group.slots.splice(at, 0, made);
  return made;
}

export function joinSamples(a: readonly Sample[], b: readonly Sample[]): readonly Sample[] {
  if (a.length >= MOST_SAMPLES || b.length === 0) return a;
  return [...a, ...b].slice(0, MOST_SAMPLES);
}

export function joinTop(a: TopCounts, b: GroupDigest['top']): TopCounts {
  const out: TopCounts = { ...a };
  for (const [field, counts] of Object.entries(b)) {
    let sum = out[field] ?? [];
    for (const [value, count] of counts) sum = addCount(sum, value, count);
    out[field] = [...sum].sort((x, y) => y[1] - x[1]).slice(0, MOST_TOP);
  }
  return out;
}

function addCount<K>(
  counts: readonly (readonly [K, number])[],
  key: K,
  count: number,
): (readonly [K, number])[] {
  const at = counts.findIndex(([known]) => known === key);
  if (at < 0) return [...counts, [key, count]];
  return counts.map((one, i) => (i === at ? ([key, one[1] + count] as const) : one));
}
