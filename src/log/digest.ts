/** What map hands to reduce through the log. Times are Unix seconds unless named otherwise. */
import type { Source } from '../ports/source.ts';

/** A group's values in the order of the rule's `by`; null where an optional field is absent. */
export type GroupValues = readonly (string | number | null)[];

/** Fields whose most frequent values go into alerts, where the group does not name them. */
export const TALKERS = ['srcaddr', 'dstaddr', 'dstport'] as const;

/** What one rule needs to know of one group in one slot. */
export interface GroupDigest {
  /** Start of the slot. */
  readonly slot: number;
  readonly values: GroupValues;
  records: number;
  bytes: number;
  packets: number;
  /** Sum of the rule's own field (`sum`, or its metric's). */
  sum: number;
  /** Least and greatest `start`. */
  first: number;
  last: number;
  /** Lines of some records, with the format each is written in. */
  samples: readonly Sample[];
  /** Most frequent values of fields that are not in `by`, descending, with their counts. */
  top: Readonly<Record<string, readonly (readonly [string | number, number])[]>>;
}

export interface Sample {
  readonly format: string;
  readonly line: string;
}

export interface RuleDigest {
  readonly rule: string;
  /** Fingerprint of what the rule remembers; reduce takes only its own. */
  readonly memory: string;
  /** All matching records, groups that were not kept included. */
  readonly records: number;
  readonly sum: number;
  /** Groups that the bound left out. */
  readonly dropped: number;
  readonly groups: readonly GroupDigest[];
}

/** One batch's matches. */
export interface BatchDigest {
  readonly kind: 'batch';
  readonly source: Source;
  /** Greatest `start` in the batch: moves the source's clock. */
  readonly latest: number;
  readonly rules: readonly RuleDigest[];
}

/** Totals of a source since the instance's last heartbeat. */
export interface SourceTotals {
  readonly source: Source;
  readonly latest: number;
  readonly batches: number;
  readonly records: number;
  readonly malformed: number;
  readonly noData: number;
  readonly skipData: number;
  readonly bytes: number;
}

/** Sign of life of a map instance, once a minute: silence of a source is not silence of a rule. */
export interface Heartbeat {
  readonly kind: 'heartbeat';
  readonly sources: readonly SourceTotals[];
}

/** Moves the clock; comes once a minute. */
export interface Tick {
  readonly kind: 'tick';
}

export type Digest = BatchDigest | Heartbeat | Tick;
