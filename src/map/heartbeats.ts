/** Totals of what an instance has mapped since its last heartbeat, by source. */
import type { Heartbeat, SourceTotals } from '../log/digest.ts';
import type { Source } from '../ports/source.ts';
import type { Mapped } from './map.ts';

/** At most one heartbeat in this long; ms. */
const EVERY = 60_000;

export class Heartbeats {
  #sources = new Map<string, SourceTotals>();
  #last = -Infinity;

  add(source: Source, { counts, latest }: Mapped, bytes: number): void {
    const key = JSON.stringify(source);
    const known = this.#sources.get(key);
    this.#sources.set(key, {
      source,
      latest: Math.max(known?.latest ?? 0, latest),
      batches: (known?.batches ?? 0) + 1,
      records: (known?.records ?? 0) + counts.records,
      malformed: (known?.malformed ?? 0) + counts.malformed,
      noData: (known?.noData ?? 0) + counts.noData,
      skipData: (known?.skipData ?? 0) + counts.skipData,
      bytes: (known?.bytes ?? 0) + bytes,
    });
  }

  /** What is due when the instance is new or a minute has passed; undefined when nothing is. */
  due(now: number): Heartbeat | undefined {
    if (this.#sources.size === 0 || now - this.#last < EVERY) return undefined;
    return { kind: 'heartbeat', sources: [...this.#sources.values()] };
  }

  /** The heartbeat is in the log. */
  sent(now: number): void {
    this.#sources = new Map();
    this.#last = now;
  }
}
