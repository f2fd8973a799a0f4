/** Lines of an input by the minute in which they began. */
import type { SourceMinute } from '../log/digest.ts';

/** Minutes counted without a map, a power of two: those of an input are few and close together. */
const CLOSE = 256;

interface Counted {
  lines: number;
  skipped: number;
}

/** Kept and filled again, so that a line costs no allocation. */
export class Minutes {
  readonly #minutes = new Float64Array(CLOSE).fill(-1);
  readonly #lines = new Uint32Array(CLOSE);
  readonly #skipped = new Uint32Array(CLOSE);
  readonly #used: number[] = [];
  /** Those that had to make room for others. */
  readonly #others = new Map<number, Counted>();

  /** @param time Unix seconds */
  add(time: number, skipped: boolean): void {
    const minute = Math.floor(time / 60);
    const at = minute & (CLOSE - 1);
    if (this.#minutes[at] !== minute) this.#enter(minute, at);
    this.#lines[at]++;
    if (skipped) this.#skipped[at]++;
  }

  /** Lines without a skip: those of one minute are mostly neighbours, and are counted together. */
  addAll(times: Float64Array, count: number): void {
    for (let i = 0; i < count; ) {
      const minute = Math.floor(times[i] / 60);
      const from = minute * 60;
      const to = from + 60;
      const first = i++;
      while (i < count && times[i] >= from && times[i] < to) i++;
      const at = minute & (CLOSE - 1);
      if (this.#minutes[at] !== minute) this.#enter(minute, at);
      this.#lines[at] += i - first;
    }
  }

  #enter(minute: number, at: number): void {
    if (this.#minutes[at] < 0) this.#used.push(at);
    else this.#putAway(at);
    this.#minutes[at] = minute;
    this.#lines[at] = 0;
    this.#skipped[at] = 0;
  }

  #putAway(at: number): void {
    const known = this.#others.get(this.#minutes[at]);
    const lines = (known?.lines ?? 0) + this.#lines[at];
    const skipped = (known?.skipped ?? 0) + this.#skipped[at];
    this.#others.set(this.#minutes[at], { lines, skipped });
  }

  /** What was counted, minutes ascending; it is empty again. */
  take(): SourceMinute[] {
    const taken: SourceMinute[] = [];
    for (const at of this.#used) {
      if (this.#others.size > 0) this.#putAway(at);
      else taken.push([this.#minutes[at] * 60, this.#lines[at], this.#skipped[at]]);
      this.#minutes[at] = -1;
    }
    for (const [minute, { lines, skipped }] of this.#others) {
      taken.push([minute * 60, lines, skipped]);
    }
    this.#used.length = 0;
    if (this.#others.size > 0) this.#others.clear();
    return taken.sort((a, b) => a[0] - b[0]);
  }
}
