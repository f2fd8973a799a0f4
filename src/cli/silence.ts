/** `silence`: holds notifications back for a time. */
import { type Command, Option } from 'commander';
import type { Context } from './context.ts';
import { moment, type Since, since, span } from './moments.ts';
import { type GlobalOptions, withExample } from './options.ts';

export interface SilenceAddFlags extends GlobalOptions {
  readonly match?: readonly string[];
  readonly for?: number;
  readonly until?: number;
  readonly from?: number;
  readonly reason?: string;
  readonly id?: string;
  readonly replace?: boolean;
}

export interface SilenceListFlags extends GlobalOptions {
  readonly since: Since;
}

/** Adds the verb. */
export function addSilence(program: Command, context: Context): void {
  const silence = program
    .command('silence')
    .summary('hold notifications back for a time')
    .description(
      'Hold notifications back for a time. The alerts themselves go on, are logged, and are told ' +
        'of when the silence ends while they last.',
    );
  addAdd(silence, context);
  addList(silence, context);
  addRm(silence, context);
}

function addAdd(silence: Command, context: Context): void {
  const command = silence
    .command('add')
    .summary('begin a silence')
    .description(
      'Write a silence to Parameter Store; it holds within a minute. All --match must hold: rule, ' +
        'severity, tag, account, region, logGroup, or a field that the rule groups by. Values may ' +
        'have * and ?, addresses may be CIDR blocks, and several are separated by commas.',
    )
    .option('--match <field=value>', 'alerts with this value; may be given several times', gathered)
    .option('--for <duration>', 'how long it holds, like 2h', span)
    .option('--until <time>', 'when it ends, in place of --for', moment)
    .option('--from <time>', 'when it begins (default: now, with what is on its way)', moment)
    .option('--reason <text>', 'why, for whoever reads it next')
    .option('--id <id>', 'its name (default: made from what it matches and the time)')
    .option('--replace', 'take the place of a silence of the same id')
    .action(async () => {
      const { addCommand } = await import('./silence-add.ts');
      await addCommand(command.optsWithGlobals<SilenceAddFlags>(), context);
    });
  withExample(
    command,
    'flowlog-alerts silence add --match rule=ssh-from-internet --match dstaddr=10.0.0.5 --for 2h',
    "flowlog-alerts silence add --match 'rule=*' --until 2026-12-31T18:00:00Z --reason 'moving house'",
  );
}

function addList(silence: Command, context: Context): void {
  const command = silence
    .command('list')
    .summary('show silences, and what each has held back')
    .description(
      'Show the silences of a stage: which hold now, which are to come, which are over, and how many ' +
        'alerts each has held back.',
    )
    .addOption(
      new Option('--since <time>', 'count what was held back since: a duration or a day or time')
        .default({ ago: 86_400 }, '24h')
        .argParser(since),
    )
    .action(async () => {
      const { listCommand } = await import('./silence-list.ts');
      await listCommand(command.optsWithGlobals<SilenceListFlags>(), context);
    });
  withExample(command, 'flowlog-alerts silence list --stage prod --since 7d');
}

function addRm(silence: Command, context: Context): void {
  const command = silence
    .command('rm')
    .summary('end a silence')
    .description('Delete a silence; what it held back is told at its next firing.')
    .argument('<id>', 'the silence, as silence list names it')
    .action(async (id: string) => {
      const { rmCommand } = await import('./silence-rm.ts');
      await rmCommand(id, command.optsWithGlobals<GlobalOptions>(), context);
    });
  withExample(command, 'flowlog-alerts silence rm ssh-from-internet-20261123-1200 --stage prod');
}

function gathered(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value];
}
