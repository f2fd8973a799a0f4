/** A plan of subscriptions, as `subscribe` prints it. */
import { cleanLine } from '../alerts/clean.ts';
import { plural } from '../alerts/english.ts';
import type { Colours } from '../alerts/terminal.ts';
import type { FlowLog } from '../ports/flow-log-inventory.ts';
import { DEFAULT_FORMAT, LayoutError, parseLayout } from '../records/layout.ts';
import { ROLE_UNKNOWN } from '../subscribe/create-flow-logs.ts';
import type { RegionPlan } from '../subscribe/plan.ts';
import type { GroupPlan, Verdict } from '../subscribe/plan-group.ts';
import { renderTable } from './table.ts';

const COLUMNS = ['', 'log group', 'format', 'every', 'traffic', ''].map((title) => ({ title }));

const PAINTS: Readonly<Record<Verdict, keyof Colours>> = {
  subscribe: 'cyan',
  update: 'yellow',
  subscribed: 'green',
  'left alone': 'dim',
  cannot: 'red',
};

export function planLines(plan: RegionPlan, colours: Colours): string[] {
  const { groups } = plan;
  const lines = [colours.bold(plan.region)];
  if (groups.length === 0) lines.push('  No log group with flow logs.');
  else {
    const [head = '', ...rows] = renderTable(COLUMNS, groups.map(row));
    lines.push(`  ${colours.dim(head)}`);
    for (const [index, text] of rows.entries()) {
      const { verdict, mend } = groups[index] as GroupPlan;
      lines.push(
        `  ${colours[PAINTS[verdict]](text.slice(0, verdict.length))}${text.slice(verdict.length)}`,
      );
      if (mend !== undefined) lines.push(`      -> ${cleanLine(mend)}`);
    }
  }
  return [...lines, ...notes(plan, colours)];
}

function row({ verdict, group, formats, interval, traffic, reason }: GroupPlan): string[] {
  return [
    verdict,
    cleanLine(group),
    formats.map(formatName).join(' or ') || '-',
    interval === undefined ? '-' : `${interval} s`,
    traffic.join(', ') || '-',
    cleanLine(reason),
  ];
}

function formatName(format: string): string {
  if (format === DEFAULT_FORMAT) return 'default';
  try {
    return plural(parseLayout(format).fields.length, 'field');
  } catch (error) {
    if (error instanceof LayoutError) return 'unreadable';
    throw error;
  }
}

function notes({ elsewhere, failing, twice, uncovered }: RegionPlan, colours: Colours): string[] {
  const lines: string[] = [];
  const section = (title: string, entries: readonly string[]) => {
    if (entries.length > 0)
      lines.push('', `  ${colours.bold(title)}`, ...entries.map((e) => `    ${e}`));
  };
  section('Not delivered', failing.map(failingLine));
  section(
    'Recorded twice, so that every record counts twice',
    twice.map(
      ({ first, second, groups }) =>
        `${named(first)} and ${named(second)}, in ${groups.join(' and ')}: delete one of them`,
    ),
  );
  section('Not in a log group', elsewhere.map(elsewhereLine));
  section(
    'Without a flow log',
    uncovered.flatMap(({ vpc, name, subnets, command }) => [
      `${vpc}${name === undefined ? '' : ` (${cleanLine(name)})`}${subnets.length === 0 ? '' : `: ${plural(subnets.length, 'subnet')} of it`}`,
      `  ${command}`,
    ]),
  );
  if (uncovered.some(({ command }) => command.includes(ROLE_UNKNOWN))) {
    lines.push(
      `    ${ROLE_UNKNOWN} is a role that vpc-flow-logs.amazonaws.com may assume, with logs:CreateLogGroup, CreateLogStream,`,
      '    PutLogEvents, DescribeLogGroups and DescribeLogStreams. Give the new group a retention too: aws logs put-retention-policy',
    );
  }
  return lines;
}

function named({ id, resource }: FlowLog): string {
  return `${id} of ${resource}`;
}

function failingLine(flowLog: FlowLog): string {
  const { destination, failure = '' } = flowLog;
  const where = destination.kind === 'log-group' ? destination.group : destination.arn;
  return `${named(flowLog)} to ${where}: ${cleanLine(failure)}${adviceOn(failure)}`;
}

function adviceOn(failure: string): string {
  if (/access/i.test(failure)) return ' (its role may not write there, or the group is gone)';
  return /rate/i.test(failure) ? ' (the account writes more than CloudWatch Logs takes)' : '';
}

function elsewhereLine(flowLog: FlowLog): string {
  const { destination } = flowLog;
  const arn = destination.kind === 'log-group' ? '' : destination.arn;
  const reader =
    destination.kind === 's3'
      ? 'files in S3 are read by the function objects, in a later version'
      : 'Firehose and Kinesis are read by the function stream, in a later version';
  return `${named(flowLog)} to ${arn}: ${reader}`;
}

/** Counts of verdicts, and what to do next. */
export function summaryLine(plans: readonly RegionPlan[], applied: boolean): string {
  const groups = plans.flatMap((plan) => plan.groups);
  const count = (verdict: Verdict) => groups.filter((group) => group.verdict === verdict).length;
  const open = count('subscribe') + count('update');
  const parts = [
    `${count('subscribe')} to subscribe`,
    `${count('update')} to put right`,
    `${count('subscribed') + count('left alone')} subscribed`,
    `${count('cannot')} that cannot be`,
  ];
  const next = applied || open === 0 ? '' : ' Nothing was changed: --apply does it.';
  return `${plural(groups.length, 'log group')}: ${parts.join(', ')}.${next}`;
}
