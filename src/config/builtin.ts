/** Rules that come with the service. */
import type { ConfigDocument } from '../ports/config-source.ts';
import type { CompiledRule } from '../rules/compiled.ts';
import { type Problem, show } from '../rules/problem.ts';
import { didYouMean } from '../rules/suggest.ts';
import type { ListLookup } from '../rules/values.ts';
import { GoodKeeper } from './good.ts';
import { type RuleEntry, readRules } from './rule-book.ts';
import { sortTree } from './tree.ts';

export interface BuiltinRules {
  readonly entries: readonly RuleEntry[];
  readonly rules: ReadonlyMap<string, CompiledRule>;
  readonly problems: readonly Problem[];
}

/**
 * The built-in rules that settings ask for.
 * @param documents the built-in folder
 * @param wanted true for all, false for none, or ids and tags
 * @param replaced ids of the tree's own rules, which stand in for built-in ones
 * @param settingsOrigin what a person would open to change `wanted`
 */
export function selectBuiltin(
  documents: readonly ConfigDocument[],
  wanted: boolean | readonly string[],
  replaced: ReadonlySet<string>,
  lists: ListLookup,
  settingsOrigin: string,
): BuiltinRules {
  const tree = sortTree(documents);
  const book = readRules(tree.rules, lists, new GoodKeeper());
  const problems: Problem[] = [...tree.problems, ...book.problems];
  const known = book.entries.flatMap(({ id, document }) => [id, ...(document?.tags ?? [])]);
  const names = typeof wanted === 'boolean' ? [] : wanted;
  for (const name of names.filter((name) => !known.includes(name))) {
    const hint = didYouMean(name, known);
    problems.push({
      severity: 'warning',
      origin: settingsOrigin,
      line: 1,
      path: 'builtin',
      message: `no built-in rule has the id or tag ${show(name)}`,
      ...(hint && { hint }),
    });
  }
  const isWanted = (id: string, tags: readonly string[]) =>
    typeof wanted === 'boolean' ? wanted : names.some((name) => name === id || tags.includes(name));
  const rules = new Map<string, CompiledRule>();
  const entries = book.entries.map((entry): RuleEntry => {
    const asked = isWanted(entry.id, entry.document?.tags ?? []);
    const state = replaced.has(entry.id) ? 'replaced' : asked ? entry.state : 'left out';
    const rule = book.rules.get(entry.id);
    if (state === 'in force' && rule) rules.set(entry.id, rule);
    return { ...entry, builtin: true, state };
  });
  return { entries, rules, problems };
}
