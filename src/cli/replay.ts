/** `replay`: stored flow logs through the rules, on this machine. */
import type { Command } from 'commander';
import type { Alert } from '../alerts/alert.ts';
import type { Snapshot } from '../config/snapshot.ts';
import type { Begun } from '../replay/begin.ts';
import type { LayoutChooser } from '../replay/inputs/payloads.ts';
import type { Severity } from '../rules/compiled.ts';
import type { Context } from './context.ts';
import { CommandError, EXIT } from './exit.ts';
import { type GlobalOptions, positive, severity, withExample } from './options.ts';

interface ReplayFlags extends GlobalOptions {
  readonly rules?: string;
  readonly format?: string;
  readonly failOn?: Severity;
  readonly maxGroups?: number;
  readonly threads?: number;
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
    .option(
      '--threads <n>',
      'threads that read lines (default: one a processor, at most 8, where there is much to read)',
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
  const { io, err } = context;
  const readerGone = new AbortController();
  const stop = AbortSignal.any([io.interrupt, readerGone.signal]);
  const read: ReadBytes = { bytes: 0, told: () => {} };
  const { begin } = await import('../replay/begin.ts');
  // Reading the rules takes long enough to unpack a file and to start threads meanwhile.
  const begun = await orError(
    begin(sources, {
      stdin: io.stdin,
      stop,
      ...(flags.threads === undefined ? {} : { threads: flags.threads }),
      onBytes: (count) => {
        read.bytes += count;
        read.told(count);
      },
    }),
  );
  try {
    const [{ usableConfig }, { layoutChooser }] = await Promise.all([
      import('./config.ts'),
      import('./layouts.ts'),
    ]);
    const { snapshot } = await usableConfig(flags.rules, err);
    const layoutsOf = layoutChooser(flags.format, snapshot.formats);
    if (begun instanceof Error) throw asCommandError(begun);
    await replayBegun(begun, snapshot, { flags, context, layoutsOf, read, readerGone, stop });
  } finally {
    if (!(begun instanceof Error)) await begun.close();
  }
}

/** Bytes read so far, and who wants to know of more. */
interface ReadBytes {
  bytes: number;
  told: (count: number) => void;
}

interface Run {
  readonly flags: ReplayFlags;
  readonly context: Context;
  readonly layoutsOf: LayoutChooser;
  readonly read: ReadBytes;
  /** Aborted when nobody reads the alerts any more. */
  readonly readerGone: AbortController;
  readonly stop: AbortSignal;
}

async function replayBegun(
  { opener, threads, size }: Begun,
  snapshot: Snapshot,
  { flags, context, layoutsOf, read, readerGone, stop }: Run,
): Promise<void> {
  const { io, out, err } = context;
  const [{ replay }, { ReplayEngine }, { coloursFor }, { startProgress }] = await Promise.all([
    import('../replay/run.ts'),
    import('../replay/engine.ts'),
    import('./colours.ts'),
    import('./progress.ts'),
  ]);
  const [{ renderSummary }, { AlertTally }, { renderTerminal }] = await Promise.all([
    import('./summary.ts'),
    import('./tally.ts'),
    import('../alerts/terminal.ts'),
  ]);
  const engine = new ReplayEngine(snapshot, {
    stage: flags.stage,
    ...(flags.maxGroups === undefined ? {} : { maxGroups: flags.maxGroups }),
  });
  threads.begin(engine.mapRules);
  const now = () => performance.now();
  const progress = await startProgress(io.stderr, size, now);
  read.told = (count) => progress.advance(count, engine.totals.records);
  read.told(read.bytes);
  const colours = coloursFor(io.stdout, io.env);
  const tally = new AlertTally();
  const started = now();
  const print = async (alerts: readonly Alert[]): Promise<void> => {
    if (out.isTTY) progress.clear();
    for (const alert of alerts) {
      tally.add(alert);
      if (flags.json) await out.line(JSON.stringify(alert));
      else if (!alert.folded) await out.line(`${renderTerminal(alert, colours)}\n`);
      if (out.closed) readerGone.abort();
    }
  };
  const outcome = await replay(opener, engine, { layoutsOf, threads, stop, onAlerts: print })
    .catch((error) => {
      throw asCommandError(error);
    })
    .finally(() => progress.stop());
  if (!readerGone.signal.aborted) {
    const lines = renderSummary(
      {
        outcome,
        totals: engine.totals,
        tally,
        took: now() - started,
        bytes: read.bytes,
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

/** Held until the rules were read: wrong rules are told first. */
async function orError<T>(work: Promise<T>): Promise<T | Error> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof Error) return error;
    throw error;
  }
}

/** What is not a fault of the program ends the command with a message. */
function asCommandError(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  switch (error.name) {
    case 'MissingSourceError':
      return new CommandError(EXIT.failed, error.message);
    case 'ThreadFailedError':
      return new CommandError(EXIT.failed, `${error.message}. --threads 1 does without.`);
    case 'UnsupportedInputError':
      return new CommandError(EXIT.usage, error.message);
    default:
      return error;
  }
}
