import type { Clock } from '../ports/clock.ts';
import { Refusal } from '../ports/refusal.ts';

/** Tries of a call that is throttled, and the wait before the second; ms. */
const TRIES = 3;
const FIRST_WAIT = 2_000;

export interface Pace {
  readonly clock: Clock;
  /** Between the beginnings of two calls; ms. */
  readonly gap: number;
  /** No call begins after this; Unix ms. */
  readonly until: number;
}

/** Makes calls no faster than the other side takes them, until its time is over. */
export class Paced {
  readonly #pace: Pace;
  #next = 0;

  constructor(pace: Pace) {
    this.#pace = pace;
  }

  /** @returns undefined when it was done, what it failed with, or `late` where it was not begun */
  async call(what: () => Promise<void>): Promise<undefined | Error | 'late'> {
    for (let attempt = 1; ; attempt++) {
      if (!(await this.#turn())) return 'late';
      try {
        await what();
        return undefined;
      } catch (error) {
        const again = error instanceof Refusal && error.reason === 'throttled' && attempt < TRIES;
        if (!again) return error as Error;
        this.#next = this.#pace.clock.now() + FIRST_WAIT * 2 ** (attempt - 1);
      }
    }
  }

  async #turn(): Promise<boolean> {
    const { clock, gap, until } = this.#pace;
    const now = clock.now();
    if (Math.max(now, this.#next) > until) return false;
    if (this.#next > now) await clock.sleep(this.#next - now);
    this.#next = Math.max(now, this.#next) + gap;
    return true;
  }
}
