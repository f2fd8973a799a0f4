/** `rules forecast`: what rules would send a day, and what changing them would change. */
import { type Command, Option } from 'commander';
import type { Snapshot } from '../config/snapshot.ts';
import type { Tried } from '../forecast/forecast.ts';
import type { FunctionLog } from '../ports/function-log.ts';
import type { Context } from './context.ts';
import { CommandError, EXIT } from './exit.ts';
import { type Since, since, sinceWhen } from './moments.ts';
import { type GlobalOptions, withExample } from './options.ts';
import type { ForecastReport } from './rules-forecast-text.ts';

interface ForecastFlags extends GlobalOptions {
  readonly over?: string[];
  readonly against?: string;
  readonly format?: string;
  readonly since: Since;
}

/** Adds the verb. */
export function addRulesForecast(rules: Command, context: Context): void {
  const command = rules
    .command('forecast')
    .summary('say what rules would send a day')
    .description(
      'Run the rules in a folder over stored flow logs and say what they would send a day; with ' +
        '--against, next to the rules of a stage or another folder: groups gained and lost, and ' +
        'what their digests cost. Rules in shadow count as if they were live. Without --over: what ' +
        'the rules in shadow of a stage would have sent, from its log.',
    )
    .argument('[dir]', 'the folder; without it, the built-in rules')
    .option('--over <source...>', 'flow logs: files, s3://..., cwlogs:GROUP, whatever replay reads')
    .option('--against <stage or dir>', 'a stage, or a folder of rules, to compare with')
    .option('--format <format>', 'LogFormat of lines that no header describes')
    .addOption(
      new Option(
        '--since <time>',
        'how far back to read the log where there is no --over, and log groups',
      )
        .default({ ago: 7 * 86_400 }, '7d')
        .argParser(since),
    )
    .action(async (dir: string | undefined) => {
      const flags = command.optsWithGlobals<ForecastFlags>();
      const report = flags.over
        ? await overLogs(dir, flags.over, flags, context)
        : await fromShadow(dir, flags, context);
      if (!report) return;
      const { reportJson, reportLines } = await import('./rules-forecast-text.ts');
      const lines = flags.json ? reportJson(report) : reportLines(report);
      for (const line of lines) await context.out.line(line);
    });
  withExample(
    command,
    'flowlog-alerts rules forecast my-rules --over flow-logs/ --against prod',
    'flowlog-alerts rules forecast --stage prod --since 3d',
  );
}

async function overLogs(
  dir: string | undefined,
  sources: readonly string[],
  flags: ForecastFlags,
  context: Context,
): Promise<ForecastReport | undefined> {
  if (flags.against !== undefined && sources.includes('-')) {
    throw new CommandError(
      EXIT.usage,
      'Standard input can be read once, and --against reads twice: save it to a file first.',
    );
  }
  const [{ tryRules }, { forecastRules }] = await Promise.all([
    import('./rules-forecast-run.ts'),
    import('../forecast/forecast.ts'),
  ]);
  const { before, after } = await sidesOf(dir, flags, context);
  const run = { sources, flags, context };
  const tried = await tryRules(after, run);
  const former = before && tried && (await tryRules(before, run));
  if (!tried || (before && !former)) {
    context.exit(EXIT.interrupted);
    return undefined;
  }
  if (tried.unread > 0) context.exit(EXIT.failed);
  const sides = [before, after].map((one) => one && namesOf(one));
  return {
    seconds: tried.seconds,
    records: tried.records,
    rules: forecastRules(
      former && sides[0] && { ...former, ...sides[0] },
      { ...tried, ...namesOf(after) },
      tried.seconds,
    ),
    compared: before !== undefined,
    written: { ...(former && { before: former.written }), after: tried.written },
  };
}

/** The rules of both sides; of a stage, as a push of the folder would leave it. */
async function sidesOf(
  dir: string | undefined,
  flags: ForecastFlags,
  { err }: Context,
): Promise<{ readonly before?: Snapshot; readonly after: Snapshot }> {
  const [{ usableConfig, builtinDocuments }, { kindOfPlace }] = await Promise.all([
    import('./config.ts'),
    import('../adapters/local/tree-files.ts'),
  ]);
  const { snapshot } = await usableConfig(dir, err);
  if (flags.against === undefined) return { after: snapshot };
  if ((await kindOfPlace(flags.against)) !== 'nothing') {
    return { before: (await usableConfig(flags.against, err)).snapshot, after: snapshot };
  }
  if (dir === undefined) {
    throw new CommandError(EXIT.usage, 'Name the folder that is to be compared with the stage.');
  }
  const [{ readSides }, { planPush }, { judgePush }] = await Promise.all([
    import('./rules-sync.ts'),
    import('../config/plan/push-plan.ts'),
    import('../config/plan/verdict.ts'),
  ]);
  const { local, stored } = await readSides(dir, { ...flags, stage: flags.against }, err);
  const verdict = judgePush(planPush(local, stored, undefined), await builtinDocuments());
  return { before: verdict.before.snapshot, after: verdict.after.snapshot };
}

function namesOf({ rules }: Snapshot): { ids: Set<string>; shadow: Set<string> } {
  const shadow = rules.filter(({ mode }) => mode === 'shadow').map(({ id }) => id);
  return { ids: new Set(rules.map(({ id }) => id)), shadow: new Set(shadow) };
}

/** From the decisions that the deployed rules in shadow have left in the log. */
async function fromShadow(
  dir: string | undefined,
  flags: ForecastFlags,
  { err }: Context,
): Promise<ForecastReport> {
  if (flags.against !== undefined) {
    throw new CommandError(EXIT.usage, '--against needs flow logs to compare over: --over SOURCE.');
  }
  const [{ deployedLog }, { triedInShadow }, { forecastRules }, { usableConfig }, { asked }] =
    await Promise.all([
      import('../adapters/aws/cloudwatch-function-log.ts'),
      import('../forecast/shadow-log.ts'),
      import('../forecast/forecast.ts'),
      import('./config.ts'),
      import('./refusals.ts'),
    ]);
  const now = Date.now();
  const from = sinceWhen(flags.since, now);
  const seconds = Math.max(60, (now - from) / 1000);
  const log = deployedLog(flags);
  const lines = await asked(
    shadowLines(log, from),
    `The log of ${flags.stage} cannot be read`,
    'read.json',
  );
  const tried = triedInShadow(lines);
  const named =
    dir === undefined ? undefined : namesOf((await usableConfig(dir, err)).snapshot).ids;
  const rules = new Map([...tried.rules].filter(([id]) => named?.has(id) ?? true));
  const ids = new Set(rules.keys());
  const shown: Tried = { rules };
  return {
    seconds,
    rules: forecastRules(undefined, { ...shown, ids, shadow: ids }, seconds),
    compared: false,
  };
}

async function shadowLines(log: FunctionLog, from: number): Promise<string[]> {
  const lines: string[] = [];
  for await (const page of log.lines({ function: 'reduce', since: from, words: ['shadow'] })) {
    lines.push(...page.map(({ text }) => text));
  }
  return lines;
}
