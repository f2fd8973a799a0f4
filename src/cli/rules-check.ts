/** `rules check`: everything that is wrong with a folder of rules. */
import type { Command } from 'commander';
import { formatNumber, plural } from '../alerts/english.ts';
import type { CompiledConfig } from '../config/compile.ts';
import type { RuleEntry } from '../config/rule-book.ts';
import type { Context } from './context.ts';
import { EXIT } from './exit.ts';
import { type GlobalOptions, withExample } from './options.ts';

/** Adds the verb. */
export function addRulesCheck(rules: Command, context: Context): void {
  const command = rules
    .command('check')
    .summary('show what is wrong with the rules in a folder')
    .description('Check the rules, lists, filters and settings in a folder as a deployment would.')
    .argument('<dir>', 'the folder')
    .action(async (dir: string) => {
      const { json } = command.optsWithGlobals<GlobalOptions>();
      const { readConfig } = await import('./config.ts');
      const config = await readConfig(dir);
      const lines = json ? jsonLines(config) : await textLines(config);
      for (const line of lines) await context.out.line(line);
      if (config.problems.some(({ severity }) => severity === 'error')) context.exit(EXIT.usage);
    });
  withExample(command, 'flowlog-alerts rules check my-rules');
}

async function textLines(config: CompiledConfig): Promise<string[]> {
  const { problemLine } = await import('./config.ts');
  const { compareProblems } = await import('../rules/problem.ts');
  const { problems, rules } = config;
  const notes = rules.flatMap((rule) =>
    rule.notes.map((note) => `note: ${rule.origin}:${rule.line} ${rule.id}: ${note}`),
  );
  return [...[...problems].sort(compareProblems).map(problemLine), ...notes, countLine(config)];
}

function countLine({ rules, problems }: CompiledConfig): string {
  const count = (state: RuleEntry['state']) => rules.filter((rule) => rule.state === state).length;
  const others = (['disabled', 'replaced', 'left out', 'bad'] as const)
    .map((state) => [state, count(state)] as const)
    .filter(([, number]) => number > 0)
    .map(([state, number]) => `, ${formatNumber(number)} ${state}`);
  const errors = problems.filter(({ severity }) => severity === 'error').length;
  const warnings = problems.length - errors;
  return (
    `${plural(count('in force'), 'rule')} in force${others.join('')}; ` +
    `${plural(errors, 'error')}, ${plural(warnings, 'warning')}.`
  );
}

function jsonLines({ problems, rules }: CompiledConfig): string[] {
  return [
    ...problems.map((problem) => JSON.stringify({ kind: 'problem', ...problem })),
    ...rules.map(({ id, origin, line, state, builtin, notes }) =>
      JSON.stringify({ kind: 'rule', id, origin, line, state, builtin, notes }),
    ),
  ];
}
