/**
 * ANDs of bitmap classes, remembered: traffic meets the same pairs of classes over and over, so that
 * a record costs one look-up a field however many rules there are (the class reduction of recursive
 * flow classification, Gupta and McKeown, SIGCOMM 1999, filled as traffic comes).
 */
import { Bitmaps } from './bitmaps.ts';

/** Pairs remembered at most; half of them filled, and all are forgotten. */
const MOST_PAIRS = 1 << 17;
/** Room for pairs at first: the built-in rules meet a few hundred, which the first cache holds. */
const FEW_PAIRS = 1 << 10;
/** Words a pair takes, the last one unused. */
const WIDTH = 4;
/** Products kept; with 1,000 rules they take 5 MB. */
const MOST_PRODUCTS = 1 << 15;
const VACANT = 0xffff_ffff;

/** The product with no alternative left in it. */
export const NOTHING = 0;
/** What a product begins with: no class yet. */
export const START = 0xffff_fffe;

export class Products {
  readonly #classes: Bitmaps;
  readonly #alternatives: number;
  /** Left, right and value of each pair side by side: a look-up is one cache line. */
  #pairs = new Uint32Array(0);
  #room = 0;
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

  /**
   * To be called between records, never within one: products may get new numbers.
   * @returns whether they did
   */
  makeRoom(): boolean {
    if (this.#filled * 2 <= MOST_PAIRS && this.#products.count <= MOST_PRODUCTS) return false;
    this.#forget();
    return true;
  }

  #forget(): void {
    this.#setRoom(FEW_PAIRS);
    this.#products = new Bitmaps(this.#alternatives);
    this.#products.classOf(this.#products.blank());
    this.#bits = [];
    this.#all = undefined;
    this.#filled = 0;
  }

  #setRoom(pairs: number): void {
    this.#room = pairs;
    this.#pairs = new Uint32Array(pairs * WIDTH).fill(VACANT);
  }

  #grow(): void {
    const known = this.#pairs;
    this.#setRoom(this.#room * 2);
    const pairs = this.#pairs;
    for (let from = 0; from < known.length; from += WIDTH) {
      if (known[from] === VACANT) continue;
      let at = (hashOf(known[from], known[from + 1]) * WIDTH) & (pairs.length - 1);
      while (pairs[at] !== VACANT) at = (at + WIDTH) & (pairs.length - 1);
      for (let i = 0; i < WIDTH; i++) pairs[at + i] = known[from + i];
    }
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

  /** The product of a product, or START, and a class. */
  and(left: number, right: number): number {
    const pairs = this.#pairs;
    const last = pairs.length - 1;
    let at = (hashOf(left, right) * WIDTH) & last;
    for (;;) {
      const known = pairs[at];
      if (known === left && pairs[at + 1] === right) return pairs[at + 2];
      if (known === VACANT) break;
      at = (at + WIDTH) & last;
    }
    const value = this.#multiply(left, right);
    pairs[at] = left;
    pairs[at + 1] = right;
    pairs[at + 2] = value;
    this.#filled++;
    if (this.#filled * 2 > this.#room && this.#room < MOST_PAIRS) this.#grow();
    return value;
  }

  #multiply(left: number, right: number): number {
    const { words } = this.#classes;
    const classes = this.#classes.table;
    const products = this.#products.table;
    const from = right * words;
    for (let i = 0; i < words; i++) {
      const bits = classes[from + i];
      this.#scratch[i] = left === START ? bits : bits & products[left * words + i];
    }
    return this.#products.classOf(this.#scratch);
  }
}

function hashOf(left: number, right: number): number {
  const hash = Math.imul(left ^ 0x9e3779b1, 0x85ebca6b) ^ Math.imul(right, 0xc2b2ae35);
  return hash ^ (hash >>> 15);
}
