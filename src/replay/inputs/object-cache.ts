/** Objects that were read before, as files of a folder: an interrupted run goes on where it stopped. */
import { createHash, randomUUID } from 'node:crypto';
import { mkdir, open, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** What names an object's content. */
export interface CachedObject {
  readonly bucket: string;
  readonly key: string;
  readonly etag: string;
  /** Bytes. */
  readonly size: number;
}

export class ObjectCache {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** The file that holds all of an object; undefined where none does. */
  async find(object: CachedObject): Promise<string | undefined> {
    const path = this.#pathOf(object);
    const found = await stat(path).catch(() => undefined);
    return found?.isFile() && found.size === object.size ? path : undefined;
  }

  /**
   * Hands the pieces on and keeps them. A file gets its name when it is complete, so that whatever
   * stops the run leaves no half of one behind that looks whole.
   */
  async *keep(object: CachedObject, pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    await mkdir(this.#folder, { recursive: true });
    const path = this.#pathOf(object);
    const part = `${path}.${randomUUID()}.part`;
    const file = await open(part, 'wx');
    let written = 0;
    try {
      for await (const piece of pieces) {
        // Before anybody else has it: the reader may give its memory back.
        await file.writeFile(piece);
        written += piece.length;
        yield piece;
      }
    } finally {
      await file.close();
      if (written === object.size) await rename(part, path);
      else await rm(part, { force: true });
    }
  }

  /** Keys may hold anything, and names of files may not. */
  #pathOf({ bucket, key, etag }: CachedObject): string {
    const name = createHash('sha256')
      .update(JSON.stringify([bucket, key, etag]))
      .digest('hex');
    return join(this.#folder, name);
  }
}
