/** A group's windows once a slot has grown, and which of them exceed the threshold. */

import { kindOf } from '../../detect/index.ts';
import type { MatchedRule } from '../../map/4-match/rule-set.ts';
import type { GroupState, SlotState } from '../state.ts';

export interface Window {
  /** The window's last slot. */
  readonly end: number;
  readonly value: number;
  readonly slots: readonly SlotState[];
}

/**
 * Windows that hold slot `changed` and end in a slot with records, by end. Sums only grow, so that a
 * window without a record at its end exceeds a threshold only if an earlier one does.
 */
export function* windowsWith(
  matched: MatchedRule,
  group: GroupState,
  changed: number,
): Generator<Window> {
  const { rule, slot: seconds, slots: length } = matched;
  const kind = kindOf(rule.detect);
  const reach = (length - 1) * seconds;
  for (const { slot: end } of group.slots) {
    if (end < changed || end > changed + reach) continue;
    const slots = group.slots.filter(({ slot }) => slot <= end && slot >= end - reach);
    const value = slots.reduce((sum, slot) => sum + kind.contribution(slot), 0);
    yield { end, value, slots };
  }
}

/** What a rule's window must exceed. */
export function thresholdOf({ rule }: MatchedRule): number {
  return kindOf(rule.detect).threshold(rule.detect);
}
