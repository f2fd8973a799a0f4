/** Asks an iterator for what comes next before anybody wants it. */

/**
 * The items in their order, while up to `most` later ones are being made.
 * @param most items that are made or wait, at least 1
 */
export class Ahead<T> {
  readonly #source: AsyncIterator<T>;
  readonly #coming: Promise<IteratorResult<T>>[] = [];

  constructor(source: AsyncIterator<T>, most: number) {
    this.#source = source;
    for (let i = 0; i < most; i++) this.#ask();
  }

  async *items(): AsyncGenerator<T> {
    for (;;) {
      const result = await this.#coming.shift()!;
      if (result.done) return;
      this.#ask();
      yield result.value;
    }
  }

  async close(): Promise<void> {
    await this.#source.return?.();
  }

  #ask(): void {
    const next = this.#source.next();
    // Seen in its turn; until then it must not count as unhandled.
    next.catch(() => {});
    this.#coming.push(next);
  }
}
