/** Byte streams as async iterables of pieces of about a megabyte. */
import { createReadStream } from 'node:fs';

/** Size of a piece read from a file or unpacked from one. */
export const PIECE = 1024 * 1024;

export type Pieces = AsyncIterable<Uint8Array>;

/** Thrown where a source breaks off or cannot be read on; what came before it stands. */
export class DamagedInputError extends Error {
  override readonly name = 'DamagedInputError';
}

/**
 * A file's bytes.
 * @param onBytes told how many bytes each read brought, for the progress bar
 * @param piece bytes of each read
 */
export async function* piecesOfFile(
  path: string,
  onBytes: (count: number) => void,
  piece: number,
): AsyncGenerator<Uint8Array> {
  yield* counted(createReadStream(path, { highWaterMark: piece }), onBytes);
}

/** Any byte stream, counted; its errors become DamagedInputError. */
export async function* counted(
  stream: AsyncIterable<Uint8Array>,
  onBytes: (count: number) => void,
): AsyncGenerator<Uint8Array> {
  try {
    for await (const piece of stream) {
      onBytes(piece.length);
      yield piece;
    }
  } catch (cause) {
    throw new DamagedInputError(`reading failed: ${(cause as Error).message}`, { cause });
  }
}

/**
 * Looks at the beginning of a stream without losing it.
 * @param enough whether the bytes so far suffice; asked after each piece
 * @returns the beginning, and the whole stream from its first byte
 */
export async function peek(
  pieces: Pieces,
  enough: (head: Uint8Array) => boolean,
): Promise<{ head: Uint8Array; all: Pieces }> {
  const iterator = pieces[Symbol.asyncIterator]();
  let head: Uint8Array = new Uint8Array(0);
  let failure: unknown;
  try {
    while (!enough(head)) {
      const next = await iterator.next();
      if (next.done) break;
      head = head.length === 0 ? next.value : Buffer.concat([head, next.value]);
    }
  } catch (error) {
    // Raised again once the bytes that came before it are read.
    failure = error;
  }
  return { head, all: restOf(head, iterator, failure) };
}

async function* restOf(
  head: Uint8Array,
  iterator: AsyncIterator<Uint8Array>,
  failure: unknown,
): AsyncGenerator<Uint8Array> {
  try {
    if (head.length > 0) yield head;
    if (failure !== undefined) throw failure;
    for (;;) {
      const next = await iterator.next();
      if (next.done) return;
      yield next.value;
    }
  } finally {
    await iterator.return?.();
  }
}

/** Starts on the next piece while the present one is worked on. */
export async function* ahead(pieces: Pieces): AsyncGenerator<Uint8Array> {
  const iterator = pieces[Symbol.asyncIterator]();
  let next = iterator.next();
  try {
    for (;;) {
      const { value, done } = await next;
      if (done) return;
      next = iterator.next();
      // Seen when it is awaited; until then it must not count as unhandled.
      next.catch(() => {});
      yield value;
    }
  } finally {
    await iterator.return?.();
  }
}

/** Closes a stream whose pieces nobody wants. @throws DamagedInputError where it begins with damage */
export async function drop(pieces: Pieces): Promise<void> {
  for await (const _ of pieces) break;
}
