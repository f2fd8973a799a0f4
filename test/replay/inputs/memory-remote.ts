/** A bucket and a log group in memory, which count what is asked of them. */
import { createHash } from 'node:crypto';
import type { LogEvent, LogEventPage, LogEvents } from '../../../src/ports/log-events.ts';
import type { ListedObject, ListedPage, ObjectListing } from '../../../src/ports/object-listing.ts';
import type { ObjectReader, StoredObject } from '../../../src/ports/object-reader.ts';
import { Refusal } from '../../../src/ports/refusal.ts';

export class MemoryBucket implements ObjectListing, ObjectReader {
  /** Prefixes that were listed, and keys that were opened. */
  readonly listed: string[] = [];
  readonly opened: string[] = [];
  readonly #name: string;
  readonly #objects = new Map<string, Uint8Array>();
  readonly #page: number;

  constructor(name = 'logs', page = 1_000) {
    this.#name = name;
    this.#page = page;
  }

  put(key: string, content: string | Uint8Array): void {
    this.#objects.set(key, Buffer.from(content));
  }

  remove(key: string): void {
    this.#objects.delete(key);
  }

  async *pages(
    bucket: string,
    { prefix, folders }: { readonly prefix: string; readonly folders: boolean },
  ): AsyncGenerator<ListedPage> {
    if (bucket !== this.#name) throw new Refusal('invalid', `there is no bucket ${bucket}`);
    this.listed.push(prefix);
    const keys = [...this.#objects.keys()].sort().filter((key) => key.startsWith(prefix));
    for (let i = 0; i < Math.max(1, keys.length); i += this.#page) {
      const below = new Set<string>();
      const objects: ListedObject[] = [];
      for (const key of keys.slice(i, i + this.#page)) {
        const slash = key.indexOf('/', prefix.length);
        if (folders && slash >= 0) below.add(key.slice(0, slash + 1));
        else objects.push({ key, ...this.#facts(key), archived: key.includes('glacier') });
      }
      yield { objects, folders: [...below] };
    }
  }

  async open(bucket: string, key: string): Promise<StoredObject | undefined> {
    this.opened.push(key);
    if (!this.#objects.has(key)) return undefined;
    const content = this.#objects.get(key)!;
    return {
      bucket,
      key,
      ...this.#facts(key),
      async *pieces() {
        for (let at = 0; at < content.length; at += 1000) yield content.slice(at, at + 1000);
      },
      range: async (from, to) => new Uint8Array(content.slice(from, to)).buffer,
    };
  }

  #facts(key: string): { readonly size: number; readonly etag: string } {
    const content = this.#objects.get(key)!;
    return { size: content.length, etag: createHash('md5').update(content).digest('hex') };
  }
}

export class MemoryLogGroup implements LogEvents {
  readonly name = '/vpc/flow-logs';
  /** Starts of the slices asked for, once a page; Unix ms. */
  readonly asked: number[] = [];
  /** Calls that are refused as too many, first of all. */
  throttled = 0;
  readonly #events: LogEvent[] = [];
  readonly #page: number;
  /** Events of a page that stood on the one before. */
  readonly #overlap: number;

  constructor({ page = 10, overlap = 0 } = {}) {
    this.#page = page;
    this.#overlap = overlap;
  }

  put(stream: string, events: readonly { timestamp: number; message: string }[]): void {
    for (const event of events) {
      this.#events.push({ ...event, stream, id: String(this.#events.length).padStart(56, '3') });
    }
    this.#events.sort((a, b) => a.timestamp - b.timestamp);
  }

  async owner(group: string) {
    if (group !== this.name) return undefined;
    return { account: '123456789012', region: 'eu-west-1' };
  }

  async page(
    group: string,
    [from, until]: readonly [number, number],
    next = '0',
  ): Promise<LogEventPage> {
    if (group !== this.name) throw new Refusal('invalid', `there is no log group ${group}`);
    this.asked.push(from);
    if (this.throttled > 0) {
      this.throttled--;
      throw new Refusal('throttled', 'Rate exceeded');
    }
    const all = this.#events.filter(({ timestamp }) => timestamp >= from && timestamp < until);
    const at = Number(next);
    const events = all.slice(Math.max(0, at - this.#overlap), at + this.#page);
    return {
      events,
      ...(at + this.#page < all.length && { next: String(at + this.#page) }),
    };
  }
}
