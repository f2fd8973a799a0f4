/** Copies of a stage's parameters, before they are deleted. */

import { plural } from '../alerts/english.ts';
import { CommandError, EXIT } from './exit.ts';
import type { GlobalOptions } from './options.ts';

/**
 * Writes every document that is no secret into a folder, as `rules push` takes it.
 * @throws CommandError where something is in the folder already
 */
export async function backUp(
  folder: string,
  { stage, region, profile }: GlobalOptions,
): Promise<string> {
  const [{ deployedTree }, { fileOf, readIfThere, writeWhole }] = await Promise.all([
    import('../adapters/aws/parameter-writer.ts'),
    import('../adapters/local/tree-files.ts'),
  ]);
  const { source } = deployedTree({ stage, region, profile });
  const documents = (await source.read()).filter(({ secure }) => !secure);
  const files = documents.map(({ path, text }) => ({ file: fileOf(folder, path, text), text }));
  for (const { file, text } of files) {
    const there = await readIfThere(file);
    if (there !== undefined && there !== text) {
      throw new CommandError(
        EXIT.usage,
        `--backup: ${file} is there and is different; give another folder.`,
      );
    }
  }
  for (const { file, text } of files) await writeWhole(file, text);
  return `${plural(files.length, 'document')} written to ${folder}`;
}
