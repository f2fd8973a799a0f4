/** Something that fired, before it is decided whether anyone is told. */
import type { MatchedRule } from '../../map/4-match/rule-set.ts';
import type { GroupState, RuleState, SlotState } from '../state.ts';

export interface Firing {
  readonly matched: MatchedRule;
  readonly memory: RuleState;
  readonly group: GroupState;
  /** Slot that names the alert if it opens one. */
  readonly slot: number;
  /** What was looked at; Unix seconds, the end is the first second behind it. */
  readonly start: number;
  readonly end: number;
  readonly value: number;
  readonly threshold: number;
  readonly evidence: readonly SlotState[];
  /** When it came to an end, where that is known already. */
  readonly over?: number;
}

/** By slot, rule and group. */
export function compareFirings(a: Firing, b: Firing): number {
  return (
    a.slot - b.slot ||
    compareText(a.matched.rule.id, b.matched.rule.id) ||
    compareText(JSON.stringify(a.group.values), JSON.stringify(b.group.values))
  );
}

export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
