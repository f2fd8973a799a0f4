/** From firing windows to alerts: one episode of one group is one alert, told once. */
import type { CompiledRule } from '../../rules/compiled.ts';
import type { Episode, GroupState, RuleState } from '../state.ts';

/** Why a firing was or was not told; logged with each decision. */
export type Reason = 'notified' | 'cooldown' | 'open' | 'shadow' | 'signal' | 'storm';

export interface Verdict {
  readonly reason: Reason;
  readonly episode: Episode;
  /** First firing of its episode. */
  readonly opened: boolean;
  /** False where the same slot has fired before: there is nothing new to say or log. */
  readonly news: boolean;
}

/** Storms are counted per rule and aligned five minutes of event time. */
export const STORM_SECONDS = 300;
/** Folded groups that a storm's summary names. */
const STORM_NAMES = 10;

/** Seconds without a firing after which an alert is over. */
export function quietSeconds(rule: CompiledRule, settle: number): number {
  return Math.max(rule.window ?? 0, rule.cooldown) + settle;
}

/**
 * Decides what one firing window is to its group.
 * @param end the window's last slot, which names the alert when it opens one
 */
export function judge(
  rule: CompiledRule,
  state: RuleState,
  group: GroupState,
  end: number,
  slotSeconds: number,
  settle: number,
  arrival: number,
): Verdict {
  const reach = quietSeconds(rule, settle) + slotSeconds;
  let episode = group.episodes.find((one) => end < one.last + reach && end > one.first - reach);
  const opened = episode === undefined;
  if (!episode) {
    episode = { start: end, first: end, last: end, arrival, seq: 0, suppressed: 0 };
    group.episodes.push(episode);
  }
  const news = opened || end > episode.last || end < episode.first;
  episode.first = Math.min(episode.first, end);
  episode.last = Math.max(episode.last, end);
  episode.arrival = Math.max(episode.arrival, arrival);
  const reason = reasonOf(rule, state, episode, end, news, arrival);
  if (reason === 'notified') {
    episode.notified = end;
    episode.seq++;
  } else if (news) episode.suppressed++;
  return { reason, episode, opened, news };
}

function reasonOf(
  rule: CompiledRule,
  state: RuleState,
  episode: Episode,
  end: number,
  news: boolean,
  arrival: number,
): Reason {
  if (rule.mode !== 'live') return rule.mode;
  if (episode.notified !== undefined) {
    return Math.abs(end - episode.notified) <= rule.cooldown ? 'cooldown' : 'open';
  }
  // Folded before in this very slot: a storm counts a firing once.
  if (!news) return 'storm';
  const bucket = Math.floor(end / STORM_SECONDS) * STORM_SECONDS;
  let storm = state.storms.get(bucket);
  if (!storm) {
    storm = { sent: 0, folded: 0, told: 0, summaries: 0, arrival, groups: [] };
    state.storms.set(bucket, storm);
  }
  storm.arrival = Math.max(storm.arrival, arrival);
  if (storm.sent < rule.storm) {
    storm.sent++;
    return 'notified';
  }
  storm.folded++;
  return 'storm';
}

/** Remembers the group of a folded firing for the summary. */
export function nameFolded(state: RuleState, end: number, group: string): void {
  const storm = state.storms.get(Math.floor(end / STORM_SECONDS) * STORM_SECONDS);
  if (storm && storm.groups.length < STORM_NAMES) storm.groups.push(group);
}

/** Whether a storm has folded so many that another is only counted, not described. */
export function foldedBeyond(state: RuleState, end: number, bound: number): boolean {
  const storm = state.storms.get(Math.floor(end / STORM_SECONDS) * STORM_SECONDS);
  return storm !== undefined && storm.folded > bound;
}
