import type { NumberColumn } from '../../records/batch.ts';
import { boundsAtMost } from '../../records/ranges.ts';
import type { PaintedRanges } from './painted-ranges.ts';

/** Values below this have a table of their own: ports, protocols, flags. */
const DIRECT = 65_536;

/** From a number to the class of its bitmap. */
export class NumberIndex {
  /** Pieces it tells apart: fields with few are looked at first. */
  readonly size: number;
  readonly #absent: number;
  /** Narrow where the classes allow it, for caches: ports of clients are all over it. */
  readonly #direct: Uint16Array | Uint32Array;
  readonly #bounds: Float64Array;
  readonly #classes: Uint32Array;

  constructor(painted: PaintedRanges<number>, absent: number) {
    this.size = painted.classes.length;
    this.#absent = absent;
    this.#bounds = Float64Array.from(painted.bounds);
    this.#classes = Uint32Array.from(painted.classes);
    const narrow = this.#classes.every((one) => one < 65_536);
    this.#direct = narrow ? new Uint16Array(DIRECT) : new Uint32Array(DIRECT);
    let piece = 0;
    for (let value = 0; value < DIRECT; value++) {
      while (piece < this.#bounds.length && this.#bounds[piece] <= value) piece++;
      this.#direct[value] = this.#classes[piece];
    }
  }

  classify(column: NumberColumn, count: number, out: Uint32Array): void {
    const { values } = column;
    const direct = this.#direct;
    for (let row = 0; row < count; row++) {
      const value = values[row];
      if (value < DIRECT) out[row] = direct[value];
      else if (Number.isNaN(value)) out[row] = this.#absent;
      else out[row] = this.#classes[boundsAtMost(this.#bounds, value)];
    }
  }
}
