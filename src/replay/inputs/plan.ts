/** From the SOURCE arguments of a command to the files it reads. */
import { open, readdir, realpath, stat } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';
import { recognise } from '../../map/1-decode/recognise.ts';
import { UnsupportedInputError } from './read.ts';

/** One file, or standard input where `path` is absent. */
export interface Input {
  /** As the user named it; names the source in alerts. */
  readonly name: string;
  readonly path?: string;
  /** Bytes on disk, where that is known. */
  readonly size?: number;
}

/** A SOURCE that leads to nothing. */
export class MissingSourceError extends Error {
  override readonly name = 'MissingSourceError';
}

const STDIN_NAME = '-';

/**
 * Resolves files, globs (quoted ones too), directories with all below them, and `-`. Each file is
 * read once however often it is named; those of a directory or glob in the order of their names,
 * which for flow-log files is the order of time. Hidden files in directories are passed over.
 * @throws MissingSourceError on a source that does not exist
 * @throws UnsupportedInputError on s3://, cwlogs: and Parquet
 */
export async function planInputs(sources: readonly string[]): Promise<Input[]> {
  const inputs = new Map<string, Input>();
  for (const source of sources) {
    for (const input of await inputsOf(source)) {
      // A link is another name of the same file.
      const key = input.path === undefined ? STDIN_NAME : await realPath(input.path);
      if (!inputs.has(key)) inputs.set(key, input);
    }
  }
  return [...inputs.values()];
}

/** Pipes have none, nor has a link that leads nowhere. */
async function realPath(path: string): Promise<string> {
  return realpath(path).catch(() => path);
}

async function inputsOf(source: string): Promise<Input[]> {
  if (source === STDIN_NAME) return [{ name: STDIN_NAME }];
  refuseRemote(source);
  const found = await stat(source).catch(() => undefined);
  if (found?.isDirectory()) {
    const inputs = await inputsOfPaths(await filesBelow(source));
    if (inputs.length === 0) throw new MissingSourceError(`there is no file in ${source}`);
    return inputs;
  }
  if (found) return inputsOfPaths([source]);
  const { glob, isDynamicPattern } = await import('tinyglobby');
  if (!isDynamicPattern(source)) throw new MissingSourceError(`there is no file ${source}`);
  const paths = await glob(source, {
    absolute: isAbsolute(source),
    expandDirectories: false,
  });
  if (paths.length === 0) throw new MissingSourceError(`no file matches ${source}`);
  return inputsOfPaths(paths.sort(byName));
}

function refuseRemote(source: string): void {
  if (source.startsWith('s3://')) {
    throw new UnsupportedInputError(
      `${source}: this version does not read from S3; copy the files first (aws s3 sync ${source} DIR) and give DIR`,
    );
  }
  if (source.startsWith('cwlogs:')) {
    throw new UnsupportedInputError(
      `${source}: this version does not read from CloudWatch Logs; pipe them in (aws logs filter-log-events --log-group-name ${source.slice('cwlogs:'.length)} | flowlog-alerts replay -)`,
    );
  }
}

async function filesBelow(directory: string): Promise<string[]> {
  const files: string[] = [];
  const entries = await readdir(directory, { withFileTypes: true });
  for (const entry of entries.sort((a, b) => byName(a.name, b.name))) {
    if (entry.name.startsWith('.')) continue;
    const path = join(directory, entry.name);
    if (entry.isDirectory()) files.push(...(await filesBelow(path)));
    else if (!entry.isSymbolicLink() || (await leadsToFile(path))) files.push(path);
  }
  return files;
}

/** A link to a directory is not followed: it may lead back up. */
async function leadsToFile(link: string): Promise<boolean> {
  const target = await stat(link).catch(() => undefined);
  return target === undefined || target.isFile();
}

async function inputsOfPaths(paths: readonly string[]): Promise<Input[]> {
  const inputs: Input[] = [];
  for (const path of paths) {
    const found = await stat(path).catch(() => undefined);
    if (!found?.isFile()) {
      inputs.push({ name: path, path });
      continue;
    }
    await refuseParquet(path);
    inputs.push({ name: path, path, size: found.size });
  }
  return inputs;
}

/** Known before anything is read, so that a run does not end in the middle. */
async function refuseParquet(path: string): Promise<void> {
  let head: Uint8Array;
  try {
    const file = await open(path);
    try {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(4), 0, 4, 0);
      head = buffer.subarray(0, bytesRead);
    } finally {
      await file.close();
    }
  } catch {
    // Reading it in earnest will say why.
    return;
  }
  if (recognise(head).kind === 'parquet') {
    throw new UnsupportedInputError(
      `${path} is Parquet, which this version does not read yet; use flow logs in text format`,
    );
  }
}

function byName(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
