/** Judges what has had its time: each window and each gap once. */
import { kindOf } from '../../detect/index.ts';
import { shortestInterval } from '../../detect/interval.ts';
import type { HistoryKind, Horizon, SourceKind, WindowKind } from '../../detect/kind.ts';
import type { MatchedRule } from '../../map/4-match/rule-set.ts';
import { heardAround, linesBetween, minuteOf } from '../1-merge/source-minutes.ts';
import type { GroupState, RuleState, SlotState, SourceState } from '../state.ts';
import type { Firing } from './firing.ts';
import { sourceGroup } from './source-group.ts';
import { GroupView, intervalOf, type Surroundings, View } from './view.ts';
import { windowSeconds, windowsDue } from './windows.ts';

const MINUTE = 60;

/** What has become certain: what ended in (from, to] is settled, and until `passed` nothing came. */
export interface Settled {
  readonly from: number;
  readonly to: number;
  readonly passed: number;
  /** Silence is told of all sources together: in replay a source is a file, which ends. */
  readonly together: boolean;
  /** Told of a rule that would have to guess at a source's aggregation interval. */
  readonly onUnfit: (matched: MatchedRule) => void;
}

export function* settleRule(
  around: Surroundings,
  matched: MatchedRule,
  memory: RuleState,
  settled: Settled,
): Generator<Firing> {
  const kind = kindOf(matched.rule.detect);
  const isFit = fitness(around, matched, settled);
  switch (kind.timing) {
    case 'grows':
      return;
    case 'settles':
      for (const group of memory.groups.values()) {
        if (isFit(group)) {
          yield* dueWindows(kind, around, matched, memory, group, settled);
        }
      }
      return;
    case 'history':
      for (const group of [...memory.groups.values()]) {
        if (group.names === undefined) {
          yield* history(kind, around, matched, memory, group, settled, isFit);
        }
      }
      return;
    case 'sources':
      yield* sources(kind, around, matched, memory, settled);
  }
}

/**
 * Whether the group's sources are cut finely enough for kinds that judge by gaps: with ten minutes
 * between records, silence and rhythm of less than that would be guessed.
 */
function fitness(
  around: Surroundings,
  matched: MatchedRule,
  { onUnfit }: Settled,
): (group: GroupState) => boolean {
  const { rule } = matched;
  const byGaps = rule.detect.kind === 'absent' || rule.detect.kind === 'beacon';
  if (!byGaps || shortestInterval(rule) !== MINUTE) return () => true;
  return (group) => {
    if (intervalOf(around, group.slots) <= MINUTE) return true;
    onUnfit(matched);
    return false;
  };
}

function* dueWindows(
  kind: WindowKind,
  around: Surroundings,
  matched: MatchedRule,
  memory: RuleState,
  group: GroupState,
  { from, to }: Settled,
): Generator<Firing> {
  const waits = (kind.waits ?? 0) * windowSeconds(matched);
  const shared = new GroupView(around, group);
  for (const window of windowsDue(matched, group, from, to, waits)) {
    const view = new View(around, matched, memory, group, window, shared);
    const { value, threshold, fires } = kind.judge(matched.rule.detect, view);
    if (!fires) continue;
    const { start, end } = view;
    const evidence = window.slots;
    yield { matched, memory, group, slot: window.end, start, end, value, threshold, evidence };
  }
}

function* history(
  kind: HistoryKind,
  around: Surroundings,
  matched: MatchedRule,
  memory: RuleState,
  group: GroupState,
  { to, passed, together }: Settled,
  isFit: (group: GroupState) => boolean,
): Generator<Firing> {
  const { state } = around;
  const { detect } = matched.rule;
  const count = group.slots.findIndex(({ slot }) => slot + MINUTE > to);
  const pending = count < 0 ? group.slots : group.slots.slice(0, count);
  if (pending.length === 0) return;
  if (!isFit(group)) {
    for (const slot of pending) kind.late(detect, group.kept, slot);
    group.slots = group.slots.slice(pending.length);
    return;
  }
  const horizon: Horizon = {
    settled: to,
    passed,
    ends: together,
    since: memory.since,
    silenceAfter: (evidence, time) => {
      const numbers = together
        ? state.sources.map((_, i) => i)
        : (evidence as SlotState).sources.map(([number]) => number);
      const known = numbers.flatMap((number) => state.sources[number] ?? []);
      return {
        ...heardAround(known, time, evidence.last),
        sources: numbers.slice(0, together ? 1 : undefined),
      };
    },
  };
  const { sightings, through } = kind.judge(detect, pending, group.kept, horizon);
  group.slots = group.slots.slice(through - (kind.keepsEvidence ? 1 : 0));
  for (const { slot, value, threshold, evidence, silent, over } of sightings) {
    yield {
      matched,
      memory,
      group: silent === undefined ? group : sourceGroup(memory, state, silent, slot),
      slot,
      start: Math.min(evidence.slot, slot),
      end: slot + MINUTE,
      value,
      threshold,
      evidence: [evidence as SlotState],
      ...(over === undefined ? {} : { over }),
    };
  }
}

function* sources(
  kind: SourceKind,
  { state }: Surroundings,
  matched: MatchedRule,
  memory: RuleState,
  settled: Settled,
): Generator<Firing> {
  for (const [number, source] of state.sources.entries()) {
    for (const slot of dueEnds(matched, source, settled)) {
      const end = slot + matched.slot;
      const start = end - windowSeconds(matched);
      const { value, threshold, fires } = kind.judge(
        matched.rule.detect,
        linesBetween(source, start, end),
      );
      if (!fires) continue;
      const group = sourceGroup(memory, state, number, slot);
      yield { matched, memory, group, slot, start, end, value, threshold, evidence: [] };
    }
  }
}

/** Slots that ended in (from, to] and in whose window the source had lines. */
function dueEnds(
  { slot: seconds, slots }: MatchedRule,
  source: SourceState,
  { from, to }: Settled,
): number[] {
  const ends = new Set<number>();
  for (const minute of source.minutes.keys()) {
    const first = Math.floor(minute / seconds) * seconds;
    for (let i = 0; i < slots; i++) {
      const end = first + i * seconds;
      if (end + seconds > from && end + seconds <= to) ends.add(end);
    }
  }
  return [...ends].sort((a, b) => a - b);
}

/** Settles whole minutes; what a rule waits for beyond that is its own. */
export function wholeMinutes(time: number): number {
  return Number.isFinite(time) ? minuteOf(time) : time;
}
