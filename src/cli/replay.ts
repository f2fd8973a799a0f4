/** `replay`: stored flow logs through the rules, on this machine. */
import type { Command } from 'commander';
import type { Alert } from '../alerts/alert.ts';
import type { Severity } from '../rules/compiled.ts';
import type { Context } from './context.ts';
import { CommandError, EXIT } from './exit.ts';
import { type GlobalOptions, positive, severity, withExample } from './options.ts';

interface ReplayFlags extends GlobalOptions {
  readonly rules?: string;
  readonly format?: string;
  readonly failOn?: Severity;
  readonly maxGroups?: number;
}

/** Adds the verb. */
export function addReplay(program: Command, context: Context): void {
  const command = program
    .command('replay')
    .summary('run rules over stored flow logs')
    .description(
      'Run rules over stored flow logs and print the alerts they would have sent.\n\n' +
        'SOURCE is files, globs, directories (with all below them) or - for standard input: flow logs ' +
        'as text, CloudWatch Logs exports, subscription payloads, the output of aws logs ' +
        'filter-log-events, JSON lines with a message; each of them plain or gzip. What a file holds ' +
        'is told from its content.',
    )
    .argument('<source...>', 'where the flow logs are')
    .option(
      '--rules <dir>',
      'folder of rules, lists, filters and settings (default: the built-in rules)',
    )
    .option('--format <format>', 'LogFormat of lines that no header describes (default: version 2)')
    .option('--fail-on <severity>', 'exit with 3 after an alert at least that severe', severity)
    .option(
      '--max-groups <n>',
      'new groups a rule remembers per minute (default: no bound)',
      positive,
    )
    .action(async (sources: string[]) => {
      await replayCommand(sources, command.optsWithGlobals<ReplayFlags>(), context);
    });
  withExample(
    command,
    'flowlog-alerts replay flow-logs/ --rules my-rules --fail-on high',
    'aws logs tail /vpc/flow-logs --since 1h | flowlog-alerts replay - --json',
  );
}

async function replayCommand(
  sources: readonly string[],
  flags: ReplayFlags,
  context: Context,
): Promise<void> {
  const { io, out, err } = context;
  const [{ usableConfig }, { layoutChooser }, { planInputs }, { replay }, { ReplayEngine }] =
    await Promise.all([
      import('./config.ts'),
      import('./layouts.ts'),
      import('../replay/inputs/plan.ts'),
      import('../replay/run.ts'),
      import('../replay/engine.ts'),
    ]);
  const [{ coloursFor }, { startProgress }, { renderSummary }, { AlertTally }, { renderTerminal }] =
    await Promise.all([
      import('./colours.ts'),
      import('./progress.ts'),
      import('./summary.ts'),
      import('./tally.ts'),
      import('../alerts/terminal.ts'),
    ]);
  const { snapshot } = await usableConfig(flags.rules, err);
  const layoutsOf = layoutChooser(flags.format, snapshot.formats);
  const inputs = await orCommandError(planInputs(sources));
  const engine = new ReplayEngine(snapshot, {
    stage: flags.stage,
    ...(flags.maxGroups === undefined ? {} : { maxGroups: flags.maxGroups }),
  });
  const now = () => performance.now();
  const sizes = inputs.map((input) => input.size);
  const size = sizes.includes(undefined) ? undefined : sizes.reduce((a, b) => a! + b!, 0);
  const progress = startProgress(io.stderr, size, now);
  const colours = coloursFor(io.stdout, io.env);
  const tally = new AlertTally();
  const readerGone = new AbortController();
  const started = now();
  let bytes = 0;
  const print = async (alerts: readonly Alert[]): Promise<void> => {
    if (out.isTTY) progress.clear();
    for (const alert of alerts) {
      tally.add(alert);
      if (flags.json) await out.line(JSON.stringify(alert));
      else if (!alert.folded) await out.line(`${renderTerminal(alert, colours)}\n`);
      if (out.closed) readerGone.abort();
    }
  };
  const outcome = await orCommandError(
    replay(inputs, engine, {
      layoutsOf,
      stdin: io.stdin,
      stop: AbortSignal.any([io.interrupt, readerGone.signal]),
      onAlerts: print,
      onBytes: (count) => {
        bytes += count;
        progress.advance(count, engine.totals.records);
      },
    }),
  ).finally(() => progress.stop());
  if (!readerGone.signal.aborted) {
    const lines = renderSummary(
      {
        outcome,
        totals: engine.totals,
        tally,
        took: now() - started,
        bytes,
        width: io.stderr.columns ?? 120,
        format: flags.format !== undefined,
      },
      coloursFor(io.stderr, io.env),
    );
    for (const line of lines) await err.line(line);
  }
  if (io.interrupt.aborted) context.exit(EXIT.interrupted);
  else if (flags.failOn && tally.reaches(flags.failOn)) context.exit(EXIT.failOn);
  else if (outcome.unread.length > 0) context.exit(EXIT.failed);
  else if (!outcome.recognised && !readerGone.signal.aborted) context.exit(EXIT.failed);
}

/** Sources that are not there, or that this version does not read, end the command with a message. */
async function orCommandError<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    if (error.name === 'MissingSourceError') throw new CommandError(EXIT.failed, error.message);
    if (error.name === 'UnsupportedInputError') throw new CommandError(EXIT.usage, error.message);
    throw error;
  }
}
