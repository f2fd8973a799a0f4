/** How many groups each slot has; those of an input hardly ever lie in more than one. */
export class SlotCounts {
  #slot = -1;
  #count = 0;
  /** Those before `#slot`; made when there is a second one. */
  #others: Map<number, number> | undefined;

  /** @returns how many the slot has then */
  add(slot: number, count: number): number {
    if (slot !== this.#slot) this.#turnTo(slot);
    this.#count += count;
    return this.#count;
  }

  #turnTo(slot: number): void {
    if (this.#slot >= 0) {
      this.#others ??= new Map();
      this.#others.set(this.#slot, this.#count);
    }
    this.#slot = slot;
    this.#count = this.#others?.get(slot) ?? 0;
  }

  clear(): void {
    this.#slot = -1;
    this.#count = 0;
    this.#others = undefined;
  }
}
