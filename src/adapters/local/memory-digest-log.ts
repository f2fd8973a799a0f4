import type { DigestLog, LogEntry } from '../../ports/digest-log.ts';

/** A digest log in memory: replay and tests. */
export class MemoryDigestLog implements DigestLog {
  readonly #shards = new Map<number, Map<string, LogEntry>>();

  async put(entry: LogEntry): Promise<'stored' | 'present'> {
    const shard = this.#shards.get(entry.shard) ?? new Map<string, LogEntry>();
    if (shard.has(entry.key)) return 'present';
    this.#shards.set(entry.shard, shard);
    // The caller may use its buffer again.
    shard.set(entry.key, { ...entry, data: entry.data.slice() });
    return 'stored';
  }

  /** Both ends of the range are included. */
  async *read(shard: number, fromKey?: string, toKey?: string): AsyncIterable<LogEntry> {
    for (const entry of this.entries(shard)) {
      if (fromKey !== undefined && entry.key < fromKey) continue;
      if (toKey !== undefined && entry.key > toKey) return;
      yield entry;
    }
  }

  /** All entries of a shard in key order. */
  entries(shard: number): LogEntry[] {
    const entries = [...(this.#shards.get(shard)?.values() ?? [])];
    return entries.sort((a, b) => (a.key < b.key ? -1 : 1));
  }
}
