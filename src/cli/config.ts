/** The configuration a command works with: a folder of rules, or the built-in ones. */
import { fileURLToPath } from 'node:url';
import { DirectoryError, DirectorySource } from '../adapters/local/directory.ts';
import { checkTree } from '../config/check.ts';
import type { CompiledConfig } from '../config/compile.ts';
import type { ConfigDocument } from '../ports/config-source.ts';
import { formatProblem, hasErrors, type Problem } from '../rules/problem.ts';
import { CommandError, EXIT } from './exit.ts';
import type { Printer } from './io.ts';

/** The rules that come with the package. */
const BUILTIN_RULES = fileURLToPath(new URL('../../rules', import.meta.url));

/**
 * Reads and checks a folder of rules.
 * @param directory the built-in rules where it is undefined
 * @throws CommandError when it cannot be read
 */
export async function readConfig(directory: string | undefined): Promise<CompiledConfig> {
  const builtin = await builtinDocuments();
  if (directory === undefined) return checkTree(builtin);
  let documents: ConfigDocument[];
  try {
    documents = await new DirectorySource(directory).read();
  } catch (error) {
    if (error instanceof DirectoryError) throw new CommandError(EXIT.usage, error.message);
    throw error;
  }
  // Reading all built-in rules takes a quarter of a second; only settings and filters name them.
  const named = documents.some(({ path }) => path === 'settings' || path.startsWith('filters/'));
  let config = checkTree(documents, { builtin: named ? builtin : builtin.filter(isList) });
  // And a step of a sequence, where its rule is not in the folder.
  if (!named && waitsForAnother(config)) config = checkTree(documents, { builtin });
  // Built-in rules that nobody asked for are no part of a folder's report.
  return { ...config, rules: config.rules.filter(({ state }) => state !== 'left out') };
}

/** The rules that come with the package, and the lists they name. */
export async function builtinDocuments(): Promise<ConfigDocument[]> {
  return new DirectorySource(BUILTIN_RULES).read();
}

function waitsForAnother({ rules }: CompiledConfig): boolean {
  const ids = new Set(rules.map(({ id }) => id));
  return rules.some(({ reads }) => reads.some(({ rule }) => !ids.has(rule)));
}

function isList({ path }: ConfigDocument): boolean {
  return path.startsWith('lists/');
}

/**
 * The configuration for a command that runs the rules rather than checks them: warnings are told,
 * errors end it.
 */
export async function usableConfig(
  directory: string | undefined,
  err: Printer,
): Promise<CompiledConfig> {
  const config = await readConfig(directory);
  for (const problem of config.problems) await err.line(problemLine(problem));
  if (hasErrors(config.problems)) {
    const where = directory ?? BUILTIN_RULES;
    throw new CommandError(EXIT.usage, `The rules in ${where} have errors; nothing was read.`);
  }
  if (config.snapshot.rules.length === 0) {
    throw new CommandError(
      EXIT.usage,
      `There is no rule in force in ${directory ?? BUILTIN_RULES}.`,
    );
  }
  return config;
}

export function problemLine(problem: Problem): string {
  return `${problem.severity}: ${formatProblem(problem)}`;
}
