/** `replay`: stored flow logs through the rules, on this machine. */
import type { Command } from 'commander';
import type { Alert } from '../alerts/alert.ts';
import type { Snapshot } from '../config/snapshot.ts';
import type { TimeSpan } from '../map/2-parse/parse.ts';
import type { Begun } from '../replay/begin.ts';
import type { LayoutChooser } from '../replay/inputs/payloads.ts';
import type { Severity } from '../rules/compiled.ts';
import type { Context } from './context.ts';
import { CommandError, EXIT } from './exit.ts';
import { moment, type Since, since } from './moments.ts';
import { type GlobalOptions, positive, severity, withExample } from './options.ts';

interface ReplayFlags extends GlobalOptions {
  readonly rules?: string;
  readonly format?: string;
  readonly since?: Since;
  readonly until?: number;
  readonly cache?: string;
  readonly failOn?: Severity;
  readonly inOrder?: boolean;
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
        'SOURCE is files, globs, directories (with all below them), - for standard input, ' +
        's3://BUCKET/PREFIX, or cwlogs:GROUP for a log group: flow logs as text or Parquet, CloudWatch ' +
        'Logs exports, subscription payloads, the output of aws logs filter-log-events, JSON lines ' +
        'with a message; each of them plain or gzip. What a file holds is told from its content.',
    )
    .argument('<source...>', 'where the flow logs are')
    .option(
      '--rules <dir>',
      'folder of rules, lists, filters and settings (default: the built-in rules)',
    )
    .option('--format <format>', 'LogFormat of lines that no header describes (default: version 2)')
    .option(
      '--since <time>',
      'only records that began since: a duration like 1h before now, or a day or time',
      since,
    )
    .option('--until <time>', 'only records that began before a day or time', moment)
    .option('--cache <dir>', 'keep objects of s3:// there, and read them there the next time')
    .option('--fail-on <severity>', 'exit with 3 after an alert at least that severe', severity)
    .option('--in-order', 'the records come in order of time: judge, print and forget as they pass')
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
    'flowlog-alerts replay s3://my-logs/AWSLogs --since 2026-11-01 --until 2026-11-08 --cache week',
    'flowlog-alerts replay cwlogs:/vpc/flow-logs --since 1h --json',
    'aws logs tail /vpc/flow-logs --follow --format short | cut -d" " -f2- | flowlog-alerts replay - --in-order',
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
  const [{ begin }, { isBucket }, { RemoteSources, spanOf }] = await Promise.all([
    import('../replay/begin.ts'),
    import('../replay/inputs/remote.ts'),
    import('./remote-sources.ts'),
  ]);
  if (flags.cache !== undefined && !sources.some(isBucket)) {
    throw new CommandError(EXIT.usage, '--cache keeps objects of s3://, and no SOURCE is one.');
  }
  const remote = new RemoteSources(flags);
  const span = spanOf(flags, Date.now());
  if (span && span.from >= span.until) {
    throw new CommandError(EXIT.usage, '--until must be later than --since.');
  }
  // Reading the rules takes long enough to unpack a file and to start threads meanwhile.
  const begun = await orError(
    begin(sources, {
      stdin: io.stdin,
      stop,
      ...(flags.threads === undefined ? {} : { threads: flags.threads }),
      remote: remote.ports,
      ...(span && { span }),
      ...(flags.cache !== undefined && { cache: flags.cache }),
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
    const config = await usableConfig(flags.rules, err);
    const layoutsBefore = layoutChooser(flags.format, config.snapshot.formats);
    if (begun instanceof Error) throw await asCommandError(begun);
    const snapshot = await remote.described(sources, config.snapshot, err);
    const layoutsOf =
      snapshot === config.snapshot ? layoutsBefore : layoutChooser(flags.format, snapshot.formats);
    const run = { flags, span, context, layoutsOf, read, readerGone, stop };
    await replayBegun(begun, snapshot, run);
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
  readonly span: TimeSpan | undefined;
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
  { flags, span, context, layoutsOf, read, readerGone, stop }: Run,
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
    ...(flags.inOrder && { settles: 'as time passes' as const }),
    ...(span && { span }),
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
  const outcome = await replay(opener, engine, {
    layoutsOf,
    threads,
    stop,
    asDecided: flags.inOrder === true,
    onAlerts: print,
  })
    .catch(async (error) => {
      throw await asCommandError(error);
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
async function asCommandError(error: unknown): Promise<unknown> {
  if (!(error instanceof Error)) return error;
  switch (error.name) {
    case 'MissingSourceError':
      return new CommandError(EXIT.failed, error.message);
    case 'ThreadFailedError':
      return new CommandError(EXIT.failed, `${error.message}. --threads 1 does without.`);
    default: {
      const { refusalOf } = await import('./refusals.ts');
      const said = refusalOf(error);
      return said === undefined ? error : new CommandError(EXIT.failed, said);
    }
  }
}
