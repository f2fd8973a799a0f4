/** Digests of a rule into its memory; what only grows fires here and now. */
import { kindOf } from '../../detect/index.ts';
import type { GroupDigest, RuleDigest } from '../../log/digest.ts';
import type { MatchedRule, RuleSet } from '../../map/4-match/rule-set.ts';
import { type Feed, fedGroup, feedDigest, feedsOf } from '../2-decide/feed.ts';
import type { Firing } from '../2-decide/firing.ts';
import { addToTold } from '../2-decide/since-told.ts';
import { type Surroundings, View } from '../2-decide/view.ts';
import { windowSeconds, windowsWith } from '../2-decide/windows.ts';
import type { StageMetrics } from '../metrics.ts';
import { newRuleState, type RuleState } from '../state.ts';
import { addAnswers } from './answers.ts';
import { groupFor, mergeGroup } from './group-memory.ts';

/** Where a digest came from, and when. */
export interface Origin {
  /** Number of the source in the state. */
  readonly source: number;
  /** Unix seconds. */
  readonly arrival: number;
  /** Records that begin before it are late. */
  readonly oldest: number;
}

export class Merger {
  readonly #around: Surroundings;
  readonly #metrics: StageMetrics;
  readonly #maxGroups: number;
  readonly #feeds: ReadonlyMap<string, readonly Feed[]>;
  /** Rules whose memory was thrown away, because they were changed in what it is of. */
  readonly afresh = new Set<string>();
  #firings: Firing[] = [];

  constructor(set: RuleSet, around: Surroundings, metrics: StageMetrics, maxGroups: number) {
    this.#around = around;
    this.#metrics = metrics;
    this.#maxGroups = maxGroups;
    this.#feeds = feedsOf(set);
  }

  /** What has fired since the last call. */
  takeFirings(): Firing[] {
    const firings = this.#firings;
    this.#firings = [];
    return firings;
  }

  merge(matched: MatchedRule, part: RuleDigest, origin: Origin): void {
    const memory = this.memoryOf(matched);
    const { oldest } = origin;
    this.#countMatches(matched, part);
    this.#metrics.count('GroupsDropped', part.dropped);
    if (part.answers.length > 0) addAnswers(memory, part.answers, oldest);
    for (const digest of bySlot(part.groups)) {
      if (matched.rule.window !== undefined && digest.last < oldest) {
        this.#metrics.count('LateRecords', digest.records);
      } else this.#mergeGroup(matched, memory, digest, origin);
    }
  }

  #mergeGroup(
    matched: MatchedRule,
    memory: RuleState,
    digest: GroupDigest,
    { source, arrival }: Omit<Origin, 'oldest'>,
  ): void {
    const { rule } = matched;
    const { group, dropped } = groupFor(memory, digest, this.#maxGroups);
    if (dropped > 0) this.#metrics.count('GroupsDropped', dropped);
    if (!group) return;
    if (group.forgotten !== undefined && digest.slot <= group.forgotten) {
      this.#metrics.count('LateRecords', digest.records);
      return;
    }
    const kind = kindOf(rule.detect);
    if (kind.timing === 'history' && digest.slot + matched.slot <= this.#around.state.settled) {
      group.total += digest.records;
      kind.late(rule.detect, group.kept, digest);
      return;
    }
    const slot = mergeGroup(group, digest, arrival, source, matched.carried);
    if (rule.repeat !== undefined && rule.detect.kind !== 'every') addToTold(group, digest, source);
    if (kind.timing === 'settles') {
      kind.keep?.(rule.detect, group.kept, digest, windowSeconds(matched));
    }
    if (kind.timing !== 'grows') return;
    for (const window of windowsWith(matched, group, slot.slot)) {
      const view = new View(this.#around, matched, memory, group, window);
      const { value, threshold, fires } = kind.judge(rule.detect, view);
      this.measured(matched, value);
      if (!fires) continue;
      const { start, end } = view;
      const evidence = window.slots;
      this.fire({
        matched,
        memory,
        group,
        slot: window.end,
        start,
        end,
        value,
        threshold,
        evidence,
      });
    }
    // Without a window nothing more can come of a slot once it has fired.
    if (rule.window === undefined) group.slots = [];
  }

  /** Takes a firing, and hands it on to the sequences that it is a step of. */
  fire(firing: Firing): void {
    this.#firings.push(firing);
    for (const feed of this.#feeds.get(firing.matched.rule.id) ?? []) {
      const values = fedGroup(feed, firing);
      if (!values) continue;
      const memory = this.memoryOf(feed.sequence);
      const digest = feedDigest(feed, firing, values, memory);
      if (!digest) continue;
      const last = firing.evidence.at(-1);
      const source = last?.sources[0]?.[0] ?? 0;
      this.#mergeGroup(feed.sequence, memory, digest, { source, arrival: last?.arrival ?? 0 });
    }
  }

  /** Keeps the greatest value of rules that publish it. */
  measured({ rule }: MatchedRule, value: number): void {
    if (rule.metric?.value === 'value') this.#metrics.peakOfRule(rule.id, rule.metric.name, value);
  }

  /** The rule's memory; begins anew where what it is of has changed. */
  memoryOf(matched: MatchedRule): RuleState {
    const { id } = matched.rule;
    let state = this.#around.state.rules.get(id);
    if (state?.memory !== matched.memory) {
      if (state) this.afresh.add(id);
      // How much a rule may send does not depend on what it remembers.
      state = newRuleState(matched.memory, state?.storms ?? new Map());
      this.#around.state.rules.set(id, state);
    }
    return state;
  }

  #countMatches({ rule }: MatchedRule, part: RuleDigest): void {
    const { metric } = rule;
    if (metric?.value === 'count') this.#metrics.countOfRule(rule.id, metric.name, part.records);
    else if (typeof metric?.value === 'object')
      this.#metrics.countOfRule(rule.id, metric.name, part.sum);
    if (metric || rule.alarm || this.#around.snapshot.settings.metrics === 'full') {
      this.#metrics.countOfRule(rule.id, 'Matches', part.records);
    }
  }
}

/** Most digests have the groups of one slot. */
function bySlot(groups: readonly GroupDigest[]): readonly GroupDigest[] {
  for (let i = 1; i < groups.length; i++) {
    if (groups[i - 1].slot > groups[i].slot) return [...groups].sort((a, b) => a.slot - b.slot);
  }
  return groups;
}
