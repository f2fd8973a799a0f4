/** Where a reducer's state lives between invocations: one object a shard, replaced if unchanged. */

export interface StoredCheckpoint {
  readonly body: Uint8Array;
  /** Names this version of the object (an ETag). */
  readonly tag: string;
}

export interface CheckpointStore {
  load(shard: number): Promise<StoredCheckpoint | undefined>;
  /**
   * Replaces the object if `previous` still names it (undefined: if there is none).
   * A save whose answer was lost and that is found to have happened counts as saved.
   * @returns the new tag, or `conflict` when another writer was first
   */
  save(
    shard: number,
    body: Uint8Array,
    previous: string | undefined,
  ): Promise<{ readonly tag: string } | 'conflict'>;
}
