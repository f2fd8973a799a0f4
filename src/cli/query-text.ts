/** What `rules query` prints: the query itself to standard output, how to run it beside it. */
import type { Snapshot } from '../config/snapshot.ts';
import { athenaQueryOf } from '../query/athena/athena.ts';
import { metricFilterOf } from '../query/filter-pattern.ts';
import { insightsQueryOf } from '../query/insights.ts';
import { QueryError } from '../query/query-error.ts';
import type { CompiledRule } from '../rules/compiled.ts';
import { formatDuration } from '../rules/duration.ts';

export interface QueryText {
  readonly lines: readonly string[];
  /** What to do with it, for people. */
  readonly notes: readonly string[];
  readonly json: Readonly<Record<string, unknown>>;
}

interface Asked {
  readonly format: string;
  readonly logGroup?: string;
  readonly table: string;
  readonly where?: string;
}

export function insightsText(rule: CompiledRule, snapshot: Snapshot, { format }: Asked): QueryText {
  const query = insightsQueryOf(rule, format, snapshot);
  return { lines: [query], notes: [], json: { language: 'insights', query } };
}

export function metricFilterText(
  rule: CompiledRule,
  snapshot: Snapshot,
  { format, logGroup = 'YOUR-LOG-GROUP' }: Asked,
): QueryText {
  const found = metricFilterOf(rule, format, snapshot);
  if ('why' in found) {
    throw new QueryError(`the rule ${rule.id} cannot be a metric filter: ${found.why}`);
  }
  const { pattern, namespace, metricName, metricValue, alarm } = found;
  const transformation = `metricName=${metricName},metricNamespace=${namespace},metricValue=${metricValue},defaultValue=0`;
  const command = [
    'aws logs put-metric-filter',
    `--log-group-name ${shellText(logGroup)}`,
    `--filter-name ${shellText(`flowlog-alerts-${rule.id}`)}`,
    `--filter-pattern ${shellText(pattern)}`,
    `--metric-transformations ${shellText(transformation)}`,
  ].join(' \\\n  ');
  return {
    lines: [pattern, '', command],
    notes: [
      `An alarm on the sum of ${metricName} above ${alarm.above} in ${formatDuration(alarm.period)} says what the rule says, of all its groups together.`,
    ],
    json: { language: 'metric-filter', ...found },
  };
}

export function athenaText(
  rule: CompiledRule,
  snapshot: Snapshot,
  { format, table, where }: Asked,
): QueryText {
  const { sql, by, slot } = athenaQueryOf(rule, format, snapshot, {
    table,
    ...(where !== undefined && { where }),
  });
  const whole = 'Without --where on its partitions the query reads the whole table.';
  const groups = by.map((field, i) => `k${i + 1} is ${field}`).join(', ');
  return {
    lines: [sql],
    notes: [...(where === undefined ? [whole] : []), ...(groups ? [`In the rows ${groups}.`] : [])],
    json: { language: 'athena', query: sql, by, slot },
  };
}

/** In single quotes, as a POSIX shell reads them. */
function shellText(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
