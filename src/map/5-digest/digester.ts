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
  records: number;
  sum: number;
  dropped: number;
  /** Groups of each slot, counted to know when there are too many. */
  readonly slots: Map<number, number>;
  answers: Answers | undefined;
}

/** Collects the hits of one input, over as many batches as it takes. */
export class Digester {
  readonly #set: RuleSet;
  readonly #maxGroups: number;
  readonly #table = new GroupTable();
  readonly #totals = new Map<number, RuleTotals>();
  /** Batches since the digester was empty. */
  #turns = 0;
  #done: (Weighed & { readonly rule: number })[] = [];

  /** @param maxGroups new groups a rule may have per slot; Infinity in replay */
  constructor(set: RuleSet, maxGroups: number) {
    this.#set = set;
    this.#maxGroups = maxGroups;
  }

  /** Adds the hits of a batch; its columns may be filled anew afterwards. */
  add(batch: RecordBatch, hits: Hits, lineText: (row: number) => Sample): void {
    this.#turns++;
    const { matchers } = this.#set;
    const bound: (Bound | undefined)[] = [];
    let answering: Answering | undefined;
    let group: Growing | undefined;
    let countedRule = -1;
    let countedRow = -1;
    for (let i = 0; i < hits.count; i++) {
      const { rule, role } = matchers[hits.matchers[i]];
      const row = hits.rows[i];
      if (role === ANSWER) {
        answering ??= answeringIn(batch);
        this.#addAnswer(rule, answering(row), batch.times[row]);
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
    for (const group of this.#table.groups) {
      const columns = bound[group.rule];
      if (columns) {
        const { rule, weight } = group;
        this.#done.push({ rule, weight, group: finished(columns, batch, group, lineText) });
      }
    }
    this.#table.clear();
    for (const totals of this.#totals.values()) totals.slots.clear();
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
      this.#bound(rule, slot, totals);
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
    let totals = this.#totals.get(rule);
    if (!totals) {
      totals = { records: 0, sum: 0, dropped: 0, slots: new Map(), answers: undefined };
      this.#totals.set(rule, totals);
    }
    return totals;
  }

  /** Twice the bound in one slot: the light half goes. */
  #bound(rule: number, slot: number, totals: RuleTotals): void {
    const count = (totals.slots.get(slot) ?? 0) + 1;
    totals.slots.set(slot, count);
    if (count <= this.#maxGroups * 2) return;
    const weights = new Map<Growing, number>();
    for (const group of this.#table.groups) {
      if (group.rule === rule && group.slot === slot) weights.set(group, group.weight);
    }
    const { gone } = heaviest(weights, this.#maxGroups);
    for (const [group, weight] of weights) group.weight = weight;
    this.#table.remove(new Set(gone));
    totals.dropped += gone.length;
    totals.slots.set(slot, count - gone.length);
  }

  /** What was collected, rules in their order; the digester is empty again. */
  take(): RuleDigest[] {
    const groups = groupedBy(this.#done, ({ rule }) => rule);
    const digests = [...this.#totals.entries()]
      .sort(([a], [b]) => a - b)
      .map(([rule, totals]): RuleDigest => {
        const matched = this.#set.rules[rule];
        return {
          rule: matched.rule.id,
          memory: matched.memory,
          records: totals.records,
          sum: totals.sum,
          ...this.#bounded(groups.get(rule) ?? [], matched, totals.dropped),
          answers: totals.answers?.finish() ?? [],
        };
      });
    this.#totals.clear();
    this.#done = [];
    this.#turns = 0;
    return digests;
  }

  /** The bound holds for the input, not for each of the turns it was matched in. */
  #bounded(
    done: readonly Weighed[],
    { carried }: MatchedRule,
    dropped: number,
  ): { readonly dropped: number; readonly groups: readonly GroupDigest[] } {
    const joined = this.#turns < 2 ? done : joinGroups(done, carried, MOST_SAMPLES, MOST_TOP);
    if (joined.length <= this.#maxGroups) {
      return { dropped, groups: joined.map(({ group }) => group) };
    }
    const gone = new Set<Weighed>();
    for (const own of groupedBy(joined, ({ group }) => group.slot).values()) {
      if (own.length <= this.#maxGroups) continue;
      const weights = new Map(own.map((one) => [one, one.weight]));
      for (const one of heaviest(weights, this.#maxGroups).gone) gone.add(one);
    }
    const kept = joined.filter((one) => !gone.has(one));
    return { dropped: dropped + gone.size, groups: kept.map(({ group }) => group) };
  }
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

function finished(
  bound: Bound,
  batch: RecordBatch,
  group: Growing,
  lineText: (row: number) => Sample,
): GroupDigest {
  const { by } = bound.matched.rule;
  const top: Record<string, readonly (readonly [string | number, number])[]> = {};
  // The sample of a lone record tells its values.
  for (const [i, { field }] of group.top === undefined ? [] : bound.talkers.entries()) {
    const ranked = group.top?.[i].ranked() ?? [];
    top[field] = ranked.slice(0, MOST_TOP).flatMap(({ row, count }) => {
      const value = batch.value(field, row);
      return value === undefined ? [] : [[value, count] as const];
    });
  }
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
