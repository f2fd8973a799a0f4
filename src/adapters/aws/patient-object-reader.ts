import { setTimeout as sleep } from 'node:timers/promises';
import type { ObjectReader, StoredObject } from '../../ports/object-reader.ts';
import { ObjectChangedError } from '../../ports/object-reader.ts';
import { Refusal } from '../../ports/refusal.ts';
import { isRefusedForGood } from './s3-errors.ts';

/** Bytes asked for at once, which are asked for again where the connection breaks. */
const PART = 8 * 1024 * 1024;
const TRIES = 4;
const FIRST_WAIT = 500;

/**
 * Reads on where a connection breaks in the middle of an answer, which the SDK leaves to its caller.
 * For somebody who waits at a terminal; a function has its queue.
 */
export class PatientObjectReader implements ObjectReader {
  readonly #reader: ObjectReader;
  readonly #wait: number;

  /** @param wait before the second try, doubled each time; ms */
  constructor(reader: ObjectReader, wait = FIRST_WAIT) {
    this.#reader = reader;
    this.#wait = wait;
  }

  /** @throws Refusal with reason denied where it may not be read */
  async open(bucket: string, key: string): Promise<StoredObject | undefined> {
    const object = await this.#patiently(() => this.#reader.open(bucket, key));
    if (!object) return undefined;
    const range = (from: number, to: number) => this.#patiently(() => object.range(from, to));
    const { etag, size } = object;
    return { bucket, key, etag, size, range, pieces: () => piecesOf(size, range) };
  }

  async #patiently<T>(what: () => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await what();
      } catch (error) {
        const { cause } = error as Error;
        if (isRefusedForGood(cause ?? {})) throw refusal(error as Error, cause as Error);
        if (error instanceof ObjectChangedError || attempt === TRIES) throw error;
        await sleep(this.#wait * 2 ** (attempt - 1));
      }
    }
  }
}

function refusal(error: Error, cause: Error): Error {
  const { name, message } = cause;
  if (name !== 'AccessDenied' && name !== 'Forbidden') return error;
  const needed = 'allow s3:GetObject on it, and kms:Decrypt where a key of KMS encrypts it';
  return new Refusal('denied', `S3 refuses it (${message}): ${needed}`, { cause });
}

/** The next part is on its way while one is worked on. */
async function* piecesOf(
  size: number,
  range: (from: number, to: number) => Promise<ArrayBuffer>,
): AsyncGenerator<Uint8Array> {
  const part = (from: number) => {
    const coming = range(from, Math.min(size, from + PART));
    // Seen when its turn comes, or never where the reader has enough.
    coming.catch(() => {});
    return coming;
  };
  let next = part(0);
  for (let from = 0; from < size; from += PART) {
    const bytes = await next;
    if (from + PART < size) next = part(from + PART);
    yield new Uint8Array(bytes);
  }
}
