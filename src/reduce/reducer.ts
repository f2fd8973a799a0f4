/**
 * Reduce: digests into memory, memory into decisions. It owns the state of one shard and is driven
 * by the log alone; it makes no call and reads no clock.
 *
 *     merge -> decide -> (checkpoint -> notify: run.ts)
 */
import type { Alert } from '../alerts/alert.ts';
import type { BatchDigest, Digest, Heartbeat, RuleDigest } from '../log/digest.ts';
import type { MatchedRule, RuleSet } from '../map/4-match/rule-set.ts';
import { admit, minuteOf, shrinkAll } from './1-merge/admission.ts';
import { AHEAD, addTotals, advance, coast, sourceNumber } from './1-merge/clock.ts';
import { groupKey, mergeGroup } from './1-merge/group-memory.ts';
import { pruneRule } from './1-merge/prune.ts';
import { buildAlert } from './2-decide/build-alert.ts';
import {
  foldedBeyond,
  judge,
  nameFolded,
  type Reason,
  STORM_SECONDS,
} from './2-decide/episodes.ts';
import { stormSummary } from './2-decide/storm-summary.ts';
import { thresholdOf, type Window, windowsWith } from './2-decide/windows.ts';
import { addMetric, peakMetric } from './metrics.ts';
import { type GroupState, newState, type RuleState, type ShardState } from './state.ts';

/** A firing and what became of it. */
export interface Decision {
  readonly reason: Reason;
  /** Slot that fired. */
  readonly slot: number;
  readonly alert: Alert;
}

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
  /** Overrides of the settings' bounds; Infinity for none. */
  readonly maxGroups?: number;
  readonly maxMemory?: number;
}

/** Applied entries are remembered this long; a stream hands nothing out again after so long. ms */
const REMEMBER_APPLIED = 3_600_000;
/** Entries older than the stream keeps are not from the stream: they were applied long ago. ms */
const STREAM_RETENTION = 86_400_000;

export class Reducer {
  readonly #set: RuleSet;
  readonly #rules: ReadonlyMap<string, MatchedRule>;
  readonly #options: ReducerOptions;
  readonly state: ShardState;
  #decisions: Decision[] = [];
  #dirty = false;
  #swept = 0;
  /** Digests of a rule as it was before or will be after a change; they cannot be merged. */
  readonly foreign = new Map<string, number>();
  /** Rules whose memory was thrown away, because they were changed in what it is of. */
  readonly afresh = new Set<string>();

  constructor(set: RuleSet, options: ReducerOptions, state: ShardState = newState()) {
    this.#set = set;
    this.#rules = new Map(set.rules.map((matched) => [matched.rule.id, matched]));
    this.#options = options;
    this.state = state;
  }

  /** Whether something but the clock has changed since the last call of `clean`. */
  get dirty(): boolean {
    return this.#dirty;
  }

  clean(): void {
    this.#dirty = false;
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
    return decisions.sort(inOrder);
  }

  /** Everything settles: the end of a replay. */
  finish(): void {
    this.#endStorms(Infinity);
  }

  #merge(digest: BatchDigest, arrival: number): void {
    const number = sourceNumber(this.state, digest.source);
    const source = this.state.sources[number];
    const { lateness } = this.#set.snapshot.settings;
    const oldest = source.clock - lateness;
    const limit = this.#options.clockLimit?.(arrival, number, this.state) ?? arrival + AHEAD;
    advance(source, digest.latest, limit, arrival);
    const decided = this.#decisions.length;
    for (const part of digest.rules) {
      const matched = this.#rules.get(part.rule);
      if (!matched || matched.memory !== part.memory) {
        this.foreign.set(part.rule, (this.foreign.get(part.rule) ?? 0) + part.records);
        continue;
      }
      this.#mergeRule(matched, part, number, arrival, oldest);
    }
    const most = this.#options.maxMemory ?? this.#set.snapshot.settings.maxMemory;
    this.#metric('GroupsDropped', shrinkAll(this.state.rules.values(), most));
    const fresh = this.#decisions.slice(decided).sort(inOrder);
    for (const { reason, alert } of fresh) if (reason === 'notified') this.#send(alert);
  }

  #mergeRule(
    matched: MatchedRule,
    part: RuleDigest,
    source: number,
    arrival: number,
    oldest: number,
  ): void {
    const { rule } = matched;
    const state = this.#ruleState(matched);
    const threshold = thresholdOf(matched);
    this.#countMatches(matched, part);
    let dropped = part.dropped;
    const groups = [...part.groups].sort((a, b) => a.slot - b.slot);
    for (const digest of groups) {
      if (rule.window !== undefined && digest.last < oldest) {
        this.#metric('LateRecords', digest.records);
        continue;
      }
      const key = groupKey(digest.values);
      let group = state.groups.get(key);
      if (!group) {
        const minute = minuteOf(digest.slot);
        group = { values: digest.values, minute, slots: [], episodes: [] };
        state.groups.set(key, group);
      }
      dropped += admit(state, key, group, digest.records, this.#maxGroups());
      if (!state.groups.has(key)) continue;
      const slot = mergeGroup(group, digest, arrival, source);
      for (const window of windowsWith(matched, group, slot.slot)) {
        if (rule.metric?.value === 'value') this.#peak(rule.id, rule.metric.name, window.value);
        if (window.value > threshold) this.#fire(matched, state, group, window, arrival);
      }
      // Without a window nothing more can come of a slot once it has fired.
      if (rule.window === undefined) group.slots = [];
    }
    this.#metric('GroupsDropped', dropped);
  }

  #fire(
    matched: MatchedRule,
    state: RuleState,
    group: GroupState,
    window: Window,
    arrival: number,
  ): void {
    const { rule } = matched;
    const { settle } = this.#set.snapshot.settings;
    const verdict = judge(rule, state, group, window.end, matched.slot, settle, arrival);
    if (verdict.opened) {
      this.#ruleMetric(rule.id, 'Alerts', 1);
      if (rule.mode === 'live') this.#metric('Alerts', 1);
    }
    if (!verdict.news && verdict.reason !== 'notified') return;
    const silent = verdict.reason === 'open' || verdict.reason === 'cooldown';
    if (silent && this.#options.silent === 'untold') return;
    if (verdict.reason === 'storm' && foldedBeyond(state, window.end, this.#maxGroups())) return;
    const context = {
      stage: this.#options.stage,
      snapshot: this.#set.snapshot,
      state: this.state,
    };
    const alert = buildAlert(context, matched, group, window, verdict.episode, arrival);
    const { reason } = verdict;
    if (reason === 'notified') verdict.episode.suppressed = 0;
    if (reason === 'storm') nameFolded(state, window.end, alert.message);
    this.#decisions.push({
      reason,
      slot: window.end,
      alert: reason === 'storm' ? { ...alert, folded: true } : alert,
    });
  }

  #send(alert: Alert): void {
    this.state.outbox.push({
      item: alert,
      since: this.state.now,
      attempts: 0,
      notBefore: 0,
      owner: '',
      ownedUntil: 0,
    });
  }

  #beat(heartbeat: Heartbeat, arrival: number): void {
    for (const totals of heartbeat.sources) {
      const number = sourceNumber(this.state, totals.source);
      const source = this.state.sources[number];
      const limit = this.#options.clockLimit?.(arrival, number, this.state) ?? arrival + AHEAD;
      advance(source, totals.latest, limit, arrival);
      addTotals(source, totals, arrival);
      this.#metric('Batches', totals.batches);
      this.#metric('Records', totals.records);
      this.#metric('MalformedRecords', totals.malformed);
      this.#metric('SkipData', totals.skipData);
      if (totals.latest > 0) {
        const lag = Math.max(0, Math.round(arrival - totals.latest));
        peakMetric(this.state, 'LagSeconds', this.#dimensions(), lag, 'Seconds');
      }
    }
  }

  /** Moves the clocks, ends storms, forgets, and hands the minute's metrics out. */
  #tick(at: number): void {
    const { state } = this;
    state.ticked = at;
    coast(state, at / 1000);
    this.#endStorms(this.#clock());
    if (at - this.#swept >= 60_000) {
      this.#swept = at;
      this.#sweep(at);
    }
    if (state.metrics.size > 0) {
      this.#dirty = true;
      const points = [...state.metrics.values()];
      state.metrics.clear();
      state.metricsOutbox.push({
        item: points,
        since: at,
        attempts: 0,
        notBefore: 0,
        owner: '',
        ownedUntil: 0,
      });
    }
  }

  /** Memory that is over goes; also memory of rules that are no more. */
  #sweep(at: number): void {
    const { state } = this;
    const { settings } = this.#set.snapshot;
    for (const [id, memory] of state.rules) {
      const matched = this.#rules.get(id);
      if (matched) pruneRule(matched, memory, settings, at / 1000);
      else state.rules.delete(id);
    }
    for (const [key, applied] of state.applied) {
      if (applied < state.now - REMEMBER_APPLIED) state.applied.delete(key);
    }
  }

  /** The furthest clock: what is over by it is over for every source that talks. */
  #clock(): number {
    return this.state.sources.reduce((clock, source) => Math.max(clock, source.clock), 0);
  }

  #endStorms(clock: number): void {
    const { settle } = this.#set.snapshot.settings;
    for (const [id, memory] of this.state.rules) {
      const rule = this.#rules.get(id)?.rule;
      for (const [bucket, storm] of memory.storms) {
        if (!rule || storm.folded === storm.told) continue;
        const end = bucket + STORM_SECONDS;
        // A source that lags behind the others may be in the middle of it.
        const now = Number.isFinite(clock) ? this.state.now / 1000 : Infinity;
        if (clock < end + settle || now < storm.arrival + settle) continue;
        this.#dirty = true;
        const { stage, shard = 0 } = this.#options;
        const at = Number.isFinite(now) ? now : end;
        const alert = stormSummary(stage, rule, bucket, storm, at, shard);
        storm.told = storm.folded;
        storm.summaries++;
        storm.groups = [];
        this.#send(alert);
        this.#decisions.push({ reason: 'notified', slot: bucket, alert });
      }
    }
  }

  #ruleState(matched: MatchedRule): RuleState {
    const { id } = matched.rule;
    let state = this.state.rules.get(id);
    if (state?.memory !== matched.memory) {
      if (state) this.afresh.add(id);
      // How much a rule may send does not depend on what it remembers.
      const storms = state?.storms ?? new Map();
      state = { memory: matched.memory, groups: new Map(), admitted: new Map(), storms };
      this.state.rules.set(id, state);
    }
    return state;
  }

  #maxGroups(): number {
    return this.#options.maxGroups ?? this.#set.snapshot.settings.maxGroups;
  }

  #countMatches({ rule }: MatchedRule, part: RuleDigest): void {
    const { metric } = rule;
    if (metric?.value === 'count') this.#ruleMetric(rule.id, metric.name, part.records);
    else if (typeof metric?.value === 'object') this.#ruleMetric(rule.id, metric.name, part.sum);
    if (metric || rule.alarm || this.#set.snapshot.settings.metrics === 'full') {
      this.#ruleMetric(rule.id, 'Matches', part.records);
    }
  }

  #dimensions(): { Stage: string } {
    return { Stage: this.#options.stage };
  }

  #ruleDimensions(rule: string): { Stage: string; Rule: string } {
    return { Stage: this.#options.stage, Rule: rule };
  }

  #metric(name: string, value: number): void {
    addMetric(this.state, name, this.#dimensions(), value);
  }

  #peak(rule: string, name: string, value: number): void {
    peakMetric(this.state, name, this.#ruleDimensions(rule), value, 'None');
  }

  #ruleMetric(rule: string, name: string, value: number): void {
    addMetric(this.state, name, this.#ruleDimensions(rule), value);
  }
}

/** By slot, rule and group. */
function inOrder(a: Decision, b: Decision): number {
  return (
    a.slot - b.slot ||
    compare(a.alert.rule.id, b.alert.rule.id) ||
    compare(JSON.stringify(a.alert.group), JSON.stringify(b.alert.group))
  );
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
