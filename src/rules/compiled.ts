/**
 * Rules in normal form: what the hot functions read from the snapshot. `rules/compile.ts` makes it
 * from documents; plain JSON, so that a snapshot needs neither a schema library nor a YAML parser.
 */

export const SEVERITIES = ['info', 'low', 'medium', 'high', 'critical'] as const;
export type Severity = (typeof SEVERITIES)[number];

/** live notifies; shadow only counts and logs; signal feeds sequences. */
export type Mode = 'live' | 'shadow' | 'signal';

/** A boolean tree of tests. */
export type Match = { all: Match[] } | { any: Match[] } | { not: Match } | Leaf;

/** One test of one field, with the document path it came from, for `explain`. */
export interface Leaf {
  readonly field: string;
  readonly test: Test;
  /** Where the condition stands in the document, e.g. `match.any[0].dstport`. */
  readonly path: string;
}

/** A test on an absent field is false, negated or not; only `exists: false` holds there. */
export type Test = { exists: boolean } | { in: ValueSet } | { notIn: ValueSet };

/** A union of values; which members apply follows from the field's type. */
export interface ValueSet {
  /** Inclusive integer intervals, sorted and disjoint; open ends are +-MAX_SAFE_INTEGER. */
  readonly numbers?: readonly (readonly [number, number])[];
  /** CIDR blocks in RFC 5952 / dotted form, single addresses as /32 or /128. */
  readonly cidrs?: readonly string[];
  readonly strings?: readonly string[];
  readonly prefixes?: readonly string[];
  /** Names of lists, without the `$`. */
  readonly lists?: readonly string[];
}

/** What a rule decides on; `src/detect/` has a module for each kind. Durations are seconds. */
export type Detect =
  | { readonly kind: 'every' }
  /** `of: connections` counts distinct five-tuples. */
  | { readonly kind: 'count'; readonly above: number; readonly of?: 'connections' }
  | { readonly kind: 'sum'; readonly field: string; readonly above: number }
  | { readonly kind: 'distinct'; readonly fields: readonly string[]; readonly above: number }
  | { readonly kind: 'ratio'; readonly of: Match; readonly above: number; readonly min: number }
  | {
      readonly kind: 'spike';
      /** Field that is summed; absent: matching records are counted. */
      readonly field?: string;
      readonly factor: number;
      readonly min: number;
      readonly baseline: number;
    }
  | {
      readonly kind: 'new';
      readonly fields: readonly string[];
      readonly learn: number;
      readonly forget: number;
    }
  | { readonly kind: 'absent'; readonly for: number; readonly seen: number }
  | { readonly kind: 'beacon'; readonly min: number; readonly jitter: number }
  | { readonly kind: 'unanswered'; readonly min: number }
  | { readonly kind: 'sequence'; readonly steps: readonly SequenceStep[] }
  | {
      readonly kind: 'visibility';
      readonly of: 'skipped' | 'malformed';
      /** Share of a source's lines. */
      readonly above: number;
      readonly min: number;
    };

/** One step of a sequence: records of its own, or the firings of another rule. */
export type SequenceStep =
  | {
      readonly match: Match;
      /** More than so many records; 0 where the document says nothing. */
      readonly above: number;
      /** Distinct values of these fields are counted in place of records. */
      readonly distinct?: readonly string[];
    }
  | { readonly rule: string };

export interface GroupField {
  readonly field: string;
  /** Marked `?`: the group also forms where the field is absent. */
  readonly optional: boolean;
}

export interface RuleMetric {
  readonly name: string;
  /** Matching records, a numeric field's sum, or the greatest window value. */
  readonly value: 'count' | 'value' | { readonly sum: string };
}

/** A CloudWatch alarm on the rule's own metric, else on `Matches`. */
export type RuleAlarm = {
  /** Seconds. */
  readonly period: number;
  /** So many periods of the last `of` must breach. */
  readonly periods: number;
  readonly of: number;
} & ({ readonly above: number } | { readonly band: number });

/** What an open alert holds back. */
export interface Inhibits {
  /** Ids or tags of the rules held back; absent: all of lower severity. */
  readonly rules?: readonly string[];
  /** Severities held back; absent: lower ones, or any where `rules` names them. */
  readonly severity?: readonly Severity[];
  /** Group fields that must have the same value in both. */
  readonly equal: readonly string[];
}

/** A rule, checked and normalised. Durations are seconds. */
export interface CompiledRule {
  readonly id: string;
  readonly title: string;
  readonly description?: string;
  readonly severity: Severity;
  readonly tags: readonly string[];
  readonly references: readonly string[];
  readonly runbook?: string;
  readonly match: Match;
  readonly detect: Detect;
  /** Fields of the group; for kind `new` those of `fields` follow that `by` lacks. */
  readonly by: readonly GroupField[];
  /** Seconds; absent for the kinds that have none: every, new, absent. */
  readonly window?: number;
  readonly cooldown: number;
  readonly storm: number;
  readonly message?: string;
  readonly to: readonly string[];
  readonly mode: Mode;
  readonly metric?: RuleMetric;
  /** Tell when it is over. */
  readonly resolve: boolean;
  /** Tell again at this interval while it lasts. */
  readonly repeat?: number;
  readonly inhibits?: Inhibits;
  /** In shadow: live once it would have sent fewer than `below` alerts in `after` seconds. */
  readonly promote?: { readonly after: number; readonly below: number };
  /** Alerts a day that are sent one by one; the rest comes in a summary a day. */
  readonly budget?: { readonly perDay: number };
  /** A rule that has one publishes `Matches`. */
  readonly alarm: RuleAlarm | false;
}

/** A record that meets `match` is invisible to the rules, before all memory. */
export interface CompiledFilter {
  readonly id: string;
  /** Ids of the rules it applies to (tags and `*` already resolved). */
  readonly rules: readonly string[];
  readonly match: Match;
  /** Unix seconds, compared with the record's start; absent: for ever. */
  readonly until?: number;
  readonly reason: string;
}

/** A list's values, sorted by what they can be compared with. */
export interface CompiledList {
  readonly numbers: readonly (readonly [number, number])[];
  readonly cidrs: readonly string[];
  readonly strings: readonly string[];
}
