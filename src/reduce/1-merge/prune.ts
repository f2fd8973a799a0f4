/** Forgets what can no longer decide anything. */
import type { EngineSettings } from '../../config/snapshot.ts';
import { kindOf } from '../../detect/index.ts';
import type { MatchedRule } from '../../map/4-match/rule-set.ts';
import { quietSeconds, STORM_SECONDS } from '../2-decide/episodes.ts';
import { forgetDays } from '../2-decide/noise.ts';
import { windowSeconds } from '../2-decide/windows.ts';
import type { GroupState, RuleState, SlotState } from '../state.ts';
import { AHEAD } from './clock.ts';

const DAY = 86_400;
/** A connection goes on after two intervals of ten minutes, and its last flow may have taken another. */
const LOOK_BACK = 1_800;

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
 * @param settled event time up to which everything was judged
 */
export function pruneRule(
  matched: MatchedRule,
  state: RuleState,
  settings: EngineSettings,
  now: number,
  settled: number,
): void {
  const { slot: seconds } = matched;
  const kind = kindOf(matched.rule.detect);
  const window = windowSeconds(matched);
  const back = matched.carried.what === 'connections' ? LOOK_BACK : 0;
  const waits = kind.timing === 'settles' ? (kind.waits ?? 0) * window + settings.settle + back : 0;
  const life = (matched.rule.window === undefined ? 0 : window) + waits + settings.lateness;
  const quiet = quietSeconds(matched, settings.settle);
  for (const [key, group] of state.groups) {
    if (kind.timing === 'history') pruneFuture(group, settled, settings.lateness, now);
    else {
      const unjudged = kind.timing === 'settles' ? settled - window - seconds - waits : Infinity;
      pruneSlots(group, seconds, life, now, unjudged);
    }
    if (group.episodes.length > 0) {
      group.episodes = group.episodes.filter(
        ({ last, arrival, over: ended }) =>
          !ended || now <= over(last + seconds, arrival) + quiet + settings.lateness,
      );
    }
    const remembers = remembersMore(matched, group, settled);
    if (group.slots.length === 0 && group.episodes.length === 0 && !remembers) {
      state.groups.delete(key);
    }
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
  forgetDays(state, now, settings.lateness);
  pruneAnswers(state, Math.min(settled, now) - 3 * window - settings.lateness);
}

/** @param unjudged slots after this may be in windows that are still to be judged */
function pruneSlots(
  group: GroupState,
  seconds: number,
  life: number,
  now: number,
  unjudged: number,
): void {
  const stays = ({ slot, arrival }: SlotState) =>
    now <= over(slot + seconds, arrival) + life || Math.min(slot, arrival + AHEAD) > unjudged;
  for (const one of group.slots) {
    if (!stays(one)) group.forgotten = Math.max(group.forgotten ?? 0, one.slot);
  }
  if (group.slots.some((one) => !stays(one))) group.slots = group.slots.filter(stays);
}

/** Slots of a history go when they are settled; those dated far ahead would wait for it for years. */
function pruneFuture(group: GroupState, settled: number, lateness: number, now: number): void {
  const stays = ({ slot, arrival }: SlotState) =>
    slot <= settled || now <= over(slot, arrival) + lateness + DAY;
  if (!group.slots.every(stays)) group.slots = group.slots.filter(stays);
}

/** What the kind remembers of a group beside slots and alerts. */
function remembersMore(matched: MatchedRule, group: GroupState, settled: number): boolean {
  const { rule, slot } = matched;
  const kind = kindOf(rule.detect);
  if (group.names !== undefined) return false;
  if (kind.timing === 'settles')
    return kind.trim?.(rule.detect, group.kept, settled, windowSeconds(matched)) ?? false;
  if (kind.timing !== 'history') return false;
  if (group.slots.some((one) => one.slot + slot > settled)) return true;
  const matters = kind.trim(rule.detect, group.kept, settled);
  if (!matters && group.kept.length > 0) group.slots = [];
  return matters;
}

function pruneAnswers({ answers }: RuleState, oldest: number): void {
  for (const [tuple, starts] of answers) {
    if (starts[starts.length - 1] < oldest) answers.delete(tuple);
    else while (starts[0] < oldest) starts.shift();
  }
}
