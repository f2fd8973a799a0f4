/**
 * All that a shard's reducer remembers. Plain data: a checkpoint is this, and nothing else decides.
 * Times are Unix seconds unless named otherwise.
 */
import type { Alert } from '../alerts/alert.ts';
import type { Part } from '../detect/parts.ts';
import type { GroupValues, Sample } from '../log/digest.ts';
import type { MetricPoint } from '../ports/metric-sink.ts';
import type { Source } from '../ports/source.ts';

export type TopCounts = Record<string, readonly (readonly [string | number, number])[]>;

/** One slot of one group. */
export interface SlotState {
  readonly slot: number;
  /** Greatest arrival of what was merged into it. */
  arrival: number;
  records: number;
  bytes: number;
  packets: number;
  sum: number;
  first: number;
  last: number;
  samples: readonly Sample[];
  top: TopCounts;
  /** Records by number of the source in `ShardState.sources`. */
  sources: (readonly [number, number])[];
  /** What the rule's kind carries; see `detect/parts.ts`. */
  part: Part;
}

/** An alert's life: open from its first firing window until resolved. */
export interface Episode {
  /** Firing slot that names the alert. */
  readonly start: number;
  /** First and last firing slot known. */
  first: number;
  last: number;
  arrival: number;
  /** Slot of the firing that was notified; absent while none was. */
  notified?: number;
  /** Messages sent. */
  seq: number;
  /** Firings kept silent since the last message. */
  suppressed: number;
  /** What the messages to come repeat of the one that was sent. */
  told?: Told;
  /** Slot of the last message that repeated it. */
  repeated?: number;
  /** When it came to an end, where the kind tells. */
  ended?: number;
  /** It is over, whether or not anyone was told. */
  over?: true;
  /** Start of the day whose budget held it back last. */
  held?: number;
  /** Since the last message; only where it is to be repeated. */
  since?: SinceTold;
  /** Silence that last held it back, which counts it once. */
  silenced?: string;
}

/** What came since an alert was told of. */
export interface SinceTold {
  /** First slot behind the message. */
  readonly start: number;
  /** Seconds of a span. */
  readonly span: number;
  /** Ascending. */
  spans: (readonly [start: number, records: number, bytes: number, packets: number])[];
  last: number;
  samples: readonly Sample[];
  top: TopCounts;
  sources: (readonly [number, number])[];
  /** Of the last firing, if there was one. */
  value?: number;
}

/** Notifications that a silence held back. */
export interface HiddenState {
  count: number;
  /** The owner was told that they are many. */
  told?: true;
}

/** What outlives the slots that an alert was made of. */
export interface Told {
  readonly message: string;
  readonly value: number;
  readonly threshold: number;
  readonly first: number;
  readonly last: number;
  readonly sources: SlotState['sources'];
}

export interface GroupState {
  readonly values: GroupValues;
  /** Names of the values where they are not those of the rule's `by`: a source, by its kind. */
  readonly names?: readonly string[];
  /** Minute in which it was admitted. */
  readonly minute: number;
  /** Ascending. */
  slots: SlotState[];
  episodes: Episode[];
  /** What the rule's kind remembers beside slots; its module has the layout. */
  kept: number[];
  /** Records in all. */
  total: number;
  /** Greatest slot that was forgotten; absent while none was. */
  forgotten?: number;
}

/** Notifications of a rule in one aligned 5 minutes. */
export interface StormState {
  sent: number;
  folded: number;
  /** Folded ones that a summary has told of, and how many summaries there were. */
  told: number;
  summaries: number;
  /** Greatest arrival of what was counted here; Unix seconds. */
  arrival: number;
  /** Those of greatest value that were folded since the last summary, to be named in the next. */
  groups: (readonly [value: number, message: string])[];
}

/** How much a rule tells, or would tell in shadow. */
export interface NoiseState {
  /** Event time since when it is in shadow to be promoted. */
  watched?: number;
  /** Slots of the latest alerts it would have sent, ascending. */
  would?: number[];
  /** Event time from which it is live, and whether the owner was told. */
  promoted?: number;
  promotionTold?: true;
  /** Days with a budget, by their start. */
  days?: (readonly [number, BudgetDay])[];
}

/** A day of a budget: what was sent, and what was held for its summary. */
export interface BudgetDay extends StormState {
  /** It has held an alert. */
  begun?: true;
  /** The owner was told that the rule is within its budget again. */
  ended?: true;
}

export interface RuleState {
  /** What the memory below is of; another fingerprint starts afresh. */
  readonly memory: string;
  readonly groups: Map<string, GroupState>;
  /** Groups first seen in each minute, by records, while that minute can still admit more. */
  readonly admitted: Map<number, Map<string, number>>;
  readonly storms: Map<number, StormState>;
  /** Least start of the records it was evaluated on; absent while none is known. */
  since?: number;
  /** Starts of accepted flows that answer a five-tuple, ascending; for `unanswered`. */
  readonly answers: Map<number, number[]>;
  /** Answers that begin by then may have been forgotten; 0 for none. */
  unsure: number;
  /** Absent for rules without `promote` and `budget`. */
  noise?: NoiseState;
}

/** Lines of a source in one minute of event time. */
export interface MinuteTotals {
  lines: number;
  malformed: number;
  skipped: number;
  /** Some were skipped, though it is not said yet how many. */
  holes?: true;
}

export interface SourceState {
  readonly source: Source;
  /** Event time: greatest `start` believed. */
  clock: number;
  /** How far the clock usually is behind arrival, smoothed; seconds. */
  lag: number;
  /** Latest arrival. */
  arrival: number;
  /** Greatest `start` of a line, without what the clock went on by itself. */
  heard: number;
  /** Greatest `end` - `start` of a flow. */
  longest: number;
  /** Minutes in which it had any line. */
  readonly minutes: Map<number, MinuteTotals>;
}

/** Something to be published, and who is at it. */
export interface OutboxEntry<T> {
  readonly item: T;
  /** Arrival time at which it was decided, Unix ms. */
  readonly since: number;
  attempts: number;
  /** Time of the first failed attempt, Unix ms. */
  failing?: number;
  /** Not to be tried before; Unix ms. */
  notBefore: number;
  /** Writer that is publishing it and until when others leave it alone; Unix ms. */
  owner: string;
  ownedUntil: number;
}

export interface ShardState {
  /** Greatest arrival applied, Unix ms. */
  now: number;
  /** Latest tick, Unix ms: one that is not later has nothing to say. */
  ticked: number;
  /** Event time up to which everything is settled. */
  settled: number;
  readonly sources: SourceState[];
  readonly rules: Map<string, RuleState>;
  /** Keys of log entries applied, with `now` when they were. */
  readonly applied: Map<string, number>;
  outbox: OutboxEntry<Alert>[];
  /** Points since the last tick, by name and dimensions. */
  readonly metrics: Map<string, MetricPoint>;
  metricsOutbox: OutboxEntry<readonly MetricPoint[]>[];
  /** By silence. */
  readonly hidden: Map<string, HiddenState>;
}

/** @param minute in which it is admitted */
export function newGroupState(values: GroupValues, minute: number): GroupState {
  return { values, minute, slots: [], episodes: [], kept: [], total: 0 };
}

export function newRuleState(memory: string, storms: RuleState['storms']): RuleState {
  return {
    memory,
    groups: new Map(),
    admitted: new Map(),
    storms,
    answers: new Map(),
    unsure: 0,
  };
}

export function newState(): ShardState {
  return {
    now: 0,
    ticked: 0,
    settled: 0,
    sources: [],
    rules: new Map(),
    applied: new Map(),
    outbox: [],
    metrics: new Map(),
    metricsOutbox: [],
    hidden: new Map(),
  };
}
