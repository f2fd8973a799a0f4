import {
  type CompiledConfig,
  type CompileOptions,
  compileConfig,
} from '../../src/config/compile.ts';
import type { ConfigDocument } from '../../src/ports/config-source.ts';
import { formatProblem, type Problem } from '../../src/rules/problem.ts';

/** Documents from texts by path; a path's origin is /t/PATH. */
export function tree(texts: Readonly<Record<string, string>>): ConfigDocument[] {
  return Object.entries(texts).map(([path, text]) => ({ path, text, origin: `/t/${path}` }));
}

/** A rule on a port, for trees in which rules are many and dull. */
export function onPort(port: number, more = ''): string {
  return `match: { dstport: ${port} }\n${more}`;
}

export function compiled(
  texts: Readonly<Record<string, string>>,
  options: Partial<CompileOptions> = {},
): CompiledConfig {
  return compileConfig(tree(texts), {
    builtin: [],
    formats: {},
    builtinDefault: false,
    ...options,
  });
}

export function lines(
  problems: readonly Problem[],
  severity: Problem['severity'] = 'error',
): string[] {
  return problems.filter((problem) => problem.severity === severity).map(formatProblem);
}

/** Ids of the rules in force. */
export function ids(config: CompiledConfig): string[] {
  return config.snapshot.rules.map((rule) => rule.id);
}
