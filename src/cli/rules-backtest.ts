/** `rules backtest`: what a rule would have alerted, asked of Athena. */
import type { Command } from 'commander';
import type { Context } from './context.ts';
import { CommandError, EXIT } from './exit.ts';
import { moment, type Since, since, sinceWhen } from './moments.ts';
import { type GlobalOptions, withExample } from './options.ts';

export interface BacktestFlags extends GlobalOptions {
  readonly athena?: boolean;
  readonly rules?: string;
  readonly format?: string;
  readonly deployed?: boolean;
  readonly table: string;
  readonly where?: string;
  readonly since?: Since;
  readonly until?: number;
  readonly database?: string;
  readonly workgroup?: string;
  readonly output?: string;
  readonly yes?: boolean;
}

/** Adds the verb. */
export function addRulesBacktest(rules: Command, context: Context): void {
  const command = rules
    .command('backtest')
    .summary('ask Athena what a rule would have alerted')
    .description(
      'Run a rule over logs in S3 by one query of Athena, and print the alerts as replay does. What the ' +
        'query would read and cost is told first, and it runs with --yes alone.',
    )
    .argument('<id>', 'id of the rule')
    .option('--athena', 'ask Athena, which is the only engine there is')
    .option('--rules <dir>', 'folder of rules; without it, the built-in rules')
    .option('--format <format>', "LogFormat of the logs, or the table's fields; AWS's default")
    .option('--deployed', "the stage's own table, its workgroup and its partitions")
    .option('--table <name>', 'table of the flow logs', 'vpc_flow_logs')
    .option('--where <condition>', "condition on the table's partitions, put into the SQL as it is")
    .option(
      '--since <time>',
      'a duration like 7d, or a day or time; without it, all there is',
      since,
    )
    .option('--until <time>', 'a day or time', moment)
    .option('--database <name>', "database of the table, where it is not the workgroup's")
    .option('--workgroup <name>', 'workgroup of Athena, where it is not primary')
    .option('--output <s3-url>', 'place for results, where the workgroup has none')
    .option('--yes', 'run the query')
    .action(async (id: string) => {
      await backtest(id, command.optsWithGlobals<BacktestFlags>(), context);
    });
  withExample(
    command,
    'flowlog-alerts rules backtest port-probing --athena --deployed --stage prod --since 7d',
    'flowlog-alerts rules backtest udp-reflection --athena --since 7d --where "day >= \'2026/11/17\'"',
  );
}

async function backtest(id: string, flags: BacktestFlags, context: Context): Promise<void> {
  if (!flags.athena) throw new CommandError(EXIT.usage, 'Say --athena: a backtest is its query.');
  const { out, err, io, exit } = context;
  const [
    { ruleAlone },
    { QueryError },
    { LayoutError, DEFAULT_FORMAT },
    { planBacktest, runBacktest },
    { leadOf },
    { partitionsBetween },
  ] = await Promise.all([
    import('./rule-alone.ts'),
    import('../query/query-error.ts'),
    import('../records/layout.ts'),
    import('../query/athena/backtest.ts'),
    import('../query/athena/lead.ts'),
    import('../query/athena/partitions.ts'),
  ]);
  const [{ athenaEngine }, { refusalOf }, text, { renderTerminal }, { coloursFor }] =
    await Promise.all([
      import('../adapters/aws/athena-engine.ts'),
      import('./refusals.ts'),
      import('./backtest-text.ts'),
      import('../alerts/terminal.ts'),
      import('./colours.ts'),
    ]);
  const { rule, snapshot } = await ruleAlone(flags.rules, id, err);
  const { since: given, until: to } = flags;
  const now = Date.now();
  const from = given && Math.floor(sinceWhen(given, now) / 1000);
  const span = { ...(from !== undefined && { from }), ...(to !== undefined && { to }) };
  try {
    const chosen = flags.deployed ? await deployedTable(flags) : flags;
    const { table, format = DEFAULT_FORMAT } = chosen;
    const lead = from === undefined ? 0 : leadOf(rule);
    const partitions =
      flags.deployed && from !== undefined
        ? partitionsBetween(from - lead, to ?? now / 1000)
        : undefined;
    const where = flags.where ?? partitions;
    const options = { table, format, ...span, ...(where !== undefined && { where }) };
    const plan = planBacktest(rule, snapshot, options);
    const engine = athenaEngine({ ...flags, ...chosen });
    const bytes = await engine.estimate(plan.query.sql, io.interrupt);
    for (const line of text.estimateLines(bytes, partitions === undefined ? plan.lead : 0, where))
      await err.line(line);
    if (!flags.yes) {
      await err.line('Nothing was read. --yes runs the query.');
      return;
    }
    const run = {
      engine,
      ...(from !== undefined && { from }),
      stage: flags.stage,
      stop: io.interrupt,
    };
    const result = await runBacktest(plan, rule, snapshot, run);
    const colours = coloursFor(io.stdout, io.env);
    for (const alert of result.alerts) {
      await out.line(flags.json ? JSON.stringify(alert) : `${renderTerminal(alert, colours)}\n`);
    }
    await err.line(text.resultLine(result));
  } catch (error) {
    if (io.interrupt.aborted) return exit(EXIT.interrupted);
    if (error instanceof LayoutError)
      throw new CommandError(EXIT.usage, `--format: ${error.message}`);
    const said = error instanceof QueryError ? error.message : refusalOf(error);
    if (said === undefined) throw error;
    throw new CommandError(EXIT.failed, `The backtest did not run: ${said}`);
  }
}

/** What the stack's outputs say of its table. */
async function deployedTable(
  flags: BacktestFlags,
): Promise<{ readonly table: string; readonly format: string; readonly workgroup: string }> {
  const { AwsDeployment } = await import('./deployment.ts');
  const outputs = await new AwsDeployment(flags).outputs();
  const { AthenaTable: table, AthenaFormat: format, AthenaWorkgroup: workgroup } = outputs;
  if (table === undefined) {
    throw new CommandError(
      EXIT.usage,
      `The stage ${flags.stage} has no table: deploy it with --param="athena=s3://BUCKET/PREFIX".`,
    );
  }
  return { table, format, workgroup };
}
