/**
 * Reduce: digests into memory, memory into decisions. It owns the state of one shard and is driven
 * by the log alone; it makes no call and reads no clock.
 *
 *     merge -> decide -> (checkpoint -> notify: run.ts)
 */

import { kindOf } from '../detect/index.ts';
import type { BatchDigest, Digest, Heartbeat, RuleDigest } from '../log/digest.ts';
import { memberKey } from '../log/key.ts';
import type { MatchedRule, RuleSet } from '../map/4-match/rule-set.ts';
import { shrinkAll } from './1-merge/admission.ts';
import {
  AHEAD,
  advance,
  coast,
  furthestClock,
  lowWatermark,
  sourceNumber,
} from './1-merge/clock.ts';
import { minutesNeeded } from './1-merge/horizon.ts';
import { Merger } from './1-merge/merger.ts';
import { pruneRule } from './1-merge/prune.ts';
import { addMinutes, markBatch, trimMinutes } from './1-merge/source-minutes.ts';
import { compareDecisions, Decider, type Decision } from './2-decide/decider.ts';
import { sequels } from './2-decide/quiet.ts';
import { type Settled, settleRule, wholeMinutes } from './2-decide/settle.ts';
import type { Surroundings } from './2-decide/view.ts';
import { newEntry } from './4-notify/outbox.ts';
import { StageMetrics } from './metrics.ts';
import { newState, type RuleState, type ShardState } from './state.ts';

export type { Decision } from './2-decide/decider.ts';

/** An entry of the log, decoded. */
export interface Entry {
  readonly key: string;
  /** Arrival, Unix ms. */
  readonly at: number;
  readonly digest: Digest;
}

export interface ReducerOptions {
  readonly stage: string;
  /** 0 unless given. */
  readonly shard?: number;
  /**
   * How far past arrival a source's clock may be, and where arrival is not the wall clock (replay),
   * what it is instead; Unix seconds.
   */
  readonly clockLimit?: (arrival: number, source: number, state: ShardState) => number;
  /** Firings of an alert that is open already are decisions too, unless nobody logs them (replay). */
  readonly silent?: 'untold';
  /**
   * Where inputs come in any order (replay), nothing is settled before `finish`, and a source, which
   * is a file, ends without being silent.
   */
  readonly settles?: 'at the end';
  /** Overrides of the settings' bounds; Infinity for none. */
  readonly maxGroups?: number;
  readonly maxMemory?: number;
}

/** Applied entries are remembered this long; a stream hands nothing out again after so long. ms */
export const REMEMBER_APPLIED = 3_600_000;
/** Entries older than the stream keeps are not from the stream: they were applied long ago. ms */
const STREAM_RETENTION = 86_400_000;

export class Reducer {
  readonly #set: RuleSet;
  readonly #rules: ReadonlyMap<string, MatchedRule>;
  readonly #metrics: StageMetrics;
  readonly #merger: Merger;
  readonly #options: ReducerOptions;
  readonly #around: Surroundings;
  readonly #decider: Decider;
  readonly state: ShardState;
  #decisions: Decision[] = [];
  #dirty = false;
  #swept = 0;
  /** Digests of a rule as it was before or will be after a change; they cannot be merged. */
  readonly foreign = new Map<string, number>();
  /** Rules that some source's aggregation interval is too long for: they judge nothing there. */
  readonly unfit = new Set<string>();

  constructor(set: RuleSet, options: ReducerOptions, state: ShardState = newState()) {
    this.#set = set;
    this.#rules = new Map(set.rules.map((matched) => [matched.rule.id, matched]));
    this.#options = options;
    this.state = state;
    this.#around = { snapshot: set.snapshot, state };
    const { stage, shard = 0, silent } = options;
    this.#metrics = new StageMetrics(state, stage);
    this.#merger = new Merger(set, this.#around, this.#metrics, this.#maxGroups());
    this.#decider = new Decider({
      context: { ...this.#around, stage },
      set,
      shard,
      maxGroups: this.#maxGroups(),
      ...(silent ? { silent } : {}),
      onOpened: ({ rule }, live) => {
        this.#metrics.countOfRule(rule.id, 'Alerts', 1);
        if (live) this.#metrics.count('Alerts', 1);
      },
    });
    // What a rule remembered before its match was changed must not be judged by the new one.
    for (const matched of set.rules) {
      if (state.rules.has(matched.rule.id)) this.#merger.memoryOf(matched);
    }
  }

  /** Whether something but the clock has changed since the last call of `clean`. */
  get dirty(): boolean {
    return this.#dirty;
  }

  clean(): void {
    this.#dirty = false;
  }

  /** Rules whose memory was thrown away, because they were changed in what it is of. */
  get afresh(): ReadonlySet<string> {
    return this.#merger.afresh;
  }

  /** Whether the rule set knows this version of the rule's memory. */
  knows(rule: RuleDigest): boolean {
    return this.#rules.get(rule.rule)?.memory === rule.memory;
  }

  /**
   * Applies one entry, once: a key seen before changes nothing.
   * @returns false if it had been applied
   */
  apply({ key, at, digest }: Entry): boolean {
    const { state } = this;
    if (state.applied.has(key) || at < state.now - STREAM_RETENTION) return false;
    if (digest.kind === 'tick' && at <= state.ticked) return false;
    state.now = Math.max(state.now, at);
    if (digest.kind !== 'tick') {
      state.applied.set(key, state.now);
      this.#dirty = true;
    }
    switch (digest.kind) {
      case 'batch':
        this.#merge(digest, at / 1000);
        break;
      case 'pack':
        for (const member of digest.members) {
          this.apply({ key: memberKey(member), at, digest: member.digest });
        }
        break;
      case 'heartbeat':
        this.#beat(digest, at / 1000);
        break;
      case 'tick':
        this.#tick(at);
    }
    return true;
  }

  /** Counts an entry as applied that cannot be read. @returns false if it had been */
  skip(key: string): boolean {
    const { state } = this;
    if (state.applied.has(key)) return false;
    state.applied.set(key, state.now);
    this.#dirty = true;
    return true;
  }

  /** What was decided since the last call, by slot, rule and group. */
  takeDecisions(): Decision[] {
    const decisions = this.#decisions;
    this.#decisions = [];
    return decisions.sort(compareDecisions);
  }

  /** Everything settles: the end of a replay. */
  finish(): void {
    const { settle } = this.#set.snapshot.settings;
    const passed = furthestClock(this.state);
    this.#settle(this.state.settled, Infinity, passed, true);
    this.#flush(passed, passed - settle);
    this.#record(this.#decider.endStorms(this.#rules, Infinity));
    this.#record(this.#decider.endDays(this.#rules, Infinity));
  }

  #merge(digest: BatchDigest, arrival: number): void {
    const number = sourceNumber(this.state, digest.source);
    const source = this.state.sources[number];
    const { lateness } = this.#set.snapshot.settings;
    const oldest = source.clock - lateness;
    const limit = this.#limit(arrival, number);
    advance(source, digest.latest, limit, arrival);
    markBatch(source, digest, limit);
    for (const part of digest.rules) {
      const matched = this.#rules.get(part.rule);
      if (!matched || matched.memory !== part.memory) {
        this.foreign.set(part.rule, (this.foreign.get(part.rule) ?? 0) + part.records);
        continue;
      }
      learnSince(this.#merger.memoryOf(matched), digest.earliest, oldest);
      this.#merger.merge(matched, part, { source: number, arrival, oldest });
    }
    const most = this.#options.maxMemory ?? this.#set.snapshot.settings.maxMemory;
    this.#metrics.count('GroupsDropped', shrinkAll(this.state.rules.values(), most));
    this.#advance(arrival);
  }

  #beat(heartbeat: Heartbeat, arrival: number): void {
    const evaluated = heartbeat.rules === this.#set.fingerprint;
    for (const totals of heartbeat.sources) {
      const number = sourceNumber(this.state, totals.source);
      const source = this.state.sources[number];
      const oldest = source.clock - this.#set.snapshot.settings.lateness;
      if (evaluated) this.#learn(totals.earliest, oldest);
      const limit = this.#limit(arrival, number);
      advance(source, totals.latest, limit, arrival);
      // Where arrival is not the wall clock, nothing says that a minute is in the future.
      const minutes = this.#options.clockLimit
        ? totals.minutes
        : totals.minutes.filter(([minute]) => minute <= limit);
      addMinutes(source, { ...totals, minutes });
      // Heartbeats come to every shard; one counts them.
      if (this.#options.shard) continue;
      this.#metrics.count('Batches', totals.batches);
      this.#metrics.count('Records', totals.records);
      this.#metrics.count('MalformedRecords', totals.malformed);
      this.#metrics.count('SkipData', totals.skipData);
      if (totals.latest > 0) {
        const lag = Math.max(0, Math.round(arrival - totals.latest));
        this.#metrics.lag(lag);
      }
    }
    this.#advance(arrival);
  }

  /** Every rule was evaluated on these records, whether or not any of them matched. */
  #learn(earliest: number, oldest: number): void {
    for (const matched of this.#set.rules) {
      const { kind } = matched.rule.detect;
      if (kind === 'new' || kind === 'spike') {
        learnSince(this.#merger.memoryOf(matched), earliest, oldest);
      }
    }
  }

  /** Moves the clocks, ends storms, forgets, and hands the minute's metrics out. */
  #tick(at: number): void {
    const { state } = this;
    state.ticked = at;
    coast(state, at / 1000);
    this.#advance(at / 1000);
    for (const matched of this.#set.rules) {
      // A rule that never fires is to be promoted too.
      if (matched.rule.promote) this.#merger.memoryOf(matched);
    }
    this.#record(this.#decider.endStorms(this.#rules, furthestClock(state)));
    this.#record(this.#decider.endDays(this.#rules, furthestClock(state)));
    if (at - this.#swept >= 60_000) {
      this.#swept = at;
      this.#sweep(at);
    }
    if (state.metrics.size > 0) {
      this.#dirty = true;
      const points = [...state.metrics.values()];
      state.metrics.clear();
      state.metricsOutbox.push(newEntry(points, at));
    }
  }

  /** Settles what the clocks have passed and decides on all that fired. */
  #advance(arrival: number): void {
    const { state } = this;
    const { settle, lateness } = this.#set.snapshot.settings;
    if (this.#options.settles === 'at the end') {
      this.#flush(arrival, 0);
      return;
    }
    const from = state.settled;
    const to = wholeMinutes(lowWatermark(state, arrival, lateness) - settle);
    if (to > from) {
      this.#settle(from, to, to, false);
      state.settled = to;
    }
    this.#flush(arrival, to > from ? to : 0);
  }

  #settle(from: number, to: number, passed: number, together: boolean): void {
    const onUnfit = ({ rule }: MatchedRule) => this.unfit.add(rule.id);
    const settled: Settled = { from, to, passed, together, onUnfit };
    for (const matched of this.#set.rules) {
      const memory = this.state.rules.get(matched.rule.id);
      const sources = kindOf(matched.rule.detect).timing === 'sources';
      // Every shard knows the sources; one tells of them.
      if (sources ? this.#options.shard : !memory) continue;
      const own = memory ?? this.#merger.memoryOf(matched);
      for (const firing of settleRule(this.#around, matched, own, settled)) {
        this.#merger.measured(matched, firing.value);
        this.#merger.fire(firing);
      }
    }
  }

  /** @param quiet event time up to which alerts may be over; 0 where that has not moved */
  #flush(arrival: number, quiet: number): void {
    const firings = this.#merger.takeFirings();
    if (firings.length === 0 && quiet === 0) return;
    const decisions = this.#decider.decide(firings, arrival);
    if (quiet > 0) {
      const { settle } = this.#set.snapshot.settings;
      for (const sequel of sequels(this.state, this.#rules, quiet, settle)) {
        decisions.push(...this.#decider.follow(sequel, arrival));
      }
    }
    this.#record(decisions.sort(compareDecisions));
  }

  /** Decisions in their order; what is to be told goes into the outbox. */
  #record(decisions: readonly Decision[]): void {
    for (const decision of decisions) {
      this.#dirty = true;
      this.#decisions.push(decision);
      if (decision.reason !== 'notified') continue;
      this.state.outbox.push(newEntry(decision.alert, this.state.now));
    }
  }

  /** Memory that is over goes; also memory of rules that are no more. */
  #sweep(at: number): void {
    const { state } = this;
    const { settings } = this.#set.snapshot;
    for (const [id, memory] of state.rules) {
      const matched = this.#rules.get(id);
      if (matched) pruneRule(matched, memory, settings, at / 1000, state.settled);
      else state.rules.delete(id);
    }
    const needed = minutesNeeded(this.#set);
    for (const source of state.sources) trimMinutes(source, state.settled - needed);
    for (const [key, applied] of state.applied) {
      if (applied < state.now - REMEMBER_APPLIED) state.applied.delete(key);
    }
  }

  #limit(arrival: number, source: number): number {
    return this.#options.clockLimit?.(arrival, source, this.state) ?? arrival + AHEAD;
  }

  #maxGroups(): number {
    return this.#options.maxGroups ?? this.#set.snapshot.settings.maxGroups;
  }
}

/** A record long before its source's clock does not tell since when a rule is there. */
function learnSince(memory: RuleState, earliest: number, oldest: number): void {
  if (earliest === 0 || earliest < oldest) return;
  memory.since = Math.min(memory.since ?? Infinity, earliest);
}
