import { once } from 'node:events';
import { createGunzip, type Gunzip } from 'node:zlib';
import { DamagedInputError, PIECE, type Pieces, release } from './pieces.ts';

/** Unpacked bytes that may wait for the reader. */
const MOST_WAITING = 4 * PIECE;

/**
 * Unpacks gzip, any number of members one after another, in zlib's thread while the caller works
 * on earlier pieces. All that comes before a cut is handed out before the error is thrown; of
 * corrupt data, up to a piece before the bad byte is lost.
 * @param size bytes of a piece
 * @throws DamagedInputError when the data is cut short or corrupt
 */
export async function* gunzipped(source: Pieces, size = PIECE): AsyncGenerator<Uint8Array> {
  const gunzip = createGunzip({ chunkSize: size });
  const waiting: Uint8Array[] = [];
  let waitingBytes = 0;
  let ended = false;
  let failure: Error | undefined;
  let wake = () => {};
  gunzip.on('data', (piece: Uint8Array) => {
    waiting.push(piece);
    waitingBytes += piece.length;
    if (waitingBytes > MOST_WAITING) gunzip.pause();
    wake();
  });
  gunzip.on('end', () => {
    ended = true;
    wake();
  });
  gunzip.on('error', (error) => {
    failure ??= error;
    wake();
  });
  const feeding = feed(source, gunzip).catch((error: Error) => {
    failure ??= error;
    wake();
  });
  try {
    for (;;) {
      const piece = waiting.shift();
      if (piece) {
        waitingBytes -= piece.length;
        if (gunzip.isPaused() && waitingBytes < MOST_WAITING / 2) gunzip.resume();
        yield piece;
        release(piece);
      } else if (failure) throw damage(failure);
      else if (ended) return;
      else {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    }
  } finally {
    gunzip.destroy();
    await feeding;
  }
}

async function feed(source: Pieces, gunzip: Gunzip): Promise<void> {
  const closed = once(gunzip, 'close').catch(() => {});
  for await (const piece of source) {
    if (gunzip.destroyed) return;
    const written = new Promise<void>((resolve) => gunzip.write(piece, () => resolve()));
    await Promise.race([written, closed]);
  }
  // Ending a broken stream destroys it with all it still holds, so let that be read first.
  if (gunzip.isPaused()) await Promise.race([once(gunzip, 'resume'), closed]);
  if (!gunzip.destroyed) gunzip.end();
}

function damage(error: Error): Error {
  if (error instanceof DamagedInputError) return error;
  const code = (error as NodeJS.ErrnoException).code;
  const what =
    code === 'Z_BUF_ERROR' ? 'the gzip data is cut short' : `corrupt gzip data (${error.message})`;
  return new DamagedInputError(what, { cause: error });
}
