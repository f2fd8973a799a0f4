import { tickKey } from '../../log/key.ts';
import type { LogEntry } from '../../ports/digest-log.ts';
import { REMEMBER_APPLIED } from '../reducer.ts';
import type { ShardState } from '../state.ts';

/** Entries reach a reducer in the order of their arrival, give or take less than this; ms. */
const OUT_OF_ORDER = 300_000;

/**
 * How far into the log a reducer's memory reaches. What it has not merged yet is the stream's to
 * bring, and to be told of; the rest was told of already.
 */
export class Position {
  readonly now: number;
  readonly ticked: number;
  readonly #applied: ReadonlyMap<string, number>;
  /** What arrived before counts as merged, by this reducer or one before it. */
  readonly #passed: number;

  constructor({ now, ticked, applied }: Pick<ShardState, 'now' | 'ticked' | 'applied'>) {
    this.now = now;
    this.ticked = ticked;
    this.#applied = new Map(applied);
    // A memory that began when the one before was lost remembers less than an hour.
    const [first = 0] = applied.values();
    this.#passed = Math.max(now - REMEMBER_APPLIED, Math.min(first, now - OUT_OF_ORDER));
  }

  /** Whether it has merged a batch or heartbeat. */
  merged({ key, at }: Pick<LogEntry, 'key' | 'at'>): boolean {
    return at < this.#passed || this.#applied.has(key);
  }

  /**
   * Least key of what it has merged and an earlier position had not; undefined where it remembers
   * too little to tell.
   */
  firstSince(earlier: Position): string | undefined {
    if (this.now - earlier.now > REMEMBER_APPLIED - OUT_OF_ORDER) return undefined;
    let least = tickKey(earlier.ticked / 1000);
    for (const key of this.#applied.keys()) {
      if (key < least && !earlier.#applied.has(key)) least = key;
    }
    return least;
  }
}
