/** Merges what digests say of a group into its slots. */
import type { Carried } from '../../detect/kind.ts';
import { mergeParts } from '../../detect/parts.ts';
import { type GroupDigest, type GroupValues, type Sample, TALKERS } from '../../log/digest.ts';
import {
  type GroupState,
  newGroupState,
  type RuleState,
  type SlotState,
  type TopCounts,
} from '../state.ts';
import { admit } from './admission.ts';
import { isEmpty, talkersOf, topOfDigest } from './sample-top.ts';
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
  return { group: dropped === 0 ? group : memory.groups.get(key), dropped };
}

/** Adds to the group's slot and returns it. */
export function mergeGroup(
  group: GroupState,
  digest: GroupDigest,
  arrival: number,
  source: number,
  carried: Carried,
): SlotState {
  group.total += digest.records;
  const at = placeOf(group, digest.slot);
  const slot = group.slots[at];
  if (slot?.slot !== digest.slot) {
    const made = newSlot(digest, arrival, source);
    if (at === group.slots.length) group.slots.push(made);
    else group.slots.splice(at, 0, made);
    return made;
  }
  slot.part = mergeParts(carried, slot.part, digest.part);
  // As long as samples are all there is, they tell the most frequent values when those are wanted.
  if (!isSampled(slot) || !isSampled(digest) || slot.records + digest.records > MOST_SAMPLES) {
    const known = topOfDigest(slot);
    slot.top = isLone(digest)
      ? joinSample(known, digest.samples[0])
      : joinTop(known, topOfDigest(digest));
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

/** Most digests of a group: there are no top values to be made of them first. */
function isLone({ records, samples, top }: GroupDigest): boolean {
  return records === 1 && samples.length === 1 && isEmpty(top);
}

/** Where the slot is, or where it would have to be put. */
function placeOf({ slots }: GroupState, slot: number): number {
  let at = slots.length;
  while (at > 0 && slots[at - 1].slot >= slot) at--;
  return at;
}

function newSlot(digest: GroupDigest, arrival: number, source: number): SlotState {
  const { records, samples } = digest;
  return {
    slot: digest.slot,
    arrival: Math.max(0, arrival),
    records,
    bytes: digest.bytes,
    packets: digest.packets,
    sum: digest.sum,
    first: digest.first,
    last: Math.max(0, digest.last),
    samples: joinSamples([], samples),
    top: isSampled(digest) && records <= MOST_SAMPLES ? {} : joinTop({}, topOfDigest(digest)),
    sources: [[source, records]],
    part: digest.part,
  };
}

export function joinSamples(a: readonly Sample[], b: readonly Sample[]): readonly Sample[] {
  if (a.length >= MOST_SAMPLES || b.length === 0) return a;
  if (a.length === 0 && b.length <= MOST_SAMPLES) return b;
  return [...a, ...b].slice(0, MOST_SAMPLES);
}

export function joinTop(a: GroupDigest['top'], b: GroupDigest['top']): TopCounts {
  const out: TopCounts = { ...a };
  for (const field in b) {
    const sum = [...(out[field] ?? [])];
    for (const [value, count] of b[field]) addTo(sum, value, count);
    out[field] = cut(sum);
  }
  return out;
}

/** The same as `joinTop` with the top values of one sample: mostly nothing changes, and nothing is made. */
function joinSample(a: TopCounts, sample: Sample): TopCounts {
  let out: Record<string, TopCounts[string]> | undefined;
  const values = talkersOf(sample);
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (value === undefined) continue;
    const field = TALKERS[i];
    const known = a[field] ?? NO_COUNTS;
    const sum = withOne(known, value);
    if (sum === known) continue;
    out ??= { ...a };
    out[field] = sum;
  }
  return out ?? a;
}

const NO_COUNTS: TopCounts[string] = [];

/** @param counts most frequent first; where there is no room, one more value changes nothing */
function withOne(counts: TopCounts[string], value: string | number): TopCounts[string] {
  let at = 0;
  while (at < counts.length && counts[at][0] !== value) at++;
  if (at === counts.length) return at < MOST_TOP ? [...counts, [value, 1]] : counts;
  const sum = counts.slice();
  const count = sum[at][1] + 1;
  for (; at > 0 && sum[at - 1][1] < count; at--) sum[at] = sum[at - 1];
  sum[at] = [value, count];
  return sum;
}

/** The most frequent ones, of equal ones the first: by insertion, since hardly any is out of place. */
function cut<K>(counts: (readonly [K, number])[]): (readonly [K, number])[] {
  for (let i = 1; i < counts.length; i++) {
    const one = counts[i];
    let at = i;
    for (; at > 0 && counts[at - 1][1] < one[1]; at--) counts[at] = counts[at - 1];
    counts[at] = one;
  }
  if (counts.length > MOST_TOP) counts.length = MOST_TOP;
  return counts;
}

/** The counts with another one added; those given stay as they are. */
export function addCount<K>(
  counts: readonly (readonly [K, number])[],
  key: K,
  count: number,
): (readonly [K, number])[] {
  const sum = counts.slice();
  addTo(sum, key, count);
  return sum;
}

function addTo<K>(counts: (readonly [K, number])[], key: K, count: number): void {
  for (let i = 0; i < counts.length; i++) {
    if (counts[i][0] !== key) continue;
    counts[i] = [key, counts[i][1] + count];
    return;
  }
  counts.push([key, count]);
}
