/** `rules explain`: what a rule watches, when it fires, what it keeps, needs and costs. */
import { type Command, Option } from 'commander';
import type { CompiledConfig } from '../config/compile.ts';
import type { RuleEntry } from '../config/rule-book.ts';
import type { Snapshot } from '../config/snapshot.ts';
import type { Context } from './context.ts';
import { CommandError, EXIT } from './exit.ts';
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
  const [{ readConfig, problemLine }, { SHAPES }, profile] = await Promise.all([
    import('./config.ts'),
    import('../generator/shapes.ts'),
    import('./rule-profile.ts'),
  ]);
  const config = await readConfig(directory);
  const entry = await entryOf(config, id);
  if (!entry.compiled) {
    for (const problem of config.problems.filter(({ rule }) => rule === id)) {
      await err.line(problemLine(problem));
    }
    throw new CommandError(EXIT.usage, `The rule ${id} has errors.`);
  }
  const shapes = SHAPES.filter(({ name }) => shape === undefined || name === shape);
  const found = await profile.profileOf(aloneIn(config, entry), entry, shapes);
  const lines = json ? [JSON.stringify(found)] : profile.renderProfile(found);
  for (const line of lines) await out.line(line);
}

async function entryOf({ rules }: CompiledConfig, id: string): Promise<RuleEntry> {
  const found = rules.filter((entry) => entry.id === id && entry.state !== 'duplicate');
  const [entry] = found;
  if (entry) return entry;
  const { didYouMean } = await import('../rules/suggest.ts');
  const hint = didYouMean(id, new Set(rules.map((rule) => rule.id)));
  throw new CommandError(EXIT.usage, `There is no rule ${id}${hint ? ` (${hint})` : ''}.`);
}

/** The rule by itself, with the filters that concern it. */
function aloneIn({ snapshot }: CompiledConfig, { id, compiled }: RuleEntry): Snapshot {
  const filters = snapshot.filters.filter(({ rules }) => rules.includes(id));
  return {
    ...snapshot,
    rules: compiled ? [compiled] : [],
    filters: filters.map((filter) => ({ ...filter, rules: [id] })),
  };
}
