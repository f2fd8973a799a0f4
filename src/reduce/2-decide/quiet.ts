/** What becomes of open alerts as time passes: told again, or over. */
import { findsEnds, kindOf } from '../../detect/index.ts';
import type { MatchedRule } from '../../map/4-match/rule-set.ts';
import { heardFrom } from '../1-merge/source-minutes.ts';
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
  // What would end it at that very second is not known yet, where that is found and not waited for.
  const until = findsEnds(matched.rule.detect) ? to : to + 1;
  for (const group of memory.groups.values()) {
    // Hardly any group has an alert, and every minute asks all of them.
    if (group.episodes.length === 0) continue;
    for (const episode of group.episodes) {
      if (episode.over) continue;
      const end = endOf(state, matched, group, episode, settle);
      if (end === undefined || end > to) yield* repetitions(matched, group, episode, until);
      else yield* closing(matched, group, episode, end);
    }
  }
}

/** What is due of an open alert's repetitions. @param until event time, exclusive */
function* repetitions(
  matched: MatchedRule,
  group: GroupState,
  episode: Episode,
  until: number,
): Generator<Sequel> {
  const { repeat } = matched.rule;
  if (repeat === undefined || !isTold(matched, episode)) return;
  let slot = (episode.repeated ?? episode.notified ?? episode.first) + repeat;
  for (; slot < until; slot += repeat) {
    episode.repeated = slot;
    yield { matched, group, episode, status: 'updated', slot };
  }
}

/** Closes an episode: its last repetitions, and that it is over, where somebody waits for it. */
export function* closing(
  matched: MatchedRule,
  group: GroupState,
  episode: Episode,
  end: number,
): Generator<Sequel> {
  yield* repetitions(matched, group, episode, end);
  episode.over = true;
  if (!matched.rule.resolve || !isTold(matched, episode)) return;
  yield { matched, group, episode, status: 'resolved', slot: end };
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
  if (findsEnds(matched.rule.detect)) return foundEnd(state, matched, group, episode);
  const kind = kindOf(matched.rule.detect);
  const waits = kind.timing === 'settles' ? (kind.waits ?? 0) * windowSeconds(matched) : 0;
  const late = kind.timing === 'grows' ? 0 : settle;
  return episode.last + matched.slot + waits + quietSeconds(matched, late);
}

/** When a kind that says so has found an alert to be over; undefined while it lasts. */
export function foundEnd(
  { sources }: ShardState,
  { rule: { detect } }: MatchedRule,
  { names, kept }: GroupState,
  { ended, last }: Episode,
): number | undefined {
  const kind = kindOf(detect);
  if (ended !== undefined || kind.timing !== 'history') return ended;
  // A silent source is heard again; a silent group is seen again.
  if (names === undefined) return kind.endedAt?.(detect, kept, last);
  const source = sources[kept[0]];
  return source && heardFrom(source, last);
}
