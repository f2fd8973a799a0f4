/**
 * Bitmaps over a rule set's alternatives, shared: equal ones are kept once and named by a class
 * number. In front of each stand summary words with one bit for each word that is not zero, so that
 * an AND over 1,000 rules looks only at words that can have a bit.
 */
export class Bitmaps {
  /** Words of 32 alternatives. */
  readonly words: number;
  /** Words of the summary. */
  readonly summaries: number;
  /** Words a class takes in the table. */
  readonly stride: number;
  #table = new Uint32Array(0);
  #count = 0;
  readonly #classes = new Map<string, number>();

  constructor(alternatives: number) {
    this.words = Math.max(1, Math.ceil(alternatives / 32));
    this.summaries = Math.ceil(this.words / 32);
    this.stride = this.summaries + this.words;
    this.#table = new Uint32Array(this.stride * 16);
  }

  /** All classes, `stride` words each: first the summaries, then the bitmap. */
  get table(): Uint32Array {
    return this.#table;
  }

  blank(): Uint32Array {
    return new Uint32Array(this.words);
  }

  /** The class of a bitmap with these words. */
  classOf(bitmap: Uint32Array): number {
    const key = bitmap.join();
    const known = this.#classes.get(key);
    if (known !== undefined) return known;
    const id = this.#count++;
    const at = id * this.stride;
    if (at + this.stride > this.#table.length) {
      const larger = new Uint32Array(this.#table.length * 2);
      larger.set(this.#table);
      this.#table = larger;
    }
    for (let word = 0; word < this.words; word++) {
      if (bitmap[word] === 0) continue;
      this.#table[at + (word >>> 5)] |= 1 << (word & 31);
      this.#table[at + this.summaries + word] = bitmap[word];
    }
    this.#classes.set(key, id);
    return id;
  }
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
