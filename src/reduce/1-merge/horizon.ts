/** How far back rules may ask when a source was heard. */
import type { RuleSet } from '../../map/4-match/rule-set.ts';
import { windowSeconds } from '../2-decide/windows.ts';

/** Always kept, for the visibility of alerts; seconds. */
const LEAST = 3_600;
const LONGEST_INTERVAL = 600;

/** Seconds behind its clock that a source's minutes are needed. */
export function minutesNeeded({ rules, snapshot }: RuleSet): number {
  const { lateness, settle } = snapshot.settings;
  let needed = LEAST;
  for (const matched of rules) {
    const { rule } = matched;
    const window = windowSeconds(matched);
    if (rule.detect.kind === 'absent') needed = Math.max(needed, 2 * rule.detect.for);
    if (rule.window !== undefined) needed = Math.max(needed, 2 * window + LONGEST_INTERVAL);
  }
  return needed + lateness + settle;
}
