/** `alerts`: what a deployment has sent, and what it has not and why. */
import { type Command, Option } from 'commander';
import { REASONS } from '../alerts/reasons.ts';
import type { Context } from './context.ts';
import { EXIT } from './exit.ts';
import { type Since, since, sinceWhen } from './moments.ts';
import { type GlobalOptions, withExample } from './options.ts';

interface AlertsFlags extends GlobalOptions {
  readonly since: Since;
  readonly rule?: string;
  readonly reason?: string;
}

/** What `--reason` takes. */
const OUTCOMES = [...Object.keys(REASONS), 'failed'];

/** Adds the verb. */
export function addAlerts(program: Command, context: Context): void {
  const command = program
    .command('alerts')
    .summary('show what was sent, and what was not and why')
    .description(
      'Read the log of a deployment: every notification with what its channels made of it, and ' +
        'every decision not to send one with its reason, the newest last, with counts by reason. ' +
        'The log is kept 90 days.',
    )
    .addOption(
      new Option('--since <time>', 'a duration like 24h or 7d, or a day or time')
        .default({ ago: 86_400 }, '24h')
        .argParser(since),
    )
    .option('--rule <id>', 'only alerts of this rule')
    .addOption(new Option('--reason <reason>', 'only what was decided so').choices(OUTCOMES))
    .action(async () => {
      await alertsCommand(command.optsWithGlobals<AlertsFlags>(), context);
    });
  withExample(
    command,
    'flowlog-alerts alerts --since 7d --stage prod',
    'flowlog-alerts alerts --rule ssh-from-internet --reason silenced',
  );
}

async function alertsCommand(flags: AlertsFlags, context: Context): Promise<void> {
  const [{ deployedLog }, { readHistory }, { renderHistory }, { asked }, { coloursFor }] =
    await Promise.all([
      import('../adapters/aws/cloudwatch-function-log.ts'),
      import('./read-history.ts'),
      import('./history-text.ts'),
      import('./refusals.ts'),
      import('./colours.ts'),
    ]);
  const { io, out, err, exit } = context;
  const read = { since: sinceWhen(flags.since, Date.now()), stop: io.interrupt };
  const history = await asked(
    readHistory(deployedLog(flags), read),
    `The log of ${flags.stage} cannot be read`,
    'read.json',
  );
  if (io.interrupt.aborted) return exit(EXIT.interrupted);
  const entries = history
    .entries()
    .filter(({ rule }) => flags.rule === undefined || rule === flags.rule)
    .filter(({ outcome }) => flags.reason === undefined || outcome === flags.reason);
  if (flags.json) {
    for (const entry of entries) await out.line(JSON.stringify(entry));
  } else {
    const colours = coloursFor(io.stdout, io.env);
    for (const line of renderHistory(entries, colours)) await out.line(line);
  }
  if (entries.length === 0) await err.line('Nothing was decided in that time.');
}
