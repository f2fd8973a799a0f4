/** `silence rm`. */
import { didYouMean } from '../rules/suggest.ts';
import type { Context } from './context.ts';
import { CommandError, EXIT } from './exit.ts';
import type { GlobalOptions } from './options.ts';
import { asked } from './refusals.ts';
import { documentsOf } from './silence-list.ts';

export async function rmCommand(id: string, flags: GlobalOptions, { out }: Context): Promise<void> {
  const path = `silences/${id}`;
  const documents = await documentsOf(flags);
  if (!documents.some((document) => document.path === path)) {
    const ids = documents.map((document) => document.path.slice('silences/'.length));
    const hint = didYouMean(id, ids) ?? 'silence list shows them';
    throw new CommandError(
      EXIT.failed,
      `Stage ${flags.stage} has no silence ${JSON.stringify(id)} (${hint}).`,
    );
  }
  const { deployedTree } = await import('../adapters/aws/parameter-writer.ts');
  const { writer } = deployedTree(flags);
  await asked(writer.delete([path]), 'The silence cannot be deleted', 'rules.json');
  if (flags.json) await out.line(JSON.stringify({ id, deleted: true }));
  else await out.line(`Silence ${id} is deleted; it holds nothing back from the next minute on.`);
}
