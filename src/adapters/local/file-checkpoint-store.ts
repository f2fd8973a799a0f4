import { createHash, randomUUID } from 'node:crypto';
import { link, mkdir, open, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { CheckpointStore, StoredCheckpoint } from '../../ports/checkpoint-store.ts';

interface Latest extends StoredCheckpoint {
  readonly generation: number;
}

/**
 * Checkpoints in a directory, `{directory}/{shard}/{generation}`. The highest generation counts. A
 * save makes the next one by a hard link, which fails when the name is taken, so of two processes
 * exactly one wins without a lock that a crash could leave behind.
 */
export class FileCheckpointStore implements CheckpointStore {
  readonly #directory: string;

  constructor(directory: string) {
    this.#directory = directory;
  }

  async load(shard: number): Promise<StoredCheckpoint | undefined> {
    const latest = await this.#latest(shard);
    return latest === undefined ? undefined : { body: latest.body, tag: latest.tag };
  }

  async save(
    shard: number,
    body: Uint8Array,
    previous: string | undefined,
  ): Promise<{ readonly tag: string } | 'conflict'> {
    const latest = await this.#latest(shard);
    if (latest?.tag !== previous) return 'conflict';
    const generation = (latest?.generation ?? 0) + 1;
    if (!(await this.#create(shard, generation, body))) return 'conflict';
    const all = await this.#generations(shard);
    if (Math.max(...all) > generation) {
      // Others went on while this save slept, and had cleared its name away already.
      await rm(this.#path(shard, generation), { force: true });
      return 'conflict';
    }
    for (const old of all) {
      if (old < generation) await rm(this.#path(shard, old), { force: true });
    }
    return { tag: tagOf(generation, body) };
  }

  async #latest(shard: number): Promise<Latest | undefined> {
    for (;;) {
      const all = await this.#generations(shard);
      if (all.length === 0) return undefined;
      const generation = Math.max(...all);
      try {
        const body = await readFile(this.#path(shard, generation));
        return { generation, body, tag: tagOf(generation, body) };
      } catch (error) {
        // Replaced between the listing and the reading: there is a newer one.
        if (!isCode(error, 'ENOENT')) throw error;
      }
    }
  }

  /** Makes a generation whole, in one step; false when it is there already. */
  async #create(shard: number, generation: number, body: Uint8Array): Promise<boolean> {
    const folder = join(this.#directory, String(shard));
    await mkdir(folder, { recursive: true });
    const draft = join(folder, `draft-${randomUUID()}`);
    try {
      const file = await open(draft, 'wx');
      try {
        await file.writeFile(body);
        await file.sync();
      } finally {
        await file.close();
      }
      await link(draft, this.#path(shard, generation));
      return true;
    } catch (error) {
      if (isCode(error, 'EEXIST')) return false;
      throw error;
    } finally {
      await rm(draft, { force: true });
    }
  }

  async #generations(shard: number): Promise<number[]> {
    try {
      const names = await readdir(join(this.#directory, String(shard)));
      return names.filter((name) => /^\d+$/.test(name)).map(Number);
    } catch (error) {
      if (isCode(error, 'ENOENT')) return [];
      throw error;
    }
  }

  #path(shard: number, generation: number): string {
    return join(this.#directory, String(shard), String(generation));
  }
}

/** The hash tells this generation from one of the same number in a directory made anew. */
function tagOf(generation: number, body: Uint8Array): string {
  return `${generation}-${createHash('sha256').update(body).digest('hex').slice(0, 16)}`;
}

function isCode(error: unknown, code: string): boolean {
  return (error as NodeJS.ErrnoException).code === code;
}
