/** Collects what a group carries beside its totals, in the layout of `detect/parts.ts`. */
import type { Carried, Members } from '../../detect/kind.ts';
import { FIVE_TUPLE, type Part, partOfSpans, spansOf } from '../../detect/parts.ts';
import type { Column, RecordBatch } from '../../records/batch.ts';
import type { Predicate } from '../4-match/evaluate.ts';
import { isAbsent } from './cells.ts';
import { type Numbering, numberingOf } from './tuples.ts';

/** The part of one group and slot while it grows. */
export interface PartCollector {
  /** @param step the step that the row meets, for a sequence */
  add(row: number, step: number): void;
  finish(): Part;
}

/** Makes the collector of a group; undefined where the rule carries nothing. */
export type PartCollectors = ((slot: number) => PartCollector) | undefined;

/** @param shared what a share counts, where the rule carries one */
export function partCollectors(
  carried: Carried,
  batch: RecordBatch,
  shared: Predicate | undefined,
): PartCollectors {
  switch (carried.what) {
    case 'nothing':
      return undefined;
    case 'members': {
      const bound = boundMembers(carried, batch);
      return () => new MemberCollector(bound);
    }
    case 'share':
      return shared && (() => new ShareCollector(shared, batch));
    case 'connections': {
      const tuple = numberingOf(batch, FIVE_TUPLE);
      const end = batch.column('end');
      return (slot) => new SpanCollector(slot, batch.times, tuple, end);
    }
    case 'steps': {
      const bound = carried.steps.map((step) =>
        step?.what === 'members' ? boundMembers(step, batch) : undefined,
      );
      return () => new StepCollector(bound);
    }
  }
}

interface BoundMembers {
  readonly above: number;
  readonly columns: readonly (Column | undefined)[];
  readonly number: Numbering;
}

function boundMembers({ fields, above }: Members, batch: RecordBatch): BoundMembers {
  const columns = fields.map((field) => batch.column(field));
  return { above, columns, number: numberingOf(batch, fields) };
}

/** Distinct values, ascending: that is how they are written shortest. */
class MemberCollector implements PartCollector {
  readonly #bound: BoundMembers;
  /** The only one so far: most groups have one, and make no set. */
  #only: number | undefined;
  #members: Set<number> | undefined;

  constructor(bound: BoundMembers) {
    this.#bound = bound;
  }

  add(row: number): void {
    const { above, columns, number } = this.#bound;
    const members = this.#members;
    const count = members !== undefined ? members.size : this.#only === undefined ? 0 : 1;
    if (count > above) return;
    for (const column of columns) if (isAbsent(column, row)) return;
    const member = number(row);
    if (members !== undefined) members.add(member);
    else if (this.#only === undefined) this.#only = member;
    else if (this.#only !== member) this.#members = new Set([this.#only, member]);
  }

  finish(): Part {
    if (this.#members !== undefined) return [...this.#members].sort((a, b) => a - b);
    return this.#only === undefined ? [] : [this.#only];
  }
}

class ShareCollector implements PartCollector {
  readonly #of: Predicate;
  readonly #batch: RecordBatch;
  #hits = 0;

  constructor(of: Predicate, batch: RecordBatch) {
    this.#of = of;
    this.#batch = batch;
  }

  add(row: number): void {
    if (this.#of(this.#batch, row)) this.#hits++;
  }

  finish(): Part {
    return [this.#hits];
  }
}

class SpanCollector implements PartCollector {
  readonly #slot: number;
  readonly #times: Float64Array;
  readonly #tuple: Numbering;
  readonly #ends: Float64Array | undefined;
  readonly #spans: number[] = [];

  constructor(slot: number, times: Float64Array, tuple: Numbering, end: Column | undefined) {
    this.#slot = slot;
    this.#times = times;
    this.#tuple = tuple;
    this.#ends = end?.kind === 'number' ? end.values : undefined;
  }

  add(row: number): void {
    const start = this.#times[row];
    const end = this.#ends === undefined ? start : this.#ends[row];
    // An absent end is NaN, which is above nothing.
    this.#spans.push(this.#tuple(row), start - this.#slot, end > start ? end - start : 0);
  }

  finish(): Part {
    return partOfSpans(spansOf(this.#spans));
  }
}

class StepCollector implements PartCollector {
  readonly #members: readonly (MemberCollector | undefined)[];
  readonly #counts: number[];

  constructor(steps: readonly (BoundMembers | undefined)[]) {
    this.#members = steps.map((bound) => bound && new MemberCollector(bound));
    this.#counts = steps.map(() => 0);
  }

  add(row: number, step: number): void {
    const members = this.#members[step];
    if (members) members.add(row);
    else this.#counts[step]++;
  }

  finish(): Part {
    return this.#members.flatMap((members, step) => {
      if (!members) return [this.#counts[step]];
      const found = members.finish();
      return [found.length, ...found];
    });
  }
}
