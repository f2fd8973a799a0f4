/** The configuration under which a rule's own test runs. */
import type { CompiledFilter, CompiledList, CompiledRule } from '../rules/compiled.ts';
import { compileMatch } from '../rules/match.ts';
import type { Problem } from '../rules/problem.ts';
import { Reporter } from '../rules/reporter.ts';
import type { RuleTest } from '../rules/test-schema.ts';
import type { ListLookup } from '../rules/values.ts';
import { BUILTIN_LISTS } from './builtin-lists.ts';
import type { CompiledConfig } from './compile.ts';
import { compileValues } from './lists.ts';
import type { RuleEntry } from './rule-book.ts';
import { rulesRead } from './sequences.ts';
import type { Snapshot } from './snapshot.ts';
import { compare } from './tree.ts';

/**
 * A snapshot of one rule alone, with those it waits for if it is a sequence. The test's lists replace those of the same name; its filters, if
 * it has any, replace all. Without its own lists a test sees those of the configuration.
 * @param entry one of `config.rules` that has `compiled`
 */
export function testConfig(
  config: CompiledConfig,
  entry: RuleEntry,
  test: RuleTest,
): { readonly snapshot: Snapshot; readonly problems: readonly Problem[] } {
  const report = new Reporter(entry.origin, undefined, entry.id);
  const lists = new Map<string, CompiledList>([
    ...BUILTIN_LISTS,
    ...Object.entries(config.snapshot.lists),
  ]);
  for (const [name, values] of Object.entries(test.lists ?? {})) {
    lists.set(name, compileValues(values, ['tests', test.name, 'lists', name], report));
  }
  const rules = entry.compiled ? withRulesRead(entry.compiled, config.snapshot.rules) : [];
  const ids = rules.map(({ id }) => id);
  const filters = test.filters
    ? ownFilters(entry, test, lists, report).map((filter) => ({ ...filter, rules: ids }))
    : config.snapshot.filters.flatMap((filter) => {
        const concerned = filter.rules.filter((id) => ids.includes(id));
        return concerned.length > 0 ? [{ ...filter, rules: concerned }] : [];
      });
  const snapshot: Snapshot = {
    ...config.snapshot,
    rules,
    filters,
    lists: Object.fromEntries(lists),
  };
  return { snapshot, problems: report.problems };
}

/** The rule, and those that it waits for, and those that they wait for. */
function withRulesRead(rule: CompiledRule, others: readonly CompiledRule[]): CompiledRule[] {
  const found = new Map([[rule.id, rule]]);
  // A Map goes on to what is added while it is walked.
  for (const [, one] of found) {
    for (const id of rulesRead(one)) {
      const read = others.find((other) => other.id === id);
      if (read && !found.has(id)) found.set(id, read);
    }
  }
  return [...found.values()].sort((a, b) => compare(a.id, b.id));
}

function ownFilters(
  entry: RuleEntry,
  test: RuleTest,
  lists: ReadonlyMap<string, CompiledList>,
  report: Reporter,
): CompiledFilter[] {
  const lookup: ListLookup = { get: (name) => lists.get(name), names: () => [...lists.keys()] };
  const tags = entry.document?.tags ?? [];
  return (test.filters ?? []).flatMap((filter, index) => {
    const at = ['tests', test.name, 'filters', index];
    const match = compileMatch(filter.match, [...at, 'match'], { report, lists: lookup });
    const named = [filter.rules ?? '*'].flat();
    const meant = named.some((name) => name === '*' || name === entry.id || tags.includes(name));
    const until = filter.until === undefined ? undefined : Date.parse(filter.until) / 1000;
    if (Number.isNaN(until)) report.error([...at, 'until'], 'is no time');
    if (!match || !meant) return [];
    const reason = filter.reason ?? '';
    return [
      {
        id: `test-${index}`,
        rules: [entry.id],
        match,
        reason,
        ...(until !== undefined && { until }),
      },
    ];
  });
}
