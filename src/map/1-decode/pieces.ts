/** Byte streams as async iterables of pieces of about a megabyte. */
import { createReadStream } from 'node:fs';

/** Size of a piece read from a file or unpacked from one. */
export const PIECE = 1024 * 1024;

/** A piece is there until the next one is asked for. */
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
  for await (const own of counted(createReadStream(path, { highWaterMark: piece }), onBytes)) {
    yield own;
    release(own);
  }
}

/** Least size of a piece: the pool that Node cuts small buffers from is half as large. */
export const LEAST_PIECE = 128 * 1024;

/**
 * Frees the memory of a piece at once where nothing else is in it behind the piece. Left to the
 * garbage collector, such pieces make it look at all there is again and again.
 */
export function release({ buffer, byteOffset, byteLength }: Uint8Array): void {
  if (!(buffer instanceof ArrayBuffer) || buffer.byteLength < LEAST_PIECE) return;
  if (byteOffset + byteLength === buffer.byteLength) buffer.transfer(0);
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
      const before = new Uint8Array(head);
      head = before;
      const next = await iterator.next();
      if (next.done) break;
      head = before.length === 0 ? next.value : Buffer.concat([before, next.value]);
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

/** Closes a stream whose pieces nobody wants. @throws DamagedInputError where it begins with damage */
export async function drop(pieces: Pieces): Promise<void> {
  for await (const _ of pieces) break;
}
