/** From the SOURCE arguments of a command to the files it reads. */
import { readdir, realpath, stat } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';
import type { TimeSpan } from '../../map/2-parse/parse.ts';
import { bucketInputs } from './bucket-input.ts';
import { logGroupInput } from './log-group-input.ts';
import { MissingSourceError } from './missing-source.ts';
import { ObjectCache } from './object-cache.ts';
import { isBucket, isLogGroup, type RemoteInput, type RemotePorts } from './remote.ts';

/** One file or what stands for one; standard input where both `path` and `remote` are absent. */
export interface Input {
  /** As the user named it; names the source in alerts. */
  readonly name: string;
  readonly path?: string;
  /** Bytes on disk or in a bucket, where that is known. */
  readonly size?: number;
  readonly remote?: RemoteInput;
}

/** How sources are found that are not on this machine. */
export interface PlanOptions {
  /** Asked where there is such a source: who reads files needs no AWS. */
  readonly remote?: () => Promise<RemotePorts>;
  /** Records that are wanted: what cannot hold any is not read. */
  readonly span?: TimeSpan;
  /** Ends the search for objects; what was found is not complete. */
  readonly stop?: AbortSignal;
  /** Folder that keeps objects once they were read. */
  readonly cache?: string;
}

/** Whether it is standard input or a named pipe, which may be silent for long. */
export function isPipe({ size, remote }: Input): boolean {
  return size === undefined && remote === undefined;
}

const STDIN_NAME = '-';

/**
 * Resolves files, globs (quoted ones too), directories with all below them, and `-`. Each file is
 * read once however often it is named; those of a directory, glob or bucket in the order of their names,
 * which for flow-log files is the order of time. Hidden files in directories are passed over.
 * @throws MissingSourceError on a source that does not exist
 * @throws Refusal where AWS refuses to say what there is
 */
export async function planInputs(
  sources: readonly string[],
  options: PlanOptions = {},
): Promise<Input[]> {
  const inputs = new Map<string, Input>();
  for (const source of sources) {
    for (const input of await inputsOf(source, options)) {
      // A link is another name of the same file.
      const key = input.path === undefined ? input.name : await realPath(input.path);
      if (!inputs.has(key)) inputs.set(key, input);
    }
  }
  return [...inputs.values()];
}

/** Pipes have none, nor has a link that leads nowhere. */
async function realPath(path: string): Promise<string> {
  return realpath(path).catch(() => path);
}

async function inputsOf(source: string, options: PlanOptions): Promise<Input[]> {
  if (source === STDIN_NAME) return [{ name: STDIN_NAME }];
  const { remote, span, stop, cache } = options;
  if (remote && isBucket(source)) {
    return bucketInputs(source, await remote(), {
      ...(span && { span }),
      ...(stop && { stop }),
      ...(cache !== undefined && { cache: new ObjectCache(cache) }),
    });
  }
  if (remote && isLogGroup(source)) return [await logGroupInput(source, await remote(), span)];
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
    inputs.push({ name: path, path, size: found.size });
  }
  return inputs;
}

function byName(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
