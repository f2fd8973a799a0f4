/** A group's windows: those that a grown slot is in, and those that have become due. */
import type { MatchedRule } from '../../map/4-match/rule-set.ts';
import type { GroupState, SlotState } from '../state.ts';

export interface Window {
  /** The window's last slot, which names it. */
  readonly end: number;
  readonly slots: readonly SlotState[];
}

/** Seconds that a rule's window really is: its slots together. */
export function windowSeconds({ slot, slots }: MatchedRule): number {
  return slot * slots;
}

/**
 * Windows that hold slot `changed` and end in a slot with records, by end. Where values only grow a
 * window without a record at its end exceeds a threshold only if an earlier one does.
 */
export function windowsWith(
  { slot: seconds, slots: length }: MatchedRule,
  group: GroupState,
  changed: number,
): Window[] {
  const windows: Window[] = [];
  const reach = (length - 1) * seconds;
  const all = group.slots;
  let from = 0;
  for (let i = 0; i < all.length; i++) {
    const end = all[i].slot;
    if (end > changed + reach) break;
    while (all[from].slot < end - reach) from++;
    if (end >= changed) windows.push({ end, slots: all.slice(from, i + 1) });
  }
  return windows;
}

/**
 * Windows that are over in (from, to], by end: every run of slots with a record in it, also those
 * that end in a slot without one.
 * @param waits seconds that a window waits beyond its end
 */
export function* windowsDue(
  { slot: seconds, slots: length }: MatchedRule,
  group: GroupState,
  from: number,
  to: number,
  waits: number,
): Generator<Window> {
  const reach = (length - 1) * seconds;
  const all = group.slots;
  // The first slot that ends, with what it waits for, after `from`.
  const least = Math.floor((from - waits) / seconds) * seconds;
  let first = 0;
  for (let i = 0; i < all.length; i++) {
    // From this slot on, up to where the next one takes over.
    const until = Math.min(all[i].slot + reach, (all[i + 1]?.slot ?? Infinity) - seconds);
    for (let end = Math.max(all[i].slot, least); end <= until; end += seconds) {
      if (end + seconds + waits > to) return;
      while (all[first].slot < end - reach) first++;
      yield { end, slots: all.slice(first, i + 1) };
    }
  }
}
