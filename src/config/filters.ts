/** Filter documents into normal form. */
import type { ConfigDocument } from '../ports/config-source.ts';
import type { CompiledFilter, CompiledRule } from '../rules/compiled.ts';
import { compileMatch } from '../rules/match.ts';
import { type Problem, show } from '../rules/problem.ts';
import { Reporter } from '../rules/reporter.ts';
import { didYouMean } from '../rules/suggest.ts';
import { validate } from '../rules/validate.ts';
import type { ListLookup } from '../rules/values.ts';
import { filterSchema } from './filter-schema.ts';
import { readSingle } from './text.ts';

/** What a filter may name, whether in force or not. */
export interface KnownRules {
  /** Rules in force that filters apply to. */
  readonly inForce: readonly Pick<CompiledRule, 'id' | 'tags'>[];
  /** Every other id and tag there is: of disabled, bad or left out rules. */
  readonly others: ReadonlySet<string>;
}

export interface FilterResult {
  readonly filter?: CompiledFilter;
  readonly problems: readonly Problem[];
}

export function compileFilter(
  document: ConfigDocument,
  known: KnownRules,
  lists: ListLookup,
): FilterResult {
  const id = document.path.slice('filters/'.length);
  const { documents, problems } = readSingle(document, 'filters');
  const [read] = documents;
  if (!read) return { problems: problems.map((problem) => ({ ...problem, rule: id })) };
  const report = new Reporter(document.origin, read, id);
  const given = (read.value as { match?: unknown } | null)?.match;
  const { document: written } = validate(filterSchema, read.value, report, {
    elsewhere: (path) => path[0] === 'match' && given !== undefined,
  });
  const match = given === undefined ? undefined : compileMatch(given, ['match'], { report, lists });
  if (!written || !match || report.failed) {
    if (!report.failed) report.error(['match'], `found ${show(given)}; see docs/rules.md`);
    return { problems: report.problems };
  }
  const { until } = written;
  const ends = until === undefined ? undefined : Date.parse(until.replace(' ', 'T'));
  if (Number.isNaN(ends)) report.error(['until'], `${show(until)} is no day or time there is`);
  const rules = resolveRules(written.rules, known, report);
  if (report.failed) return { problems: report.problems };
  return {
    filter: {
      id,
      rules,
      match,
      ...(ends !== undefined && { until: Math.floor(ends / 1000) }),
      reason: written.reason ?? '',
    },
    problems: report.problems,
  };
}

function resolveRules(
  written: string | readonly string[],
  { inForce, others }: KnownRules,
  report: Reporter,
): string[] {
  const several = Array.isArray(written);
  const names = several ? (written as readonly string[]) : [written as string];
  const ids = new Set<string>();
  for (const [index, name] of names.entries()) {
    const met = inForce.filter(
      (rule) => name === '*' || rule.id === name || rule.tags.includes(name),
    );
    for (const rule of met) ids.add(rule.id);
    if (met.length > 0 || name === '*' || others.has(name)) continue;
    const all = [...inForce.flatMap((rule) => [rule.id, ...rule.tags]), ...others];
    const path = several ? ['rules', index] : ['rules'];
    report.warning(path, `no rule has the id or tag ${show(name)}`, didYouMean(name, all));
  }
  return [...ids].sort();
}
