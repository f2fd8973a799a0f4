import { word128 } from '../../records/address-set.ts';
import type { AddressColumn } from '../../records/batch.ts';
import { boundsAtMost } from '../../records/ranges.ts';
import type { PaintedRanges } from './painted-ranges.ts';

/**
 * From an address to the class of its bitmap. IPv4 goes through a table by its upper 16 bits, which
 * leaves nothing or a few bounds to search; IPv6 by binary search.
 */
export class AddressIndex {
  /** Pieces it tells apart: fields with few are looked at first. */
  readonly size: number;
  readonly #absent: number;
  readonly #bounds4: Float64Array;
  readonly #classes4: Uint32Array;
  /** For each upper half: how many bounds are at or below its first address. */
  readonly #first: Uint32Array;
  readonly #bounds6: readonly bigint[];
  readonly #classes6: Uint32Array;

  constructor(v4: PaintedRanges<number>, v6: PaintedRanges<bigint>, absent: number) {
    this.size = v4.classes.length + v6.classes.length;
    this.#absent = absent;
    this.#bounds4 = Float64Array.from(v4.bounds);
    this.#classes4 = Uint32Array.from(v4.classes);
    this.#bounds6 = v6.bounds;
    this.#classes6 = Uint32Array.from(v6.classes);
    this.#first = new Uint32Array(65_537);
    let piece = 0;
    for (let half = 0; half <= 65_536; half++) {
      while (piece < this.#bounds4.length && this.#bounds4[piece] <= half * 65_536) piece++;
      this.#first[half] = piece;
    }
  }

  classify(column: AddressColumn, count: number, out: Uint32Array): void {
    const { family, v4 } = column;
    const bounds = this.#bounds4;
    for (let row = 0; row < count; row++) {
      if (family[row] === 4) {
        const value = v4[row];
        const half = value >>> 16;
        let low = this.#first[half];
        let high = this.#first[half + 1];
        while (low < high) {
          const middle = (low + high) >>> 1;
          if (bounds[middle] <= value) low = middle + 1;
          else high = middle;
        }
        out[row] = this.#classes4[low];
      } else if (family[row] === 6) {
        out[row] =
          this.#bounds6.length === 0
            ? this.#classes6[0]
            : this.#classes6[boundsAtMost(this.#bounds6, word128(column, row))];
      } else out[row] = this.#absent;
    }
  }
}
