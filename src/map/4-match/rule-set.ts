/** All rules and filters of a snapshot, compiled together for matching. */
import { createHash } from 'node:crypto';
import type { Snapshot } from '../../config/snapshot.ts';
import { kindOf } from '../../detect/index.ts';
import { fieldFor } from '../../records/batch.ts';
import type { CompiledFilter, CompiledRule, Match } from '../../rules/compiled.ts';
import { slotCount, slotSeconds } from '../../rules/windows.ts';
import { AddressIndex } from './address-index.ts';
import { type Alternative, alternativesOf } from './alternatives.ts';
import { Bitmaps, setBit } from './bitmaps.ts';
import { type Predicate, predicateOf } from './evaluate.ts';
import type { FieldSet } from './field-set.ts';
import { NumberIndex } from './number-index.ts';
import { type Paint, paint } from './painted-ranges.ts';
import { TextIndex, type TextPaint } from './text-index.ts';

export type FieldIndex = NumberIndex | AddressIndex | TextIndex;

/** A rule ready to be matched and digested. */
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
  /** Asked where the index holds only part of its match. */
  readonly residual: Predicate | undefined;
}

export interface MatchedFilter {
  readonly filter: CompiledFilter;
  /** Rules it hides records from, as bits by rule number. */
  readonly hides: Uint32Array;
  readonly until: number;
  readonly residual: Predicate | undefined;
}

export interface RuleSet {
  readonly snapshot: Snapshot;
  readonly rules: readonly MatchedRule[];
  readonly filters: readonly MatchedFilter[];
  readonly bitmaps: Bitmaps;
  readonly indexes: readonly {
    readonly field: string;
    readonly index: FieldIndex;
    readonly absent: number;
  }[];
  /** What each alternative belongs to: filter i as i, rule i as `filters.length + i`. */
  readonly owners: Uint32Array;
  /** Fields to be derived. */
  readonly needed: ReadonlySet<string>;
}

export function compileRuleSet(snapshot: Snapshot): RuleSet {
  const { lists } = snapshot;
  const alternatives: Alternative[] = [];
  const owners: number[] = [];
  const residuals = [...snapshot.filters, ...snapshot.rules].map(({ match }, owner) => {
    const expanded = alternativesOf(match, lists);
    for (const one of expanded.alternatives) {
      alternatives.push(one);
      owners.push(owner);
    }
    return expanded.exact ? undefined : predicateOf(match, lists);
  });
  const bitmaps = new Bitmaps(alternatives.length);
  const fields = new Set(alternatives.flatMap((one) => [...one.keys()]));
  const filters = snapshot.filters.map((filter, i) => {
    const hides = new Uint32Array(Math.ceil(snapshot.rules.length / 32));
    snapshot.rules.forEach((rule, bit) => {
      if (filter.rules.includes(rule.id)) setBit(hides, bit);
    });
    return { filter, hides, until: filter.until ?? Infinity, residual: residuals[i] };
  });
  const rules = snapshot.rules.map((rule, i) =>
    matchedRule(rule, residuals[snapshot.filters.length + i]),
  );
  return {
    snapshot,
    rules,
    filters,
    bitmaps,
    indexes: [...fields]
      .map((field) => indexOf(field, alternatives, bitmaps))
      .sort((a, b) => a.index.size - b.index.size),
    owners: Uint32Array.from(owners),
    needed: neededFields(snapshot),
  };
}

function matchedRule(rule: CompiledRule, residual: Predicate | undefined): MatchedRule {
  const sumField = sumFieldOf(rule);
  const slot = rule.window === undefined ? 60 : slotSeconds(rule.window);
  const slots = rule.window === undefined ? 1 : slotCount(rule.window);
  const remembered = JSON.stringify([rule.match, rule.by, slot, slots, rule.detect.kind, sumField]);
  const memory = createHash('sha256').update(remembered).digest('hex').slice(0, 12);
  return { rule, memory, slot, slots, sumField, residual };
}

/** A rule whose detection sums nothing may sum a field for its metric. */
function sumFieldOf({ detect, metric }: CompiledRule): string | undefined {
  const own = kindOf(detect).sumField(detect);
  return own ?? (typeof metric?.value === 'object' ? metric.value.sum : undefined);
}

function neededFields(snapshot: Snapshot): Set<string> {
  const needed = new Set<string>();
  const visit = (match: Match): void => {
    if ('not' in match) visit(match.not);
    else if ('field' in match) needed.add(match.field);
    else for (const part of 'all' in match ? match.all : match.any) visit(part);
  };
  for (const { match } of [...snapshot.rules, ...snapshot.filters]) visit(match);
  for (const rule of snapshot.rules) {
    for (const { field } of rule.by) needed.add(field);
    const sum = sumFieldOf(rule);
    if (sum) needed.add(sum);
    for (const [, name] of rule.message?.matchAll(/\{([a-z0-9-]+)\}/g) ?? []) needed.add(name);
  }
  return needed;
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
