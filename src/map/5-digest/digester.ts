/** Hits into a digest: for each rule, slot and group what the rule needs to know. */

import { type GroupDigest, type RuleDigest, type Sample, TALKERS } from '../../log/digest.ts';
import type { CodeColumn, Column, NumberColumn, RecordBatch } from '../../records/batch.ts';
import { REPLY } from '../3-enrich/leg.ts';
import type { Hits } from '../4-match/match.ts';
import { ANSWER } from '../4-match/matchers.ts';
import type { MatchedRule, RuleSet } from '../4-match/rule-set.ts';
import { type Answering, Answers, answeringIn } from './answers.ts';
import { hashCell, isAbsent } from './cells.ts';
import { GroupTable, type Growing, MOST_SAMPLES } from './group-table.ts';
import { heaviest } from './heavy-groups.ts';
import { groupedBy, joinGroups, type Weighed } from './join-groups.ts';
import { type PartCollectors, partCollectors } from './part-collector.ts';
import { SlotCounts } from './slot-counts.ts';
import { TopValues } from './top-values.ts';

/** Values of each that a digest carries. */
const MOST_TOP = 5;

/** Columns of one rule, in the present batch. */
interface Bound {
  readonly matched: MatchedRule;
  readonly by: readonly (Column | undefined)[];
  /** Columns without which a record does not count. */
  readonly required: readonly (Column | undefined)[];
  readonly sum: NumberColumn | undefined;
  readonly bytes: NumberColumn | undefined;
  readonly packets: NumberColumn | undefined;
  /** Where replies do not count. */
  readonly legs: CodeColumn | undefined;
  readonly parts: PartCollectors;
  readonly talkers: readonly { readonly field: string; readonly column: Column }[];
}

interface RuleTotals {
  readonly rule: number;
  records: number;
  sum: number;
  dropped: number;
  /** Groups of each slot, counted to know when there are too many. */
  readonly slots: SlotCounts;
  answers: Answers | undefined;
  done: GroupDigest[];
  /** Weights of `done`. */
  readonly weights: number[];
}

/** Collects the hits of one input, over as many batches as it takes. */
export class Digester {
  readonly #set: RuleSet;
  readonly #maxGroups: number;
  readonly #table = new GroupTable();
  /** Of each rule, kept and filled again. */
  readonly #totals: (RuleTotals | undefined)[] = [];
  /** Totals of rules that something was found for, in the order of rules. */
  readonly #found: RuleTotals[] = [];
  /** Batches since the digester was empty. */
  #turns = 0;
  /** Columns of each rule, as long as batches have the same ones. */
  #bound: (Bound | undefined)[] = [];
  #answering: Answering | undefined;
  #batch: RecordBatch | undefined;

  /** @param maxGroups new groups a rule may have per slot; Infinity in replay */
  constructor(set: RuleSet, maxGroups: number) {
    this.#set = set;
    this.#maxGroups = maxGroups;
  }

  /** To be called when a batch's fields have changed: columns are looked up but once. */
  unbind(): void {
    this.#batch = undefined;
  }

  /** Adds the hits of a batch; its columns may be filled anew afterwards. */
  add(batch: RecordBatch, hits: Hits, lineText: (row: number) => Sample): void {
    this.#turns++;
    if (batch !== this.#batch) {
      this.#batch = batch;
      this.#bound = [];
      this.#answering = undefined;
    }
    const { matchers } = this.#set;
    const bound = this.#bound;
    let group: Growing | undefined;
    let countedRule = -1;
    let countedRow = -1;
    for (let i = 0; i < hits.count; i++) {
      const { rule, role } = matchers[hits.matchers[i]];
      const row = hits.rows[i];
      if (role === ANSWER) {
        this.#answering ??= answeringIn(batch);
        this.#addAnswer(rule, this.#answering(row), batch.times[row]);
        continue;
      }
      // The steps of a rule that a row meets are neighbours, and it is one record all the same.
      if (countedRule !== rule || countedRow !== row) {
        bound[rule] ??= bind(this.#set.rules[rule], batch);
        group = this.#addRow(bound[rule], batch, rule, row);
        countedRule = rule;
        countedRow = row;
      }
      if (group?.part !== undefined) group.part.add(row, role);
    }
    this.#finish(batch, lineText);
    this.#table.clear();
    for (const { slots } of this.#found) slots.clear();
  }

  #finish(batch: RecordBatch, lineText: (row: number) => Sample): void {
    // Groups that one row opened are neighbours.
    let known = -1;
    let sample: Sample | undefined;
    const sampleOf = (row: number): Sample => {
      if (sample === undefined || row !== known) sample = lineText(row);
      known = row;
      return sample;
    };
    for (const group of this.#table.groups) {
      const columns = this.#bound[group.rule];
      const totals = this.#totals[group.rule];
      if (!columns || !totals) continue;
      totals.done.push(finished(columns, batch, group, sampleOf));
      totals.weights.push(group.weight);
    }
  }

  #addRow(bound: Bound, batch: RecordBatch, rule: number, row: number): Growing | undefined {
    for (const column of bound.required) if (isAbsent(column, row)) return undefined;
    if (bound.legs !== undefined && bound.legs.codes[row] === REPLY) return undefined;
    const { slot: seconds } = bound.matched;
    const time = batch.times[row];
    const slot = Math.floor(time / seconds) * seconds;
    const group = this.#table.find(batch, bound.by, rule, slot, row);
    const totals = this.#totalsOf(rule);
    totals.records++;
    const isNew = group.records === 0;
    group.records++;
    group.weight++;
    const own = bound.sum === undefined ? 0 : bound.sum.values[row];
    if (!Number.isNaN(own)) {
      group.sum += own;
      totals.sum += own;
    }
    group.bytes += amount(bound.bytes, row);
    group.packets += amount(bound.packets, row);
    if (time < group.first) group.first = time;
    if (time > group.last) group.last = time;
    if (group.samples.length < MOST_SAMPLES) group.samples.push(row);
    if (!isNew) {
      if (group.top === undefined) {
        group.top = bound.talkers.map(() => new TopValues());
        addTalkers(bound, batch, group.top, group.row);
      }
      addTalkers(bound, batch, group.top, row);
    } else {
      group.part = bound.parts?.(slot);
      this.#dropLight(rule, slot, totals);
    }
    return group;
  }

  #addAnswer(rule: number, tuple: number | undefined, start: number): void {
    if (tuple === undefined) return;
    const totals = this.#totalsOf(rule);
    totals.answers ??= new Answers();
    totals.answers.add(tuple, start);
  }

  #totalsOf(rule: number): RuleTotals {
    let totals = this.#totals[rule];
    if (!totals) {
      totals = newTotals(rule);
      this.#totals[rule] = totals;
    }
    if (totals.records === 0 && totals.answers === undefined) insert(this.#found, totals);
    return totals;
  }

  /** Twice the bound in one slot: the light half goes. */
  #dropLight(rule: number, slot: number, totals: RuleTotals): void {
    const count = totals.slots.add(slot, 1);
    if (count <= this.#maxGroups * 2) return;
    const weights = new Map<Growing, number>();
    for (const group of this.#table.groups) {
      if (group.rule === rule && group.slot === slot) weights.set(group, group.weight);
    }
    const { gone } = heaviest(weights, this.#maxGroups);
    for (const [group, weight] of weights) group.weight = weight;
    this.#table.remove(new Set(gone));
    totals.dropped += gone.length;
    totals.slots.add(slot, -gone.length);
  }

  /** What was collected, rules in their order; the digester is empty again. */
  take(): RuleDigest[] {
    const digests: RuleDigest[] = [];
    for (const totals of this.#found) {
      const matched = this.#set.rules[totals.rule];
      digests.push({
        rule: matched.rule.id,
        memory: matched.memory,
        records: totals.records,
        sum: totals.sum,
        ...this.#bounded(matched, totals),
        answers: totals.answers?.finish() ?? [],
      });
      empty(totals);
    }
    this.#found.length = 0;
    this.#turns = 0;
    return digests;
  }

  /** The bound holds for the input, not for each of the turns it was matched in. */
  #bounded(
    { carried }: MatchedRule,
    { done, weights, dropped }: RuleTotals,
  ): { readonly dropped: number; readonly groups: readonly GroupDigest[] } {
    if (this.#turns < 2 && done.length <= this.#maxGroups) return { dropped, groups: done };
    const all = done.map((group, i) => ({ group, weight: weights[i] }));
    const joined = this.#turns < 2 ? all : joinGroups(all, carried, MOST_SAMPLES, MOST_TOP);
    if (joined.length <= this.#maxGroups) {
      return { dropped, groups: joined.map(({ group }) => group) };
    }
    const gone = new Set<Weighed>();
    for (const own of groupedBy(joined, ({ group }) => group.slot).values()) {
      if (own.length <= this.#maxGroups) continue;
      const left = new Map(own.map((one) => [one, one.weight]));
      for (const one of heaviest(left, this.#maxGroups).gone) gone.add(one);
    }
    const kept = joined.filter((one) => !gone.has(one));
    return { dropped: dropped + gone.size, groups: kept.map(({ group }) => group) };
  }
}

function newTotals(rule: number): RuleTotals {
  const slots = new SlotCounts();
  return { rule, records: 0, sum: 0, dropped: 0, slots, answers: undefined, done: [], weights: [] };
}

/** Rules of a record come in their order, and records hit much the same ones. */
function insert(found: RuleTotals[], totals: RuleTotals): void {
  let at = found.length;
  for (; at > 0 && found[at - 1].rule > totals.rule; at--) found[at] = found[at - 1];
  found[at] = totals;
}

function empty(totals: RuleTotals): void {
  totals.records = 0;
  totals.sum = 0;
  totals.dropped = 0;
  totals.slots.clear();
  totals.answers = undefined;
  totals.done = [];
  totals.weights.length = 0;
}

function addTalkers(
  { talkers }: Bound,
  batch: RecordBatch,
  top: readonly TopValues[],
  row: number,
): void {
  for (let i = 0; i < talkers.length; i++) {
    const { column } = talkers[i];
    if (!isAbsent(column, row)) top[i].add(hashCell(column, batch.bytes, row, 1), row);
  }
}

function numbers(batch: RecordBatch, field: string): NumberColumn | undefined {
  const column = batch.column(field);
  return column?.kind === 'number' ? column : undefined;
}

function amount(column: NumberColumn | undefined, row: number): number {
  if (column === undefined) return 0;
  const value = column.values[row];
  return !Number.isNaN(value) ? value : 0;
}

function bind(matched: MatchedRule, batch: RecordBatch): Bound {
  const { carried, shared, sumField } = matched;
  const { by } = matched.rule;
  const legs = carried.what === 'connections' ? batch.column('leg') : undefined;
  const named = new Set(by.map(({ field }) => field));
  return {
    matched,
    by: by.map(({ field }) => batch.column(field)),
    required: matched.required.map((field) => batch.column(field)),
    sum: sumField === undefined ? undefined : numbers(batch, sumField),
    bytes: numbers(batch, 'bytes'),
    packets: numbers(batch, 'packets'),
    legs: legs?.kind === 'code' ? legs : undefined,
    parts: partCollectors(carried, batch, shared),
    talkers: TALKERS.flatMap((field) => {
      const column = batch.column(field);
      return column && !named.has(field) ? [{ field, column }] : [];
    }),
  };
}

function topOf(
  { talkers }: Bound,
  batch: RecordBatch,
  values: readonly TopValues[],
): GroupDigest['top'] {
  const top: Record<string, readonly (readonly [string | number, number])[]> = {};
  for (const [i, { field }] of talkers.entries()) {
    const ranked = values[i].ranked().slice(0, MOST_TOP);
    top[field] = ranked.flatMap(({ row, count }) => {
      const value = batch.value(field, row);
      return value === undefined ? [] : [[value, count] as const];
    });
  }
  return top;
}

function finished(
  bound: Bound,
  batch: RecordBatch,
  group: Growing,
  lineText: (row: number) => Sample,
): GroupDigest {
  const { by } = bound.matched.rule;
  // The sample of a lone record tells its values.
  const top = group.top === undefined ? {} : topOf(bound, batch, group.top);
  return {
    slot: group.slot,
    values: by.map(({ field }) => batch.value(field, group.row) ?? null),
    records: group.records,
    bytes: group.bytes,
    packets: group.packets,
    sum: group.sum,
    first: group.first,
    last: group.last,
    samples: group.samples.map(lineText),
    top,
    part: group.part?.finish() ?? [],
  };
}
