/** Groups of a batch, found by rule, slot and group values; no text is made before the end. */
import type { Column, RecordBatch } from '../../records/batch.ts';
import { cellsEqual, hashCell } from './cells.ts';
import type { PartCollector } from './part-collector.ts';
import type { TopValues } from './top-values.ts';

/** Rows kept as samples of a group. */
export const MOST_SAMPLES = 5;

/** One group while it grows. */
export interface Growing {
  readonly rule: number;
  readonly slot: number;
  /** Row whose cells are the group's values. */
  readonly row: number;
  readonly hash: number;
  records: number;
  /** Records less what the bound has taken: decides who goes when there are too many groups. */
  weight: number;
  bytes: number;
  packets: number;
  sum: number;
  first: number;
  last: number;
  readonly samples: number[];
  /** Made when there is a second record: most groups of a flood have one. */
  top: readonly TopValues[] | undefined;
  /** What its rule carries beside totals. */
  part: PartCollector | undefined;
}

function sameCells(
  by: readonly (Column | undefined)[],
  bytes: Uint8Array,
  a: number,
  b: number,
): boolean {
  for (let i = 0; i < by.length; i++) if (!cellsEqual(by[i], bytes, a, b)) return false;
  return true;
}

export class GroupTable {
  #buckets = new Int32Array(256).fill(-1);
  #groups: Growing[] = [];

  get groups(): readonly Growing[] {
    return this.#groups;
  }

  clear(): void {
    this.#buckets.fill(-1);
    this.#groups = [];
  }

  /** The group of a row, made if it is new; `by` are the columns of the rule's `by`. */
  find(
    batch: RecordBatch,
    by: readonly (Column | undefined)[],
    rule: number,
    slot: number,
    row: number,
  ): Growing {
    const { bytes } = batch;
    let hash = Math.imul(rule + 1, 0x9e3779b1) ^ slot;
    for (const column of by) hash = hashCell(column, bytes, row, hash);
    const mask = this.#buckets.length - 1;
    let at = (hash ^ (hash >>> 15)) & mask;
    for (;;) {
      const index = this.#buckets[at];
      if (index < 0) break;
      const group = this.#groups[index];
      if (
        group.hash === hash &&
        group.rule === rule &&
        group.slot === slot &&
        sameCells(by, bytes, group.row, row)
      ) {
        return group;
      }
      at = (at + 1) & mask;
    }
    const group: Growing = {
      rule,
      slot,
      row,
      hash,
      records: 0,
      weight: 0,
      bytes: 0,
      packets: 0,
      sum: 0,
      first: Infinity,
      last: 0,
      samples: [],
      top: undefined,
      part: undefined,
    };
    this.#buckets[at] = this.#groups.push(group) - 1;
    if (this.#groups.length * 2 > this.#buckets.length) this.#rehash(this.#buckets.length * 2);
    return group;
  }

  /** Takes groups out, when there are more than may be kept. */
  remove(gone: ReadonlySet<Growing>): void {
    this.#groups = this.#groups.filter((group) => !gone.has(group));
    this.#rehash(this.#buckets.length);
  }

  #rehash(size: number): void {
    this.#buckets = new Int32Array(size).fill(-1);
    this.#groups.forEach((group, index) => {
      let at = (group.hash ^ (group.hash >>> 15)) & (size - 1);
      while (this.#buckets[at] >= 0) at = (at + 1) & (size - 1);
      this.#buckets[at] = index;
    });
  }
}
