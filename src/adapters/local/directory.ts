import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';
import type { ConfigDocument, ConfigSource } from '../../ports/config-source.ts';

const EXTENSIONS: ReadonlySet<string> = new Set(['.yaml', '.yml', '.json']);

/** Folders at the top that are branches of the tree of their own; everything else is rules. */
const BRANCHES: ReadonlySet<string> = new Set(['lists', 'filters', 'silences', 'channels']);

/** A folder that cannot be read, in words for whoever named it. */
export class DirectoryError extends Error {
  override readonly name = 'DirectoryError';
}

/**
 * The configuration tree on disk: `DIR/settings.yaml`, `DIR/lists/*`, `DIR/filters/*`, and rules in
 * every other file that ends in .yaml, .yml or .json. A single file is read as a rule document.
 * Names that begin with a dot, and `node_modules`, are passed over; files under `channels` are
 * never opened.
 */
export class DirectorySource implements ConfigSource {
  readonly #directory: string;

  constructor(directory: string) {
    this.#directory = directory;
  }

  /** @throws DirectoryError when the folder or a file in it cannot be read */
  async read(): Promise<ConfigDocument[]> {
    const found = await attempt(this.#directory, () => stat(this.#directory));
    if (found.isFile()) {
      return [await readDocument(this.#directory, `rules/${stem(this.#directory)}`)];
    }
    const files = await list(this.#directory, []);
    return Promise.all(
      files.map((levels) => readDocument(join(this.#directory, ...levels), treePath(levels))),
    );
  }
}

/** Files below a folder, as the levels of their paths, in the order of their names. */
async function list(directory: string, levels: readonly string[]): Promise<string[][]> {
  const here = join(directory, ...levels);
  const names = await attempt(here, () => readdir(here));
  const files: string[][] = [];
  for (const name of names.sort()) {
    const below = [...levels, name];
    if (name.startsWith('.') || name === 'node_modules' || below[0] === 'channels') continue;
    // Not Dirent.isFile: a folder of rules may consist of links.
    const found = await attempt(join(directory, ...below), () => stat(join(directory, ...below)));
    if (found.isDirectory()) files.push(...(await list(directory, below)));
    else if (EXTENSIONS.has(extname(name))) files.push(below);
  }
  return files;
}

function treePath(levels: readonly string[]): string {
  const path = [...levels.slice(0, -1), stem(levels.at(-1) as string)];
  const own = path.length > 1 ? BRANCHES.has(path[0]) : path[0] === 'settings';
  return (own ? path : ['rules', ...path]).join('/');
}

function stem(file: string): string {
  return basename(file, extname(file));
}

async function readDocument(file: string, path: string): Promise<ConfigDocument> {
  return attempt(file, async () => {
    const [text, { mtimeMs }] = await Promise.all([readFile(file, 'utf8'), stat(file)]);
    return { path, text, origin: file, modified: mtimeMs };
  });
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file or folder',
  ENOTDIR: 'it is not a folder',
  EACCES: 'you may not read it',
  EPERM: 'you may not read it',
  ELOOP: 'its links go round in a circle',
  ENAMETOOLONG: 'its links go round in a circle',
};

async function attempt<T>(file: string, action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    throw new DirectoryError(`Cannot read ${file}: ${REASONS[code ?? ''] ?? message}`, { cause });
  }
}
