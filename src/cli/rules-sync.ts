/** The two sides that `rules push`, `pull` and `diff` compare: a folder and a stage's tree. */
import { DirectoryError, DirectorySource } from '../adapters/local/directory.ts';
import { baseFile, kindOfPlace, readIfThere, writeWhole } from '../adapters/local/tree-files.ts';
import { type Base, parseBase, serializeBase } from '../config/plan/base.ts';
import { documentsOf, type StoredDocument } from '../config/plan/parameters.ts';
import { type LocalDocument, localDocuments } from '../config/plan/push-plan.ts';
import type {
  ParameterSource,
  ParameterWriter,
  StoredParameter,
} from '../ports/parameter-writer.ts';
import { CommandError, EXIT } from './exit.ts';
import type { Printer } from './io.ts';
import type { GlobalOptions } from './options.ts';
import { asked } from './refusals.ts';

export interface Sides {
  readonly local: readonly LocalDocument[];
  readonly stored: readonly StoredDocument[];
  /** Undefined where they have nothing in common yet. */
  readonly base: Base | undefined;
  readonly source: ParameterSource;
  readonly writer: ParameterWriter;
  /** The tree in Parameter Store, as its ARN; unknown while it is empty. */
  readonly place: string | undefined;
}

/**
 * Reads both sides and what they had in common last.
 * @param mayBeMissing takes a folder that is not there for an empty one
 */
export async function readSides(
  directory: string,
  flags: GlobalOptions,
  err: Printer,
  { mayBeMissing = false } = {},
): Promise<Sides> {
  const local = await readFolder(directory, mayBeMissing);
  const { source, writer } = await treeOf(flags);
  const read = await asked(
    source.read(),
    `/flowlog-alerts/${flags.stage} cannot be read`,
    'rules.json',
  );
  const place = placeOf(read);
  const base = await readBase(baseFile(directory, flags.stage), place, err);
  return { local, stored: documentsOf(read), base, source, writer, place };
}

export function placeOf(stored: readonly StoredParameter[]): string | undefined {
  return stored.find(({ place }) => place)?.place;
}

async function readFolder(directory: string, mayBeMissing: boolean): Promise<LocalDocument[]> {
  const kind = await kindOfPlace(directory);
  if (kind === 'nothing' && mayBeMissing) return [];
  if (kind === 'file') {
    throw new CommandError(EXIT.usage, `${directory} is a file; a tree is a folder.`);
  }
  try {
    return localDocuments(await new DirectorySource(directory).read());
  } catch (error) {
    if (error instanceof DirectoryError) throw new CommandError(EXIT.usage, error.message);
    throw error;
  }
}

async function treeOf(flags: GlobalOptions): Promise<{
  readonly source: ParameterSource;
  readonly writer: ParameterWriter;
}> {
  const { deployedTree } = await import('../adapters/aws/parameter-writer.ts');
  return deployedTree(flags);
}

async function readBase(
  file: string,
  place: string | undefined,
  err: Printer,
): Promise<Base | undefined> {
  const text = await readIfThere(file);
  if (text === undefined) return undefined;
  let base: Base;
  try {
    base = parseBase(text);
  } catch (error) {
    throw new CommandError(EXIT.failed, `${file}: ${(error as Error).message}.`);
  }
  if (base.place === undefined || place === undefined || base.place === place) return base;
  await err.line(
    `${file} is about ${base.place}, not ${place}: it is not known what the folder had in common with this one, and changes made there are not told from yours.`,
  );
  return undefined;
}

export async function writeBase(directory: string, stage: string, base: Base): Promise<void> {
  await writeWhole(baseFile(directory, stage), serializeBase(base));
}
