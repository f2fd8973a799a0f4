/** Calls no faster than the other side takes them, from several at once. */
import type { Clock } from '../../ports/clock.ts';
import { Refusal } from '../../ports/refusal.ts';

/** Tries of a call that is throttled. */
const TRIES = 8;

export class CallPace {
  readonly #clock: Clock;
  #gap: number;
  #next = 0;

  /** @param rate calls a second to begin with; each refusal for being too many makes it less */
  constructor(clock: Clock, rate: number) {
    this.#clock = clock;
    this.#gap = 1000 / rate;
  }

  /** @throws what the call fails with, `throttled` only after many tries */
  async call<T>(what: () => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      await this.#turn();
      try {
        return await what();
      } catch (error) {
        const throttled = error instanceof Refusal && error.reason === 'throttled';
        if (!throttled || attempt === TRIES) throw error;
        this.#gap *= 1.25;
        this.#next = Math.max(this.#next, this.#clock.now() + this.#gap * 2 ** attempt);
      }
    }
  }

  async #turn(): Promise<void> {
    const now = this.#clock.now();
    const at = Math.max(now, this.#next);
    this.#next = at + this.#gap;
    if (at > now) await this.#clock.sleep(at - now);
  }
}
