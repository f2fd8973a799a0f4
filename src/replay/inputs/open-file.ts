/** A file, or bytes in memory, to be read at any place. */
import { open } from 'node:fs/promises';
import { DamagedInputError, type Pieces } from '../../map/1-decode/pieces.ts';
import type { OnBytes, OpenFile } from './remote.ts';

/** Most bytes of a file in columns that are held in memory. */
const MOST_IN_MEMORY = 1024 * 1024 * 1024;

/** @throws DamagedInputError where it cannot be read */
export async function openFile(path: string, onBytes: OnBytes): Promise<OpenFile> {
  try {
    const file = await open(path);
    const { size } = await file.stat();
    return {
      size,
      async range(from, to) {
        const bytes = new Uint8Array(to - from);
        const { bytesRead } = await file.read(bytes, 0, bytes.length, from);
        if (bytesRead < bytes.length) throw new DamagedInputError('it became shorter meanwhile');
        onBytes(bytesRead);
        return bytes.buffer;
      },
      close: () => file.close(),
    };
  } catch (cause) {
    throw new DamagedInputError(`reading failed: ${(cause as Error).message}`, { cause });
  }
}

/**
 * What comes packed or from a pipe, where nobody can jump about.
 * @throws DamagedInputError where it is too much, or breaks off
 */
export async function inMemory(pieces: Pieces): Promise<OpenFile> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const piece of pieces) {
    size += piece.length;
    if (size > MOST_IN_MEMORY) {
      throw new DamagedInputError(
        'it is Parquet of more than 1 GB in gzip or a pipe: unpack it into a file',
      );
    }
    parts.push(new Uint8Array(piece));
  }
  const bytes = Buffer.concat(parts);
  return {
    size,
    range: async (from, to) => new Uint8Array(bytes.subarray(from, to)).buffer,
    close: async () => {},
  };
}
