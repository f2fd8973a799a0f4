import type { Detect, Match } from '../rules/compiled.ts';
import type { Span } from './parts.ts';

/**
 * What a digest carries of a group and slot beside its totals: map collects it, `parts.ts` merges
 * it, the kind decides on it.
 */
export type Carried =
  | { readonly what: 'nothing' }
  /** Distinct values of the fields, until there are more than `above`. */
  | Members
  /** How many of the records also meet a condition. */
  | { readonly what: 'share'; readonly of: Match }
  /** Flows of each five-tuple, as time spans; replies left out where they can be told. */
  | { readonly what: 'connections'; readonly answers: boolean }
  /** Records or members for each step; null for one that another rule takes. */
  | { readonly what: 'steps'; readonly steps: readonly (Counted | Members | null)[] };

export interface Members {
  readonly what: 'members';
  readonly fields: readonly string[];
  readonly above: number;
}

export interface Counted {
  readonly what: 'records';
}

/** What a slot of a group remembers that kinds decide on. Times are Unix seconds. */
export interface SlotTotals {
  /** Start of the slot. */
  readonly slot: number;
  readonly records: number;
  /** Sum of the field that `sumField` names. */
  readonly sum: number;
  /** Least and greatest `start`. */
  readonly first: number;
  readonly last: number;
  /** What the kind carries, in the layout of `parts.ts`. */
  readonly part: readonly number[];
}

/** One window of one group, with what a kind may look at beside it. */
export interface WindowView {
  readonly start: number;
  /** Where it is over: the first second behind it. */
  readonly end: number;
  /** Slots of the group in the window, ascending; those without a record are left out. */
  readonly slots: readonly SlotTotals[];
  /** The kind's own memory of the group, beyond slots. */
  readonly kept: readonly number[];
  /** Start of the first record the rule was evaluated on; undefined while none is known. */
  readonly since: number | undefined;
  /** Aggregation interval of the group's sources; seconds. */
  readonly interval: number;
  /** The group's connections by their first start; times are Unix seconds. Worked out once for all its windows. */
  readonly connections: readonly Span[];
  /** Starts of accepted flows that answer a five-tuple, ascending. */
  answersTo(tuple: number): readonly number[];
  /** Whether records may be missing that began in [from, to]: absence proves nothing then. */
  blind(from: number, to: number): boolean;
}

/** What a window comes to. */
export interface Judgement {
  readonly value: number;
  /** What the value had to exceed, or to reach. */
  readonly threshold: number;
  readonly fires: boolean;
}

interface AnyKind<D extends Detect> {
  /** What its digests carry beside totals. */
  carries(detect: D): Carried;
  /** Field whose sum its digests carry. */
  sumField(detect: D): string | undefined;
  /** What the value counts: `records`, a field's name, ... */
  measure(detect: D): string;
}

/** A kind that decides on sliding windows of slots. */
export interface WindowKind<D extends Detect = Detect> extends AnyKind<D> {
  /**
   * `grows`: fires the moment a window exceeds, since nothing later can take it back. `settles`:
   * each window is judged once, when it is over and late records have had their time.
   */
  readonly timing: 'grows' | 'settles';
  judge(detect: D, view: WindowView): Judgement;
  /** Windows after its own that it waits for; 0 unless given. */
  readonly waits?: number;
  /** Adds a digest's totals to the kind's own memory of the group. */
  keep?(detect: D, kept: number[], totals: SlotTotals, window: number): void;
  /** Forgets of it what no window that ends after `settled` asks for. @returns whether anything is left */
  trim?(detect: D, kept: number[], settled: number, window: number): boolean;
}

/** What a kind without windows found in a group's history. */
export interface Sighting {
  /** Slot that names the alert. */
  readonly slot: number;
  readonly value: number;
  readonly threshold: number;
  /** When what was found came to an end, where that is known already. */
  readonly over?: number;
  /** The evidence. */
  readonly evidence: SlotTotals;
  /** Number of the source that fell silent, where the alert is of it and not of the group. */
  readonly silent?: number;
}

export interface History {
  readonly sightings: readonly Sighting[];
  /** Slots it went through; what cannot be told yet waits for more time to pass. */
  readonly through: number;
}

/** What a history may be judged up to; Unix seconds. */
export interface Horizon {
  /** Slots that end by then are settled. */
  readonly settled: number;
  /** Time known to have passed without a record. */
  readonly passed: number;
  /** No more time will pass: what cannot be told is left. */
  readonly ends: boolean;
  readonly since: number | undefined;
  /** Sources of an evidence slot, whose silence explains a group's. */
  silenceAfter(evidence: SlotTotals, time: number): Silence;
}

/** When the sources of a group had any line around a time. */
export interface Silence {
  /** Last minute with a line, at or before that time. */
  readonly heard: number;
  /** First one after it; undefined while there is none. */
  readonly again: number | undefined;
  readonly sources: readonly number[];
}

/** A kind that decides on when a group was seen, in order; its slots are a minute long. */
export interface HistoryKind<D extends Detect = Detect> extends AnyKind<D> {
  readonly timing: 'history';
  /**
   * Goes through slots that are settled by now, oldest first.
   * @param pending settled slots not gone through yet; the last one gone through may stand before them
   * @param kept its memory of the group; written to
   */
  judge(detect: D, pending: readonly SlotTotals[], kept: number[], horizon: Horizon): History;
  /** A slot that came after its time: it is remembered, and judges nothing. */
  late(detect: D, kept: number[], totals: SlotTotals): void;
  /** Whether the last slot it went through is kept as evidence of what comes later. */
  readonly keepsEvidence: boolean;
  /**
   * When what fired was over: Unix seconds, or undefined while it lasts. Without it an alert is
   * over after a time without a firing.
   */
  endedAt?(detect: D, kept: readonly number[], firing: number): number | undefined;
  /** Whether the memory of the group still matters to what comes after `settled`. */
  trim(detect: D, kept: readonly number[], settled: number): boolean;
}

/** A kind that watches the sources themselves, and no record. */
export interface SourceKind<D extends Detect = Detect> extends AnyKind<D> {
  readonly timing: 'sources';
  judge(detect: D, lines: SourceLines): Judgement;
}

/** Lines of a source in a window. */
export interface SourceLines {
  readonly lines: number;
  readonly skipped: number;
  readonly malformed: number;
}

export type DetectKind<D extends Detect = Detect> = WindowKind<D> | HistoryKind<D> | SourceKind<D>;
