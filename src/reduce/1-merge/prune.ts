/** Forgets what can no longer decide anything. */
import type { EngineSettings } from '../../config/snapshot.ts';
import type { MatchedRule } from '../../map/4-match/rule-set.ts';
import { quietSeconds, STORM_SECONDS } from '../2-decide/episodes.ts';
import type { RuleState } from '../state.ts';
import { AHEAD } from './clock.ts';

/**
 * When a span is over: at its end, or when its last record came, if that was later. One dated
 * further ahead than a clock is believed must not stay for years.
 */
function over(end: number, arrival: number): number {
  return Math.max(Math.min(end, arrival + AHEAD), arrival);
}

/**
 * Drops slots that have lived until max(slot end, arrival) + window + lateness, alerts that are long
 * over, groups that have neither, and storms that were told of, in the same time.
 * @param now Unix seconds of arrival
 */
export function pruneRule(
  matched: MatchedRule,
  state: RuleState,
  settings: EngineSettings,
  now: number,
): void {
  const { rule, slot: seconds } = matched;
  const window = rule.window ?? 0;
  const quiet = quietSeconds(rule, settings.settle);
  for (const [key, group] of state.groups) {
    if (group.slots.length > 0) {
      group.slots = group.slots.filter(
        ({ slot, arrival }) => now <= over(slot + seconds, arrival) + window + settings.lateness,
      );
    }
    if (group.episodes.length > 0) {
      group.episodes = group.episodes.filter(
        ({ last, arrival }) => now <= over(last + seconds, arrival) + quiet + settings.lateness,
      );
    }
    if (group.slots.length === 0 && group.episodes.length === 0) state.groups.delete(key);
  }
  for (const minute of state.admitted.keys()) {
    if (Math.abs(now - minute) > window + settings.lateness) state.admitted.delete(minute);
  }
  for (const [bucket, storm] of state.storms) {
    const end = over(bucket + STORM_SECONDS, storm.arrival);
    if (storm.told === storm.folded && now > end + window + settings.lateness) {
      state.storms.delete(bucket);
    }
  }
}
