/** Writes the configuration tree into a folder, where `DirectorySource` reads it. */
import { mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** What a folder is, where it is to hold a tree. */
export async function kindOfPlace(directory: string): Promise<'folder' | 'file' | 'nothing'> {
  try {
    return (await stat(directory)).isDirectory() ? 'folder' : 'file';
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return 'nothing';
    throw error;
  }
}

/** The file of a document that has none yet. */
export function fileOf(directory: string, path: string, text: string): string {
  const levels = path.split('/');
  if (levels[0] === 'rules') levels.shift();
  return join(directory, ...levels) + (isJson(text) ? '.json' : '.yaml');
}

function isJson(text: string): boolean {
  if (!/^\s*[{[]/.test(text)) return false;
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** Replaces a file whole: who reads it meanwhile gets the former text or the new one. */
export async function writeWhole(file: string, text: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  const draft = join(dirname(file), `.${process.pid}.flowlog-alerts`);
  try {
    await writeFile(draft, text);
    await rename(draft, file);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
}

export async function removeFile(file: string): Promise<void> {
  await rm(file, { force: true });
}

/** Where it is kept what a folder and a stage had in common last. */
export function baseFile(directory: string, stage: string): string {
  return join(directory, '.flowlog-alerts', `${stage}.json`);
}

/** @returns undefined where there is none */
export async function readIfThere(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
