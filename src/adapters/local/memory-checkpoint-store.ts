import type { CheckpointStore, StoredCheckpoint } from '../../ports/checkpoint-store.ts';

/** Checkpoints in memory: replay and tests. */
export class MemoryCheckpointStore implements CheckpointStore {
  readonly #stored = new Map<number, StoredCheckpoint>();
  #generation = 0;

  async load(shard: number): Promise<StoredCheckpoint | undefined> {
    const stored = this.#stored.get(shard);
    return stored === undefined ? undefined : { body: stored.body.slice(), tag: stored.tag };
  }

  async save(
    shard: number,
    body: Uint8Array,
    previous: string | undefined,
  ): Promise<{ readonly tag: string } | 'conflict'> {
    if (this.#stored.get(shard)?.tag !== previous) return 'conflict';
    const tag = String(++this.#generation);
    this.#stored.set(shard, { body: body.slice(), tag });
    return { tag };
  }
}
