/** `rules test`: the tests that rules carry. */
import type { Command } from 'commander';
import { cleanLine } from '../alerts/clean.ts';
import { formatNumber, plural } from '../alerts/english.ts';
import type { Colours } from '../alerts/terminal.ts';
import type { Group, RuleTestResult } from '../replay/rule-tests.ts';
import type { Context } from './context.ts';
import { EXIT } from './exit.ts';
import { type GlobalOptions, withExample } from './options.ts';

/** Adds the verb. */
export function addRulesTest(rules: Command, context: Context): void {
  const command = rules
    .command('test')
    .summary('run the tests that the rules carry')
    .description('Run the tests that the rules in a folder carry; without DIR, the built-in rules.')
    .argument('[dir]', 'the folder')
    .action(async (dir: string | undefined) => {
      await testCommand(dir, command.optsWithGlobals<GlobalOptions>(), context);
    });
  withExample(command, 'flowlog-alerts rules test my-rules');
}

async function testCommand(
  dir: string | undefined,
  { json }: GlobalOptions,
  { io, out, err, exit }: Context,
): Promise<void> {
  const [{ usableConfig }, { runRuleTests }, { coloursFor }] = await Promise.all([
    import('./config.ts'),
    import('../replay/rule-tests.ts'),
    import('./colours.ts'),
  ]);
  const config = await usableConfig(dir, err);
  const colours = coloursFor(io.stdout, io.env);
  let tests = 0;
  let failed = 0;
  let rule = '';
  for (const result of runRuleTests(config)) {
    if (io.interrupt.aborted || out.closed) break;
    tests++;
    if (!result.passed) failed++;
    if (json) await out.line(JSON.stringify(result));
    else {
      if (result.rule !== rule) await out.line(result.rule);
      for (const line of resultLines(result, colours)) await out.line(line);
    }
    rule = result.rule;
  }
  const untested = config.rules.filter(
    ({ state, document }) => state === 'in force' && !document?.tests,
  );
  const total =
    failed > 0
      ? `${plural(tests, 'test')}, ${formatNumber(failed)} failed`
      : `${plural(tests, 'test')} passed`;
  const without =
    untested.length > 0 ? `; no test for ${untested.map(({ id }) => id).join(', ')}` : '';
  await err.line(`${total}${without}.`);
  if (io.interrupt.aborted) exit(EXIT.interrupted);
  else if (failed > 0) exit(EXIT.failed);
}

function resultLines(result: RuleTestResult, colours: Colours): string[] {
  const name = cleanLine(result.test);
  if (result.passed) return [`  ${colours.green('pass')}  ${name}`];
  return [
    `  ${colours.red('FAIL')}  ${name}`,
    ...result.missing.map((group) => `        not alerted: ${groupLine(group)}`),
    ...result.unexpected.map((group) => `        alerted against expectation: ${groupLine(group)}`),
    ...(result.note === undefined ? [] : [`        ${cleanLine(result.note)}`]),
  ];
}

/** As it would stand in `expect`. */
function groupLine(group: Group): string {
  const fields = Object.entries(group).map(([name, value]) => `${name}: ${value}`);
  return `{ ${fields.join(', ')} }`.replace('{  }', '{}');
}
