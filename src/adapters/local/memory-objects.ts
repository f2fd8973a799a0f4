import { createHash } from 'node:crypto';
import type { ObjectReader, StoredObject } from '../../ports/object-reader.ts';

/** Objects in memory, for tests and measurements. */
export class MemoryObjects implements ObjectReader {
  readonly #objects = new Map<string, Uint8Array>();
  readonly #piece: number;

  /** @param piece bytes of each piece */
  constructor(piece = 8 * 1024 * 1024) {
    this.#piece = piece;
  }

  put(bucket: string, key: string, bytes: Uint8Array): void {
    this.#objects.set(`${bucket}/${key}`, bytes);
  }

  async open(bucket: string, key: string): Promise<StoredObject | undefined> {
    const bytes = this.#objects.get(`${bucket}/${key}`);
    if (!bytes) return undefined;
    const size = this.#piece;
    return {
      bucket,
      key,
      etag: `"${createHash('md5').update(bytes).digest('hex')}"`,
      size: bytes.length,
      async *pieces() {
        for (let from = 0; from < bytes.length; from += size) {
          yield bytes.slice(from, from + size);
        }
      },
      range: async (from, to) => new Uint8Array(bytes.subarray(from, to)).buffer,
    };
  }
}
