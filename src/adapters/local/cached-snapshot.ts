import type { Snapshot } from '../../config/snapshot.ts';
import type { Log } from '../../ports/log.ts';
import type { SnapshotStore } from '../../ports/snapshot-store.ts';

export interface CachedSnapshotOptions {
  readonly store: SnapshotStore;
  /** Unix ms. */
  readonly now: () => number;
  readonly log: Log;
  /** How long a snapshot is used before a newer one is asked for, ms. */
  readonly refreshAfter?: number;
}

interface Held {
  readonly snapshot: Snapshot;
  readonly tag: string;
  /** When it was last known to be the newest, Unix ms. */
  readonly confirmed: number;
}

/**
 * The snapshot that a warm function works by. The same object is returned until a newer one is
 * published, so what is compiled from it can be kept under its identity.
 */
export class CachedSnapshot {
  readonly #store: SnapshotStore;
  readonly #now: () => number;
  readonly #log: Log;
  readonly #refreshAfter: number;
  #held: Held | undefined;
  /** When the store was last asked, Unix ms. */
  #asked = 0;
  #asking: Promise<Snapshot | undefined> | undefined;

  constructor({ store, now, log, refreshAfter = 30_000 }: CachedSnapshotOptions) {
    this.#store = store;
    this.#now = now;
    this.#log = log;
    this.#refreshAfter = refreshAfter;
  }

  /**
   * The newest snapshot, at most `refreshAfter` old while the store answers; undefined when none
   * has ever been published. When a refresh fails, the old one stays in use and the log says so.
   * @param newest ask the store even if it was asked a moment ago
   * @throws the store's error when there is no old one
   */
  async get(newest = false): Promise<Snapshot | undefined> {
    if (!newest && this.#held !== undefined && this.#now() - this.#asked < this.#refreshAfter) {
      return this.#held.snapshot;
    }
    this.#asking ??= this.#ask().finally(() => {
      this.#asking = undefined;
    });
    return this.#asking;
  }

  async #ask(): Promise<Snapshot | undefined> {
    const held = this.#held;
    this.#asked = this.#now();
    try {
      const answer = await this.#store.load(held?.tag);
      if (answer === undefined) return this.#keep('no snapshot is published any more');
      if (answer !== 'unchanged') {
        this.#held = { ...answer, confirmed: this.#asked };
      } else if (held !== undefined) {
        this.#held = { ...held, confirmed: this.#asked };
      }
      return this.#held?.snapshot;
    } catch (error) {
      if (held === undefined) throw error;
      return this.#keep(error instanceof Error ? error.message : String(error));
    }
  }

  #keep(reason: string): Snapshot | undefined {
    if (this.#held === undefined) return undefined;
    const ageSeconds = Math.round((this.#now() - this.#held.confirmed) / 1000);
    this.#log('warn', 'snapshot.stale', { reason, ageSeconds });
    return this.#held.snapshot;
  }
}
