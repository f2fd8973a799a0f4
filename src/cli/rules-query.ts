/** `rules query`: the same rule in the query languages of AWS. */
import type { Command } from 'commander';
import type { Context } from './context.ts';
import { CommandError, EXIT } from './exit.ts';
import { type GlobalOptions, withExample } from './options.ts';

interface QueryOptions extends GlobalOptions {
  readonly insights?: boolean;
  readonly metricFilter?: boolean;
  readonly athena?: boolean;
  readonly rules?: string;
  readonly format?: string;
  readonly logGroup?: string;
  readonly table: string;
  readonly where?: string;
}

/** Adds the verb. */
export function addRulesQuery(rules: Command, context: Context): void {
  const command = rules
    .command('query')
    .summary('say a rule in Logs Insights, as a metric filter or in SQL')
    .description(
      'Print a rule as a Logs Insights query, as a metric filter that needs no function, or as SQL for ' +
        'Athena, over flow logs of any format. What a language cannot say is refused, with the reason.',
    )
    .argument('<id>', 'id of the rule')
    .option('--insights', 'a Logs Insights query that shows its evidence')
    .option('--metric-filter', 'a filter pattern, and the command that makes a metric of it')
    .option('--athena', 'SQL whose rows are its firings')
    .option('--rules <dir>', 'folder of rules; without it, the built-in rules')
    .option('--format <format>', "LogFormat of the logs, or the table's fields; AWS's default")
    .option('--log-group <name>', 'log group in the commands that are printed')
    .option('--table <name>', 'table of the SQL', 'vpc_flow_logs')
    .option('--where <condition>', "condition on the table's partitions, put into the SQL as it is")
    .action(async (id: string) => {
      await queryRule(id, command.optsWithGlobals<QueryOptions>(), context);
    });
  withExample(
    command,
    'flowlog-alerts rules query port-probing --insights',
    'flowlog-alerts rules query telnet-accepted --athena --where "day = \'2026/11/24\'"',
  );
}

async function queryRule(id: string, options: QueryOptions, { out, err }: Context): Promise<void> {
  const chosen = [options.insights, options.metricFilter, options.athena].filter(Boolean);
  if (chosen.length !== 1) {
    throw new CommandError(EXIT.usage, 'Choose one of --insights, --metric-filter and --athena.');
  }
  const [{ ruleAlone }, { QueryError }, { LayoutError, DEFAULT_FORMAT }, text] = await Promise.all([
    import('./rule-alone.ts'),
    import('../query/query-error.ts'),
    import('../records/layout.ts'),
    import('./query-text.ts'),
  ]);
  const { rule, snapshot } = await ruleAlone(options.rules, id, err);
  const asked = { ...options, format: options.format ?? DEFAULT_FORMAT };
  try {
    const said = options.insights
      ? text.insightsText(rule, snapshot, asked)
      : options.athena
        ? text.athenaText(rule, snapshot, asked)
        : text.metricFilterText(rule, snapshot, asked);
    const lines = options.json ? [JSON.stringify({ rule: id, ...said.json })] : said.lines;
    for (const line of lines) await out.line(line);
    if (!options.json) for (const note of said.notes) await err.line(note);
  } catch (error) {
    if (error instanceof LayoutError) {
      throw new CommandError(EXIT.usage, `--format: ${error.message}`);
    }
    if (!(error instanceof QueryError)) throw error;
    const { message } = error;
    throw new CommandError(EXIT.failed, `${message.charAt(0).toUpperCase()}${message.slice(1)}.`);
  }
}
