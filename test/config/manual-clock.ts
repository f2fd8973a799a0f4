import type { Clock } from '../../src/ports/clock.ts';

/** Time passes when somebody sleeps, or when the test says so. */
export class ManualClock implements Clock {
  #now: number;

  constructor(now = Date.UTC(2026, 0, 1)) {
    this.#now = now;
  }

  now(): number {
    return this.#now;
  }

  async sleep(ms: number): Promise<void> {
    this.#now += ms;
  }
}
