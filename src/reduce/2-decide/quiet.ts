/** What becomes of open alerts as time passes: told again, or over. */
import { kindOf } from '../../detect/index.ts';
import type { MatchedRule } from '../../map/4-match/rule-set.ts';
import type { Episode, GroupState, RuleState, ShardState } from '../state.ts';
import { quietSeconds } from './episodes.ts';
import { windowSeconds } from './windows.ts';

/** A message about an alert that was told before. */
export interface Sequel {
  readonly matched: MatchedRule;
  readonly group: GroupState;
  readonly episode: Episode;
  readonly status: 'updated' | 'resolved';
  /** When it was due; Unix seconds. */
  readonly slot: number;
}

/**
 * Repetitions and ends that are due.
 * @param to event time that is certain, settle passed
 * @param settle seconds; what is judged that late may go on for as long after its last firing
 */
export function* sequels(
  state: ShardState,
  rules: ReadonlyMap<string, MatchedRule>,
  to: number,
  settle: number,
): Generator<Sequel> {
  for (const [id, memory] of state.rules) {
    const matched = rules.get(id);
    if (matched) yield* ofRule(state, matched, memory, to, settle);
  }
}

function* ofRule(
  state: ShardState,
  matched: MatchedRule,
  memory: RuleState,
  to: number,
  settle: number,
): Generator<Sequel> {
  const { rule } = matched;
  for (const group of memory.groups.values()) {
    // Hardly any group has an alert, and every minute asks all of them.
    if (group.episodes.length === 0) continue;
    for (const episode of group.episodes) {
      if (episode.over) continue;
      const end = endOf(state, matched, group, episode, settle);
      const told = isTold(matched, episode);
      if (told && rule.repeat !== undefined) {
        const until = Math.min(end ?? Infinity, to + 1);
        let slot = (episode.repeated ?? episode.notified ?? episode.first) + rule.repeat;
        for (; slot < until; slot += rule.repeat) {
          episode.repeated = slot;
          yield { matched, group, episode, status: 'updated', slot };
        }
      }
      if (end === undefined || end > to) continue;
      const last = closing(matched, group, episode, end);
      if (last) yield last;
    }
  }
}

/** Closes an episode. @returns the message that it is over, where somebody waits for it */
export function closing(
  matched: MatchedRule,
  group: GroupState,
  episode: Episode,
  end: number,
): Sequel | undefined {
  episode.over = true;
  if (!matched.rule.resolve || !isTold(matched, episode)) return undefined;
  return { matched, group, episode, status: 'resolved', slot: end };
}

function isTold({ rule }: MatchedRule, episode: Episode): boolean {
  // A rule that was promoted in shadow has told, and must say when it is over.
  return (rule.mode === 'live' || rule.promote !== undefined) && episode.told !== undefined;
}

/** When an alert is over, as far as is known; settle comes on top. */
function endOf(
  state: ShardState,
  matched: MatchedRule,
  group: GroupState,
  episode: Episode,
  settle: number,
): number | undefined {
  if (episode.ended !== undefined) return episode.ended;
  const kind = kindOf(matched.rule.detect);
  if (kind.timing === 'history' && kind.endedAt) {
    // A silent source is heard again; a silent group is seen again.
    if (group.names === undefined) {
      return kind.endedAt(matched.rule.detect, group.kept, episode.last);
    }
    const heard = state.sources[group.kept[0]]?.heard ?? 0;
    return heard > episode.last ? heard : undefined;
  }
  const waits = kind.timing === 'settles' ? (kind.waits ?? 0) * windowSeconds(matched) : 0;
  const late = kind.timing === 'grows' ? 0 : settle;
  return episode.last + matched.slot + waits + quietSeconds(matched, late);
}
