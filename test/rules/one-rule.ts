import { BUILTIN_LISTS } from '../../src/config/builtin-lists.ts';
import { compileRule, type RuleResult } from '../../src/rules/compile.ts';
import type { CompiledList, Leaf, Match } from '../../src/rules/compiled.ts';
import { formatProblem, type Problem } from '../../src/rules/problem.ts';
import { readDocuments } from '../../src/rules/read.ts';
import type { ListLookup } from '../../src/rules/values.ts';

/** Lists for conditions: the built-in ones and those given. */
export function listsOf(more: Record<string, CompiledList | 'unreadable'> = {}): ListLookup {
  const lists = new Map<string, CompiledList | 'unreadable'>([
    ...BUILTIN_LISTS,
    ...Object.entries(more),
  ]);
  return { get: (name) => lists.get(name), names: () => [...lists.keys()] };
}

/** Compiles a text that holds one rule; its file is rule.yaml, its id `rule` unless it says. */
export function compileText(
  text: string,
  lists: Record<string, CompiledList | 'unreadable'> = {},
): RuleResult {
  const { documents, problems } = readDocuments(text, 'rule.yaml');
  if (documents.length !== 1) {
    const found = problems.map(formatProblem).join('\n');
    throw new Error(`wanted one document, found ${documents.length}: ${found}`);
  }
  const source = { origin: 'rule.yaml', fallbackId: 'rule', lists: listsOf(lists) };
  return compileRule(documents[0], source);
}

/** The match of a condition in YAML, or its errors as printed lines. */
export function matchOf(
  block: string,
  lists: Record<string, CompiledList | 'unreadable'> = {},
): Match | string[] {
  const { compiled, problems } = compileText(`match: ${block}`, lists);
  return compiled ? compiled.match : printed(problems, 'error');
}

/** The one test of a condition such as `dstport: 22`, or its errors. */
export function testOf(
  condition: string,
  lists: Record<string, CompiledList | 'unreadable'> = {},
): Leaf['test'] | string[] {
  const match = matchOf(`{ ${condition} }`, lists);
  if (Array.isArray(match)) return match;
  if ('test' in match) return match.test;
  throw new Error(`${condition} made several tests: ${JSON.stringify(match)}`);
}

/** Problems of one severity as `path: message (hint)`, without file and line. */
export function printed(problems: readonly Problem[], severity: Problem['severity']): string[] {
  return problems
    .filter((problem) => problem.severity === severity)
    .map((problem) => formatProblem(problem).replace(/^rule\.yaml:\d+ \S+ /, ''));
}
