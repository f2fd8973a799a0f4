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
  /** What the rule's kind wants beside totals (`src/detect/parts.ts`): whole numbers from 0. */
  part: readonly number[];
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
  /** For `unanswered`: accepted flows that answer one the rule may match, as its tuple and start. */
  readonly answers: readonly (readonly [tuple: number, start: number])[];
}

/** One batch's matches. */
export interface BatchDigest {
  readonly kind: 'batch';
  readonly source: Source;
  /** Greatest `start` in the batch: moves the source's clock. */
  readonly latest: number;
  /** Least `start` that is not late beside `latest`. */
  readonly earliest: number;
  /** Greatest `end` - `start` of its flows, and minutes with SKIPDATA: before a heartbeat says so. */
  readonly longest: number;
  readonly skipped: readonly number[];
  readonly rules: readonly RuleDigest[];
}

/**
 * Digests of several batches in one log entry. Each counts under a name of its own, so that it is
 * known again in another pack or by itself.
 */
export interface Pack {
  readonly kind: 'pack';
  readonly members: readonly PackMember[];
}

export interface PackMember {
  /** Of the batch: hex, 32 digits. */
  readonly identity: string;
  readonly digest: BatchDigest;
}

/** Totals of a source since the instance's last heartbeat. */
export interface SourceTotals {
  readonly source: Source;
  /** Greatest `start` of its lines, 0 where none has one. */
  readonly latest: number;
  /** Least `start` of its flows that is not late beside `latest`, 0 where there is none. */
  readonly earliest: number;
  readonly batches: number;
  readonly records: number;
  readonly malformed: number;
  readonly noData: number;
  readonly skipData: number;
  readonly bytes: number;
  /** Greatest `end` - `start` of its flows: tells the aggregation interval. */
  readonly longest: number;
  /** Lines with a time, by minute of event time, ascending. */
  readonly minutes: readonly SourceMinute[];
}

/** Start of a minute, lines that began in it (flows, NODATA, SKIPDATA), SKIPDATA among them. */
export type SourceMinute = readonly [minute: number, lines: number, skipped: number];

/** Sign of life of a map instance, once a minute: silence of a source is not silence of a rule. */
export interface Heartbeat {
  readonly kind: 'heartbeat';
  /** Fingerprint of the rules that were evaluated on its sources' records. */
  readonly rules: string;
  readonly sources: readonly SourceTotals[];
}

/** Moves the clock; comes once a minute. */
export interface Tick {
  readonly kind: 'tick';
}

export type Digest = BatchDigest | Pack | Heartbeat | Tick;

/** The batches that a log entry tells of. */
export function batchesOf(digest: Digest): readonly BatchDigest[] {
  if (digest.kind === 'pack') return digest.members.map((member) => member.digest);
  return digest.kind === 'batch' ? [digest] : [];
}
