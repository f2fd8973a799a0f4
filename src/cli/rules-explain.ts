/** `rules explain`: what a rule watches, when it fires, what it keeps, needs and costs. */
import { type Command, Option } from 'commander';
import type { Context } from './context.ts';
import { type GlobalOptions, withExample } from './options.ts';

/** Names of `SHAPES` in src/generator, which is not loaded for a help text. */
const SHAPE_NAMES = ['quiet', 'busy', 'scanned', 'flood', 'internal'] as const;

interface ExplainOptions extends GlobalOptions {
  readonly rules?: string;
  readonly shape?: (typeof SHAPE_NAMES)[number];
}

/** Adds the verb. */
export function addRulesExplain(rules: Command, context: Context): void {
  const command = rules
    .command('explain')
    .summary('say what a rule does, keeps, needs and costs')
    .description(
      'Say in plain words what a rule watches and when it fires, what it remembers, which fields and which ' +
        'aggregation interval it needs, and what its digests cost for a kind of traffic.',
    )
    .argument('<id>', 'id of the rule')
    .option('--rules <dir>', 'folder of rules; without it, the built-in rules')
    .addOption(
      new Option('--shape <shape>', 'only this kind of traffic; without it, all').choices(
        SHAPE_NAMES,
      ),
    )
    .action(async (id: string) => {
      await explainRule(id, command.optsWithGlobals<ExplainOptions>(), context);
    });
  withExample(command, 'flowlog-alerts rules explain port-probing --shape scanned');
}

async function explainRule(
  id: string,
  { rules: directory, shape, json }: ExplainOptions,
  { out, err }: Context,
): Promise<void> {
  const [{ ruleAlone }, { SHAPES }, profile] = await Promise.all([
    import('./rule-alone.ts'),
    import('../generator/shapes.ts'),
    import('./rule-profile.ts'),
  ]);
  const { entry, snapshot } = await ruleAlone(directory, id, err);
  const shapes = SHAPES.filter(({ name }) => shape === undefined || name === shape);
  const found = await profile.profileOf(snapshot, entry, shapes);
  const lines = json ? [JSON.stringify(found)] : profile.renderProfile(found);
  for (const line of lines) await out.line(line);
}
