/**
 * Bitmaps over a rule set's alternatives, shared: equal ones are kept once and named by a class
 * number, so that a look-up yields a number and two numbers have one AND.
 */
export class Bitmaps {
  /** Words of 32 alternatives that a bitmap takes. */
  readonly words: number;
  #table: Uint32Array;
  #count = 0;
  /** Open addressing over the contents: class number, or -1. */
  #buckets = new Int32Array(64).fill(-1);

  constructor(alternatives: number) {
    this.words = Math.max(1, Math.ceil(alternatives / 32));
    this.#table = new Uint32Array(this.words * 16);
  }

  /** All classes, `words` words each, in the order of their numbers. */
  get table(): Uint32Array {
    return this.#table;
  }

  get count(): number {
    return this.#count;
  }

  blank(): Uint32Array {
    return new Uint32Array(this.words);
  }

  /** The class of a bitmap, made if it is new. */
  classOf(bitmap: Uint32Array): number {
    const mask = this.#buckets.length - 1;
    let at = hashOf(bitmap, 0, this.words) & mask;
    for (;;) {
      const id = this.#buckets[at];
      if (id < 0) break;
      if (this.#equals(id, bitmap)) return id;
      at = (at + 1) & mask;
    }
    const id = this.#count++;
    this.#buckets[at] = id;
    if ((id + 1) * this.words > this.#table.length) {
      const larger = new Uint32Array(this.#table.length * 2);
      larger.set(this.#table);
      this.#table = larger;
    }
    this.#table.set(bitmap, id * this.words);
    if (this.#count * 2 > this.#buckets.length) this.#rehash(this.#buckets.length * 2);
    return id;
  }

  #equals(id: number, bitmap: Uint32Array): boolean {
    const from = id * this.words;
    for (let i = 0; i < this.words; i++) if (this.#table[from + i] !== bitmap[i]) return false;
    return true;
  }

  #rehash(size: number): void {
    this.#buckets = new Int32Array(size).fill(-1);
    for (let id = 0; id < this.#count; id++) {
      let at = hashOf(this.#table, id * this.words, this.words) & (size - 1);
      while (this.#buckets[at] >= 0) at = (at + 1) & (size - 1);
      this.#buckets[at] = id;
    }
  }
}

function hashOf(words: Uint32Array, from: number, count: number): number {
  let hash = 0;
  for (let i = from; i < from + count; i++) {
    hash = Math.imul(hash ^ words[i], 0x9e3779b1);
    hash ^= hash >>> 15;
  }
  return hash;
}

export function setBit(bitmap: Uint32Array, bit: number): void {
  bitmap[bit >>> 5] |= 1 << (bit & 31);
}

export function clearBit(bitmap: Uint32Array, bit: number): void {
  bitmap[bit >>> 5] &= ~(1 << (bit & 31));
}

export function hasBit(bitmap: Uint32Array, bit: number): boolean {
  return ((bitmap[bit >>> 5] >>> (bit & 31)) & 1) === 1;
}
