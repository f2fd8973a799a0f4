/** The log between map and reduce: entries put once each, readable again in order. */

/** An encoded digest, heartbeat or tick under its key. */
export interface LogEntry {
  readonly shard: number;
  /** Sort key from content alone, so that a redelivered batch has the same one. */
  readonly key: string;
  /** Arrival, Unix milliseconds: set by the first put and never again. */
  readonly at: number;
  readonly data: Uint8Array;
}

export interface DigestLog {
  /**
   * Puts an entry unless its (shard, key) is there.
   * @returns `present` when it was there, which a redelivery makes the usual case
   */
  put(entry: LogEntry): Promise<'stored' | 'present'>;
  /** Entries of a shard in key order, for `rebuild` and gaps in the stream. */
  read(shard: number, fromKey?: string, toKey?: string): AsyncIterable<LogEntry>;
}
