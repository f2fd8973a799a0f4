/**
 * ANDs of bitmap classes, remembered: traffic meets the same pairs of classes over and over, so that
 * a record costs one look-up a field however many rules there are (the class reduction of recursive
 * flow classification, Gupta and McKeown, SIGCOMM 1999, filled as traffic comes).
 */
import { Bitmaps } from './bitmaps.ts';

/** Pairs remembered; half of them filled, and all are forgotten. */
const PAIRS = 1 << 17;
/** Words a pair takes, the last one unused. */
const WIDTH = 4;
/** Products kept; with 1,000 rules they take 5 MB. */
const MOST_PRODUCTS = 1 << 15;
/** Stands for "no left side" in a pair. */
const FIRST = 0xffff_fffe;
const VACANT = 0xffff_ffff;

/** The product with no alternative left in it. */
export const NOTHING = 0;

export class Products {
  readonly #classes: Bitmaps;
  readonly #alternatives: number;
  /** Left, right and value of each pair side by side: a look-up is one cache line. */
  readonly #pairs = new Uint32Array(PAIRS * WIDTH);
  readonly #scratch: Uint32Array;
  #products: Bitmaps;
  #filled = 0;
  #bits: (Uint32Array | undefined)[] = [];
  #all: number | undefined;

  /** @param classes bitmaps of the indexes */
  constructor(classes: Bitmaps, alternatives: number) {
    this.#classes = classes;
    this.#alternatives = alternatives;
    this.#scratch = classes.blank();
    this.#products = new Bitmaps(alternatives);
    this.#forget();
  }

  /** To be called between records, never within one: products may get new numbers. */
  makeRoom(): void {
    if (this.#filled * 2 > PAIRS || this.#products.count > MOST_PRODUCTS) this.#forget();
  }

  #forget(): void {
    this.#pairs.fill(VACANT);
    this.#products = new Bitmaps(this.#alternatives);
    this.#products.classOf(this.#products.blank());
    this.#bits = [];
    this.#all = undefined;
    this.#filled = 0;
  }

  /** The product of one class alone. */
  of(right: number): number {
    return this.#find(FIRST, right);
  }

  /** The product of a product and a class. */
  and(left: number, right: number): number {
    return this.#find(left, right);
  }

  /** Numbers of the alternatives in a product, ascending. */
  alternativesIn(product: number): Uint32Array {
    let bits = this.#bits[product];
    if (!bits) {
      const found: number[] = [];
      const { table, words } = this.#products;
      for (let word = 0; word < words; word++) {
        let rest = table[product * words + word];
        while (rest !== 0) {
          found.push(word * 32 + 31 - Math.clz32(rest & -rest));
          rest &= rest - 1;
        }
      }
      bits = Uint32Array.from(found);
      this.#bits[product] = bits;
    }
    return bits;
  }

  /** The product of alternatives that depend on no field. */
  ofAll(): number {
    if (this.#all !== undefined) return this.#all;
    const all = this.#products.blank();
    for (let bit = 0; bit < this.#alternatives; bit++) all[bit >>> 5] |= 1 << (bit & 31);
    this.#all = this.#products.classOf(all);
    return this.#all;
  }

  #find(left: number, right: number): number {
    let hash = Math.imul(left ^ 0x9e3779b1, 0x85ebca6b) ^ Math.imul(right, 0xc2b2ae35);
    hash ^= hash >>> 15;
    const pairs = this.#pairs;
    let at = (hash & (PAIRS - 1)) * WIDTH;
    for (;;) {
      const known = pairs[at];
      if (known === left && pairs[at + 1] === right) return pairs[at + 2];
      if (known === VACANT) break;
      at = (at + WIDTH) & (PAIRS * WIDTH - 1);
    }
    const value = this.#multiply(left, right);
    pairs[at] = left;
    pairs[at + 1] = right;
    pairs[at + 2] = value;
    this.#filled++;
    return value;
  }

  #multiply(left: number, right: number): number {
    const { words } = this.#classes;
    const classes = this.#classes.table;
    const products = this.#products.table;
    const from = right * words;
    for (let i = 0; i < words; i++) {
      const bits = classes[from + i];
      this.#scratch[i] = left === FIRST ? bits : bits & products[left * words + i];
    }
    return this.#products.classOf(this.#scratch);
  }
}
