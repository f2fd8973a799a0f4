/**
 * Matches a batch against all rules at once: one look-up a field and row, then the AND of the
 * bitmaps found (bit-vector intersection, Lakshman and Stiliadis, SIGCOMM 1998; with summary words,
 * Baboescu and Varghese, SIGCOMM 2001).
 */
import type { RecordBatch } from '../../records/batch.ts';
import { AddressIndex } from './address-index.ts';
import { hasBit } from './bitmaps.ts';
import { NumberIndex } from './number-index.ts';
import type { RuleSet } from './rule-set.ts';
import { TextIndex } from './text-index.ts';

/** Pairs of row and rule number, in row order. */
export interface Hits {
  count: number;
  rows: Uint32Array;
  rules: Uint32Array;
}

export class Matcher {
  readonly #set: RuleSet;
  /** For each indexed field, each row's offset into the bitmap table. */
  readonly #offsets: Uint32Array[];
  readonly #hits: Hits = { count: 0, rows: new Uint32Array(1024), rules: new Uint32Array(1024) };
  readonly #hidden: Uint32Array;

  constructor(set: RuleSet, capacity: number) {
    this.#set = set;
    this.#offsets = set.indexes.map(() => new Uint32Array(capacity));
    this.#hidden = new Uint32Array(Math.ceil(set.rules.length / 32));
  }

  /** The hits of a batch; the answer is written over by the next call. */
  match(batch: RecordBatch): Hits {
    const hits = this.#hits;
    hits.count = 0;
    if (this.#set.owners.length === 0) return hits;
    this.#classify(batch);
    const { table, words, summaries } = this.#set.bitmaps;
    const offsets = this.#offsets;
    const fields = offsets.length;
    for (let row = 0; row < batch.count; row++) {
      let last = -1;
      let hiding = false;
      for (let summary = 0; summary < summaries; summary++) {
        let live = -1;
        for (let field = 0; field < fields; field++) live &= table[offsets[field][row] + summary];
        if (fields === 0) live = lowBits(words - summary * 32);
        while (live !== 0) {
          const word = summary * 32 + 31 - Math.clz32(live & -live);
          live &= live - 1;
          let bits = -1;
          for (let field = 0; field < fields; field++) {
            bits &= table[offsets[field][row] + summaries + word];
          }
          if (fields === 0) bits = lowBits(this.#set.owners.length - word * 32);
          while (bits !== 0) {
            const owner = this.#set.owners[word * 32 + 31 - Math.clz32(bits & -bits)];
            bits &= bits - 1;
            // Alternatives of one rule are neighbours: the first that holds is enough.
            if (owner === last) continue;
            if (owner < this.#set.filters.length) {
              if (!this.#hide(batch, row, owner, hiding)) continue;
              hiding = true;
              last = owner;
            } else if (this.#admit(batch, row, owner - this.#set.filters.length, hiding)) {
              last = owner;
            }
          }
        }
      }
    }
    return hits;
  }

  #classify(batch: RecordBatch): void {
    this.#set.indexes.forEach(({ field, index, absent }, i) => {
      const out = this.#offsets[i];
      const column = batch.column(field);
      if (column === undefined) out.fill(absent, 0, batch.count);
      else if (index instanceof NumberIndex && column.kind === 'number') {
        index.classify(column, batch.count, out);
      } else if (index instanceof AddressIndex && column.kind === 'address') {
        index.classify(column, batch.count, out);
      } else if (index instanceof TextIndex && column.kind === 'text') {
        index.classify(column, batch.bytes, batch.count, out);
      } else if (index instanceof TextIndex && column.kind === 'code') {
        index.classifyCodes(column, batch.count, out);
      }
    });
  }

  /** Filters have the lowest numbers, so that all of them are known before the first rule. */
  #hide(batch: RecordBatch, row: number, filter: number, hiding: boolean): boolean {
    const { hides, until, residual } = this.#set.filters[filter];
    if (batch.times[row] >= until || (residual && !residual(batch, row))) return false;
    const hidden = this.#hidden;
    if (!hiding) hidden.fill(0);
    for (let i = 0; i < hides.length; i++) hidden[i] |= hides[i];
    return true;
  }

  #admit(batch: RecordBatch, row: number, rule: number, hiding: boolean): boolean {
    if (hiding && hasBit(this.#hidden, rule)) return true;
    const { residual } = this.#set.rules[rule];
    if (residual && !residual(batch, row)) return false;
    const hits = this.#hits;
    if (hits.count === hits.rows.length) {
      hits.rows = doubled(hits.rows);
      hits.rules = doubled(hits.rules);
    }
    hits.rows[hits.count] = row;
    hits.rules[hits.count++] = rule;
    return true;
  }
}

function lowBits(count: number): number {
  return count >= 32 ? -1 : 2 ** count - 1;
}

function doubled(array: Uint32Array): Uint32Array {
  const larger = new Uint32Array(array.length * 2);
  larger.set(array);
  return larger;
}
