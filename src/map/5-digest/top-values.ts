/** The most frequent values of a field among a group's records, in little room. */

/** Candidates kept; with 8, any value above a ninth of the records is among them. */
const CANDIDATES = 8;

/** Counts a few candidates; on a new value with no room, every count falls by one (Misra-Gries). */
export class TopValues {
  readonly #values: number[] = [];
  readonly #counts: number[] = [];
  /** Row in which each candidate was first seen, to print it by. */
  readonly #rows: number[] = [];

  /** @param value anything that tells two values apart, such as an address or a hash */
  add(value: number, row: number): void {
    const at = this.#values.indexOf(value);
    if (at >= 0) {
      this.#counts[at]++;
      return;
    }
    if (this.#values.length < CANDIDATES) {
      this.#values.push(value);
      this.#counts.push(1);
      this.#rows.push(row);
      return;
    }
    for (let i = this.#values.length - 1; i >= 0; i--) {
      if (--this.#counts[i] > 0) continue;
      this.#values.splice(i, 1);
      this.#counts.splice(i, 1);
      this.#rows.splice(i, 1);
    }
  }

  /** Rows and counts, most frequent first. */
  ranked(): { readonly row: number; readonly count: number }[] {
    return this.#rows
      .map((row, i) => ({ row, count: this.#counts[i] }))
      .sort((a, b) => b.count - a.count);
  }
}
