/** From firing windows to alerts: one episode of one group is one alert, told once. */
import type { Reason } from '../../alerts/reasons.ts';
import { findsEnds } from '../../detect/index.ts';
import type { MatchedRule } from '../../map/4-match/rule-set.ts';
import type { CompiledRule, Mode } from '../../rules/compiled.ts';
import type { Episode, RuleState } from '../state.ts';
import type { Firing } from './firing.ts';
import type { Held } from './held.ts';
import { keepNamed } from './named.ts';
import { modeAt, noteShadow, promoteBy, spend, withinBudget } from './noise.ts';

export interface Verdict {
  readonly reason: Reason;
  /** What says so, where it is a silence or another rule. */
  readonly held?: Held;
  readonly episode: Episode;
  /** First firing of its episode. */
  readonly opened: boolean;
  /** False where the same slot has fired before: there is nothing new to say or log. */
  readonly news: boolean;
}

/** Storms are counted per rule and aligned five minutes of event time. */
export const STORM_SECONDS = 300;

/** Seconds without a firing after which an alert is over, from the end of its last slot. */
export function quietSeconds({ rule }: MatchedRule, settle: number): number {
  return Math.max(rule.window ?? 0, rule.cooldown) + settle;
}

/**
 * Decides what one firing window is to its group.
 * @param holding asked where nobody was told yet: whether something holds it back
 */
export function judge(
  { matched, memory, group, slot: end }: Pick<Firing, 'matched' | 'memory' | 'group' | 'slot'>,
  settle: number,
  arrival: number,
  holding: () => Held | undefined = () => undefined,
): Verdict {
  const { rule } = matched;
  const reach = quietSeconds(matched, settle) + matched.slot;
  let episode = group.episodes.find((one) => belongs(rule, one, end, reach));
  const opened = episode === undefined;
  if (!episode) {
    episode = { start: end, first: end, last: end, arrival, seq: 0, suppressed: 0 };
    group.episodes.push(episode);
  }
  let news = opened || end > episode.last || end < episode.first;
  episode.first = Math.min(episode.first, end);
  episode.last = Math.max(episode.last, end);
  episode.arrival = Math.max(episode.arrival, arrival);
  promoteBy(rule, memory, end);
  const mode = modeAt(rule, memory, end);
  const waits = awaits(mode, episode);
  const held = waits ? holding() : undefined;
  if (waits && !held && episode.silenced !== undefined) {
    // What a silence that is gone has kept quiet is news, even in the very slot.
    news = true;
    delete episode.silenced;
  }
  const reason = held?.reason ?? reasonOf(rule, mode, memory, episode, end, news, arrival);
  if (reason === 'shadow' && opened) noteShadow(rule, memory, end);
  if (reason === 'notified') {
    episode.notified = end;
    episode.seq++;
  } else if (news) episode.suppressed++;
  return { reason, ...(held && { held }), episode, opened, news };
}

/** @param reach seconds around an episode in which a firing is part of it */
function belongs(rule: CompiledRule, episode: Episode, slot: number, reach: number): boolean {
  const { first, last, over, notified } = episode;
  if (slot >= last + reach || slot <= first - reach) return false;
  // What was found to be over and begins again is held back by the cooldown alone.
  const again = over && slot > last && findsEnds(rule.detect);
  return !again || slot <= (notified ?? first) + rule.cooldown;
}

/** Whether the next firing would be told. */
function awaits(mode: Mode, { notified }: Episode): boolean {
  return mode === 'live' && notified === undefined;
}

function reasonOf(
  rule: CompiledRule,
  mode: Mode,
  state: RuleState,
  episode: Episode,
  end: number,
  news: boolean,
  arrival: number,
): Reason {
  if (mode !== 'live') return mode;
  if (episode.notified !== undefined) {
    return Math.abs(end - episode.notified) <= rule.cooldown ? 'cooldown' : 'open';
  }
  // Folded before in this very slot: a storm counts a firing once.
  if (!news) return 'storm';
  if (!withinBudget(rule, state, episode, end, arrival)) return 'budget';
  const bucket = Math.floor(end / STORM_SECONDS) * STORM_SECONDS;
  let storm = state.storms.get(bucket);
  if (!storm) {
    storm = { sent: 0, folded: 0, told: 0, summaries: 0, arrival, groups: [] };
    state.storms.set(bucket, storm);
  }
  storm.arrival = Math.max(storm.arrival, arrival);
  if (storm.sent < rule.storm) {
    storm.sent++;
    spend(rule, state, end, arrival);
    return 'notified';
  }
  storm.folded++;
  return 'storm';
}

/** Remembers a folded firing for the summary, which names those of the greatest value. */
export function nameFolded(state: RuleState, end: number, value: number, message: string): void {
  const storm = state.storms.get(Math.floor(end / STORM_SECONDS) * STORM_SECONDS);
  if (!storm) return;
  keepNamed(storm.groups, value, message);
}

/** Whether a storm has folded so many that another is only counted, not described. */
export function foldedBeyond(state: RuleState, end: number, bound: number): boolean {
  const storm = state.storms.get(Math.floor(end / STORM_SECONDS) * STORM_SECONDS);
  return storm !== undefined && storm.folded > bound;
}
