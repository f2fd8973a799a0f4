/**
 * Seeded pseudo-random numbers, equal on every platform: xoshiro128** seeded by splitmix32, integer
 * arithmetic alone (https://prng.di.unimi.it/). Not for secrets.
 */
export class Random {
  #a: number;
  #b: number;
  #c: number;
  #d: number;

  /** @param seed any integer; its low 32 bits count */
  constructor(seed: number) {
    let state = seed | 0;
    const splitmix = (): number => {
      state = (state + 0x9e3779b9) | 0;
      let z = Math.imul(state ^ (state >>> 16), 0x21f0aaad);
      z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
      return z ^ (z >>> 15);
    };
    this.#a = splitmix();
    this.#b = splitmix();
    this.#c = splitmix();
    this.#d = splitmix();
  }

  /** An integer in [0, 2^32). */
  next(): number {
    const scrambled = Math.imul(rotated(Math.imul(this.#b, 5), 7), 9) >>> 0;
    const shifted = this.#b << 9;
    this.#c ^= this.#a;
    this.#d ^= this.#b;
    this.#b ^= this.#c;
    this.#a ^= this.#d;
    this.#c ^= shifted;
    this.#d = rotated(this.#d, 11);
    return scrambled;
  }

  /** An integer in [0, limit); the bias of 2^32 / limit is of no matter here. */
  below(limit: number): number {
    return this.next() % limit;
  }

  /** An integer in [first, last]. */
  between(first: number, last: number): number {
    return first + this.below(last - first + 1);
  }

  /** True in `permille` of a thousand cases. */
  chance(permille: number): boolean {
    return this.below(1_000) < permille;
  }

  pick<T>(values: readonly T[]): T {
    return values[this.below(values.length)];
  }
}

function rotated(value: number, bits: number): number {
  return (value << bits) | (value >>> (32 - bits));
}
