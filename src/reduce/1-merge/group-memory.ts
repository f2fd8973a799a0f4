/** Merges what digests say of a group into its slots. */
import type { Carried } from '../../detect/kind.ts';
import { mergeParts } from '../../detect/parts.ts';
import type { GroupDigest, GroupValues, Sample } from '../../log/digest.ts';
import {
  type GroupState,
  newGroupState,
  type RuleState,
  type SlotState,
  type TopCounts,
} from '../state.ts';
import { admit } from './admission.ts';
import { topOfDigest } from './sample-top.ts';
import { minuteOf } from './source-minutes.ts';

/** Samples an alert shows. */
const MOST_SAMPLES = 5;
/** Values of a field remembered for a slot. */
const MOST_TOP = 10;

/** Names a group within its rule. JSON tells the text "22" from the number 22. */
export function groupKey(values: GroupValues): string {
  return JSON.stringify(values);
}

/**
 * The group of a digest, made if it is new and there is room.
 * @returns no group where the bound has no room for it, and how many groups had to go
 */
export function groupFor(
  memory: RuleState,
  digest: Pick<GroupDigest, 'slot' | 'values' | 'records'>,
  maxGroups: number,
): { readonly group: GroupState | undefined; readonly dropped: number } {
  const key = groupKey(digest.values);
  let group = memory.groups.get(key);
  if (!group) {
    group = newGroupState(digest.values, minuteOf(digest.slot));
    memory.groups.set(key, group);
  }
  const dropped = admit(memory, key, group, digest.records, maxGroups);
  return { group: memory.groups.get(key), dropped };
}

/** Adds to the group's slot and returns it. */
export function mergeGroup(
  group: GroupState,
  digest: GroupDigest,
  arrival: number,
  source: number,
  carried: Carried,
): SlotState {
  const slot = slotAt(group, digest.slot);
  group.total += digest.records;
  slot.part = mergeParts(carried, slot.part, digest.part);
  // As long as samples are all there is, they tell the most frequent values when those are wanted.
  if (!isSampled(slot) || !isSampled(digest) || slot.records + digest.records > MOST_SAMPLES) {
    slot.top = joinTop(topOfDigest(slot), topOfDigest(digest));
  }
  slot.arrival = Math.max(slot.arrival, arrival);
  slot.records += digest.records;
  slot.bytes += digest.bytes;
  slot.packets += digest.packets;
  slot.sum += digest.sum;
  slot.first = Math.min(slot.first, digest.first);
  slot.last = Math.max(slot.last, digest.last);
  slot.samples = joinSamples(slot.samples, digest.samples);
  slot.sources = addCount(slot.sources, source, digest.records);
  return slot;
}

/** Whether the samples are all of the records. */
function isSampled({ records, samples }: Pick<GroupDigest, 'records' | 'samples'>): boolean {
  return samples.length === records;
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
    part: [],
  };
  group.slots.splice(at, 0, made);
  return made;
}

export function joinSamples(a: readonly Sample[], b: readonly Sample[]): readonly Sample[] {
  if (a.length >= MOST_SAMPLES || b.length === 0) return a;
  return [...a, ...b].slice(0, MOST_SAMPLES);
}

export function joinTop(a: GroupDigest['top'], b: GroupDigest['top']): TopCounts {
  const out: TopCounts = { ...a };
  for (const field in b) {
    const counts = b[field];
    let sum = out[field] ?? [];
    for (const [value, count] of counts) sum = addCount(sum, value, count);
    out[field] = [...sum].sort((x, y) => y[1] - x[1]).slice(0, MOST_TOP);
  }
  return out;
}

export function addCount<K>(
  counts: readonly (readonly [K, number])[],
  key: K,
  count: number,
): (readonly [K, number])[] {
  const at = counts.findIndex(([known]) => known === key);
  if (at < 0) return [...counts, [key, count]];
  return counts.map((one, i) => (i === at ? ([key, one[1] + count] as const) : one));
}
