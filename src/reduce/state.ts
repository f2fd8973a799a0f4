/**
 * All that a shard's reducer remembers. Plain data: a checkpoint is this, and nothing else decides.
 * Times are Unix seconds unless named otherwise.
 */
import type { Alert } from '../alerts/alert.ts';
import type { GroupValues, Sample } from '../log/digest.ts';
import type { MetricPoint } from '../ports/metric-sink.ts';
import type { Source } from '../ports/source.ts';

export type TopCounts = Record<string, (readonly [string | number, number])[]>;

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
}

export interface GroupState {
  readonly values: GroupValues;
  /** Minute in which it was admitted. */
  readonly minute: number;
  /** Ascending. */
  slots: SlotState[];
  episodes: Episode[];
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
  /** The first that were folded since the last summary, to be named in the next. */
  groups: string[];
}

export interface RuleState {
  /** What the memory below is of; another fingerprint starts afresh. */
  readonly memory: string;
  readonly groups: Map<string, GroupState>;
  /** Groups first seen in each minute, by records, while that minute can still admit more. */
  readonly admitted: Map<number, Map<string, number>>;
  readonly storms: Map<number, StormState>;
}

/** Lines of a source in one minute of arrival. */
export interface MinuteTotals {
  records: number;
  malformed: number;
  skipData: number;
}

export interface SourceState {
  readonly source: Source;
  /** Event time: greatest `start` believed. */
  clock: number;
  /** How far the clock usually is behind arrival, smoothed; seconds. */
  lag: number;
  /** Latest arrival. */
  arrival: number;
  /** The last 15 minutes of arrival. */
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
  readonly sources: SourceState[];
  readonly rules: Map<string, RuleState>;
  /** Keys of log entries applied, with `now` when they were. */
  readonly applied: Map<string, number>;
  outbox: OutboxEntry<Alert>[];
  /** Points since the last tick, by name and dimensions. */
  readonly metrics: Map<string, MetricPoint>;
  metricsOutbox: OutboxEntry<readonly MetricPoint[]>[];
}

export function newState(): ShardState {
  return {
    now: 0,
    ticked: 0,
    sources: [],
    rules: new Map(),
    applied: new Map(),
    outbox: [],
    metrics: new Map(),
    metricsOutbox: [],
  };
}
