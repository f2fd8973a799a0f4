/** All rules and filters of a snapshot, compiled together for matching. */
import type { Snapshot } from '../../config/snapshot.ts';
import { carriedBy, sumFieldOf } from '../../detect/index.ts';
import type { Carried } from '../../detect/kind.ts';
import { fieldFor } from '../../records/batch.ts';
import type { CompiledFilter, CompiledRule } from '../../rules/compiled.ts';
import { slotCount, slotSeconds } from '../../rules/windows.ts';
import { AddressIndex } from './address-index.ts';
import { type Alternative, alternativesOf } from './alternatives.ts';
import { Bitmaps, setBit } from './bitmaps.ts';
import { type Predicate, predicateOf } from './evaluate.ts';
import type { FieldSet } from './field-set.ts';
import { neededFields, requiredFields } from './fields.ts';
import { ANSWER, type Asked, askedBy } from './matchers.ts';
import { fingerprintOf, memoryOf } from './memory.ts';
import { NumberIndex } from './number-index.ts';
import { type Paint, paint } from './painted-ranges.ts';
import { TextIndex, type TextPaint } from './text-index.ts';

export type FieldIndex = NumberIndex | AddressIndex | TextIndex;

/** A rule ready to be digested. */
export interface MatchedRule {
  readonly rule: CompiledRule;
  /** Names what the rule remembers: while it stays, memory survives a change of the rule. */
  readonly memory: string;
  /** Seconds a slot; 60 for rules without a window. */
  readonly slot: number;
  /** Slots a window. */
  readonly slots: number;
  /** Field whose sum its digests carry, for `sum` or its metric. */
  readonly sumField: string | undefined;
  /** What its digests carry beside totals. */
  readonly carried: Carried;
  /** What a share counts, where the rule carries one. */
  readonly shared: Predicate | undefined;
  /** Fields without which a record does not count. */
  readonly required: readonly string[];
}

/** One match of a rule, ready to be asked. */
export interface RuleMatcher extends Asked {
  /** Asked where the index holds only part of the match. */
  readonly residual: Predicate | undefined;
}

export interface MatchedFilter {
  readonly filter: CompiledFilter;
  /** Matchers it hides records from, as bits by their number. */
  readonly hides: Uint32Array;
  readonly until: number;
  readonly residual: Predicate | undefined;
}

export interface RuleSet {
  readonly snapshot: Snapshot;
  /** Names the rules and what each remembers. */
  readonly fingerprint: string;
  readonly rules: readonly MatchedRule[];
  /** Those of a rule are neighbours, in the order of rules. */
  readonly matchers: readonly RuleMatcher[];
  readonly filters: readonly MatchedFilter[];
  readonly bitmaps: Bitmaps;
  readonly indexes: readonly {
    readonly field: string;
    readonly index: FieldIndex;
    readonly absent: number;
  }[];
  /** What each alternative belongs to: filter i as i, matcher i as `filters.length + i`. */
  readonly owners: Uint32Array;
  /** Fields to be derived. */
  readonly needed: ReadonlySet<string>;
}

export function compileRuleSet(snapshot: Snapshot): RuleSet {
  const { lists } = snapshot;
  const alternatives: Alternative[] = [];
  const owners: number[] = [];
  const asked = askedBy(snapshot.rules);
  const residuals = [...snapshot.filters, ...asked].map(({ match }, owner) => {
    const expanded = alternativesOf(match, lists);
    for (const one of expanded.alternatives) {
      alternatives.push(one);
      owners.push(owner);
    }
    return expanded.exact ? undefined : predicateOf(match, lists);
  });
  const bitmaps = new Bitmaps(alternatives.length);
  const fields = new Set(alternatives.flatMap((one) => [...one.keys()]));
  const rules = snapshot.rules.map((rule) => matchedRule(rule, lists));
  return {
    snapshot,
    fingerprint: fingerprintOf(rules),
    rules,
    matchers: asked.map((one, i) => ({
      ...one,
      residual: residuals[snapshot.filters.length + i],
    })),
    filters: snapshot.filters.map((filter, i) => ({
      filter,
      hides: hiddenFrom(filter, asked, snapshot.rules),
      until: filter.until ?? Infinity,
      residual: residuals[i],
    })),
    bitmaps,
    indexes: [...fields]
      .map((field) => indexOf(field, alternatives, bitmaps))
      .sort((a, b) => a.index.size - b.index.size),
    owners: Uint32Array.from(owners),
    needed: neededFields(snapshot),
  };
}

function matchedRule(rule: CompiledRule, lists: Snapshot['lists']): MatchedRule {
  const carried = carriedBy(rule.detect);
  const slot = rule.window === undefined ? 60 : slotSeconds(rule.window);
  const slots = rule.window === undefined ? 1 : slotCount(rule.window);
  return {
    rule,
    memory: memoryOf(rule, slot, slots),
    slot,
    slots,
    sumField: sumFieldOf(rule),
    carried,
    shared: carried.what === 'share' ? predicateOf(carried.of, lists) : undefined,
    required: requiredFields(rule),
  };
}

/** Answers are looked for among all records: that a filter hides a flow makes no answer of it unseen. */
function hiddenFrom(
  filter: CompiledFilter,
  asked: readonly Asked[],
  rules: readonly CompiledRule[],
): Uint32Array {
  const hides = new Uint32Array(Math.ceil(asked.length / 32));
  asked.forEach(({ rule, role }, bit) => {
    if (role !== ANSWER && filter.rules.includes(rules[rule].id)) setBit(hides, bit);
  });
  return hides;
}

function indexOf(
  field: string,
  alternatives: readonly Alternative[],
  bitmaps: Bitmaps,
): RuleSet['indexes'][number] {
  const always = bitmaps.blank();
  const absent = bitmaps.blank();
  const sets: { bit: number; set: FieldSet }[] = [];
  alternatives.forEach((one, bit) => {
    const set = one.get(field);
    if (!set) {
      setBit(always, bit);
      setBit(absent, bit);
      return;
    }
    if (set.absent) setBit(absent, bit);
    sets.push({ bit, set });
  });
  const absentClass = bitmaps.classOf(absent);
  const { type } = fieldFor(field);
  const index =
    type === 'string'
      ? new TextIndex(bitmaps, always, sets as TextPaint[], absentClass)
      : type === 'address'
        ? new AddressIndex(
            paint(
              bitmaps,
              always,
              grouped(sets, (set) => (set.kind === 'address' ? set.v4 : [])),
            ),
            paint(
              bitmaps,
              always,
              grouped(sets, (set) => (set.kind === 'address' ? set.v6 : [])),
            ),
            absentClass,
          )
        : new NumberIndex(
            paint(
              bitmaps,
              always,
              grouped(sets, (set) => (set.kind === 'number' ? set.ranges : [])),
            ),
            absentClass,
          );
  return { field, index, absent: absentClass };
}

/** Alternatives with the same ranges are painted in one go: most rules share `not: $internal`. */
function grouped<T extends number | bigint>(
  sets: readonly { bit: number; set: FieldSet }[],
  rangesOf: (set: FieldSet) => readonly T[],
): Paint<T>[] {
  const groups = new Map<string, { bits: number[]; ranges: readonly T[] }>();
  for (const { bit, set } of sets) {
    const ranges = rangesOf(set);
    const key = ranges.join();
    const group = groups.get(key);
    if (group) group.bits.push(bit);
    else groups.set(key, { bits: [bit], ranges });
  }
  return [...groups.values()];
}
