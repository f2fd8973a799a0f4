/** One rule of a folder, with the configuration around it. */
import type { CompiledConfig } from '../config/compile.ts';
import type { RuleEntry } from '../config/rule-book.ts';
import type { Snapshot } from '../config/snapshot.ts';
import type { CompiledRule } from '../rules/compiled.ts';
import { didYouMean } from '../rules/suggest.ts';
import { problemLine, readConfig } from './config.ts';
import { CommandError, EXIT } from './exit.ts';
import type { Printer } from './io.ts';

/** A rule that can be run, and the snapshot in which only it and its filters are. */
export interface RuleAlone {
  readonly rule: CompiledRule;
  readonly entry: RuleEntry;
  readonly snapshot: Snapshot;
}

/**
 * @param directory the built-in rules where it is undefined
 * @throws CommandError on a rule that does not exist or has errors, which are then told
 */
export async function ruleAlone(
  directory: string | undefined,
  id: string,
  err: Printer,
): Promise<RuleAlone> {
  const config = await readConfig(directory);
  const entry = entryOf(config, id);
  const { compiled } = entry;
  if (!compiled) {
    for (const problem of config.problems.filter(({ rule }) => rule === id)) {
      await err.line(problemLine(problem));
    }
    throw new CommandError(EXIT.usage, `The rule ${id} has errors.`);
  }
  const filters = config.snapshot.filters
    .filter(({ rules }) => rules.includes(id))
    .map((filter) => ({ ...filter, rules: [id] }));
  return { rule: compiled, entry, snapshot: { ...config.snapshot, rules: [compiled], filters } };
}

function entryOf({ rules }: CompiledConfig, id: string): RuleEntry {
  const entry = rules.find((one) => one.id === id && one.state !== 'duplicate');
  if (entry) return entry;
  const hint = didYouMean(id, new Set(rules.map((rule) => rule.id)));
  throw new CommandError(EXIT.usage, `There is no rule ${id}${hint ? ` (${hint})` : ''}.`);
}
