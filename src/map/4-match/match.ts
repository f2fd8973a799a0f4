/**
 * Matches a batch against all rules at once: one look-up a field and row, then the AND of the
 * bitmaps found (bit-vector intersection, Lakshman and Stiliadis, SIGCOMM 1998).
 */
import type { RecordBatch } from '../../records/batch.ts';
import { AddressIndex } from './address-index.ts';
import { hasBit } from './bitmaps.ts';
import { NumberIndex } from './number-index.ts';
import { NOTHING, Products, START } from './products.ts';
import type { RuleSet } from './rule-set.ts';
import { TextIndex } from './text-index.ts';

/** Pairs of row and matcher number, in row order and then in that of matchers. */
export interface Hits {
  count: number;
  rows: Uint32Array;
  matchers: Uint32Array;
}

export class Matcher {
  readonly #set: RuleSet;
  /** For each indexed field, the bitmap class of each row. */
  readonly #classes: Uint32Array[];
  /** Of those, the fields that the batch has; of the others the class of no value. */
  readonly #present: Uint32Array[] = [];
  readonly #absent: number[] = [];
  readonly #products: Products;
  readonly #hits: Hits = {
    count: 0,
    rows: new Uint32Array(1024),
    matchers: new Uint32Array(1024),
  };
  readonly #hidden: Uint32Array;

  constructor(set: RuleSet, capacity: number) {
    this.#set = set;
    this.#classes = set.indexes.map(() => new Uint32Array(capacity));
    this.#products = new Products(set.bitmaps, set.owners.length);
    this.#hidden = new Uint32Array(Math.ceil(set.matchers.length / 32));
  }

  /** The hits of a batch; the answer is written over by the next call. */
  match(batch: RecordBatch): Hits {
    const hits = this.#hits;
    hits.count = 0;
    if (this.#set.owners.length === 0) return hits;
    this.#classify(batch);
    const { owners, filters } = this.#set;
    const products = this.#products;
    let base = this.#productOfAbsent();
    for (let row = 0; row < batch.count; row++) {
      if (products.makeRoom()) base = this.#productOfAbsent();
      const product = this.#productOf(row, base);
      if (product === NOTHING) continue;
      let last = -1;
      let hiding = false;
      const alternatives = products.alternativesIn(product);
      for (let i = 0; i < alternatives.length; i++) {
        const owner = owners[alternatives[i]];
        // Alternatives of one matcher are neighbours: the first that holds is enough.
        if (owner === last) continue;
        if (owner < filters.length) {
          if (!this.#hide(batch, row, owner, hiding)) continue;
          hiding = true;
          last = owner;
        } else if (this.#admit(batch, row, owner - filters.length, hiding)) last = owner;
      }
    }
    return hits;
  }

  /** The alternatives that hold for a row, as far as the indexes tell. */
  #productOf(row: number, base: number): number {
    const present = this.#present;
    const products = this.#products;
    let product = base;
    for (let i = 0; i < present.length && product !== NOTHING; i++) {
      product = products.and(product, present[i][row]);
    }
    return product;
  }

  /** What fields that the batch does not have leave of all rows: 6 of the 17 that the built-in rules ask for, in the default format. */
  #productOfAbsent(): number {
    const products = this.#products;
    if (this.#classes.length === 0) return products.ofAll();
    let product = START;
    for (const absent of this.#absent) product = products.and(product, absent);
    return product;
  }

  #classify(batch: RecordBatch): void {
    const { indexes } = this.#set;
    this.#present.length = 0;
    this.#absent.length = 0;
    for (let i = 0; i < indexes.length; i++) {
      const { field, index, absent } = indexes[i];
      const column = batch.column(field);
      if (column === undefined) {
        this.#absent.push(absent);
        continue;
      }
      const out = this.#classes[i];
      this.#present.push(out);
      if (index instanceof NumberIndex && column.kind === 'number') {
        index.classify(column, batch.count, out);
      } else if (index instanceof AddressIndex && column.kind === 'address') {
        index.classify(column, batch.count, out);
      } else if (index instanceof TextIndex && column.kind === 'text') {
        index.classify(column, batch.bytes, batch.count, out);
      } else if (index instanceof TextIndex && column.kind === 'code') {
        index.classifyCodes(column, batch.count, out);
      }
    }
  }

  /** Filters have the lowest numbers, so that all of them are known before the first matcher. */
  #hide(batch: RecordBatch, row: number, filter: number, hiding: boolean): boolean {
    const { hides, until, residual } = this.#set.filters[filter];
    if (batch.times[row] >= until || (residual && !residual(batch, row))) return false;
    const hidden = this.#hidden;
    if (!hiding) hidden.fill(0);
    for (let i = 0; i < hides.length; i++) hidden[i] |= hides[i];
    return true;
  }

  #admit(batch: RecordBatch, row: number, matcher: number, hiding: boolean): boolean {
    if (hiding && hasBit(this.#hidden, matcher)) return true;
    const { residual } = this.#set.matchers[matcher];
    if (residual && !residual(batch, row)) return false;
    const hits = this.#hits;
    if (hits.count === hits.rows.length) {
      hits.rows = doubled(hits.rows);
      hits.matchers = doubled(hits.matchers);
    }
    hits.rows[hits.count] = row;
    hits.matchers[hits.count++] = matcher;
    return true;
  }
}

function doubled(array: Uint32Array): Uint32Array {
  const larger = new Uint32Array(array.length * 2);
  larger.set(array);
  return larger;
}
