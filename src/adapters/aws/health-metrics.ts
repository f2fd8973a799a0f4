/** Numbers of the last minutes that tell how a stage is doing. */
import {
  type CloudWatchClient,
  GetMetricDataCommand,
  type MetricDataQuery,
} from '@aws-sdk/client-cloudwatch';
import type { GroupMetrics, HealthMetrics } from '../../ports/stage-health.ts';
import { filterName } from '../../subscribe/names.ts';

export interface HealthMetricsOptions {
  readonly stage: string;
  readonly functions: readonly string[];
  readonly table: string;
  readonly groups: readonly string[];
  /** Unix ms. */
  readonly now: number;
}

const MINUTE = 60_000;
const QUARTER = 15 * MINUTE;
const HOUR = 60 * MINUTE;
/** Queries of one call. */
const AT_ONCE = 500;

interface Wish {
  readonly metric: readonly [namespace: string, name: string];
  readonly dimensions: Readonly<Record<string, string>>;
  readonly stat: 'Sum' | 'Maximum';
  readonly span: number;
}

export async function readHealthMetrics(
  client: CloudWatchClient,
  { stage, functions, table, groups, now }: HealthMetricsOptions,
): Promise<HealthMetrics> {
  const lambda = (name: string, FunctionName: string, stat: Wish['stat']): Wish => ({
    metric: ['AWS/Lambda', name],
    dimensions: { FunctionName },
    stat,
    span: QUARTER,
  });
  const logs = (name: string, LogGroupName: string, more: Record<string, string> = {}): Wish => ({
    metric: ['AWS/Logs', name],
    dimensions: { LogGroupName, ...more },
    stat: 'Sum',
    span: HOUR,
  });
  const ours = { DestinationType: 'Lambda', FilterName: filterName(stage) };
  const wishes = [
    lambda('IteratorAge', `flowlog-alerts-${stage}-reduce`, 'Maximum'),
    {
      metric: ['AWS/DynamoDB', 'WriteThrottleEvents'],
      dimensions: { TableName: table },
      stat: 'Sum',
      span: HOUR,
    } as const,
    ...functions.map((name) => lambda('Invocations', name, 'Sum')),
    ...groups.flatMap((group) => [
      logs('IncomingLogEvents', group),
      logs('ForwardedLogEvents', group, ours),
      logs('DeliveryErrors', group, ours),
    ]),
  ];
  const [age, throttled, ...rest] = await read(client, wishes, now);
  const invocations = functions.map((name, index) => [name, rest[index] ?? 0] as const);
  const byGroup = groups.map((group, index): [string, GroupMetrics] => {
    const at = functions.length + index * 3;
    const [incoming = 0, forwarded = 0, deliveryErrors = 0] = rest.slice(at, at + 3);
    return [group, { incoming, forwarded, deliveryErrors }];
  });
  return {
    ...(age !== undefined && { iteratorAge: age }),
    ...(throttled !== undefined && { throttledWrites: throttled }),
    invocations: Object.fromEntries(invocations),
    groups: Object.fromEntries(byGroup),
  };
}

/** One value a wish, over its span up to now; undefined where there was no point. */
async function read(
  client: CloudWatchClient,
  wishes: readonly Wish[],
  now: number,
): Promise<(number | undefined)[]> {
  const values: (number | undefined)[] = wishes.map(() => undefined);
  for (const span of [QUARTER, HOUR]) {
    const indices = [...wishes.keys()].filter((index) => wishes[index]?.span === span);
    for (let from = 0; from < indices.length; from += AT_ONCE) {
      const part = indices.slice(from, from + AT_ONCE);
      const MetricDataQueries = part.map((index) => query(wishes[index] as Wish, index));
      // Whole minutes, so that a period is not cut in two.
      const end = Math.ceil(now / MINUTE) * MINUTE;
      let token: string | undefined;
      do {
        const page = await client.send(
          new GetMetricDataCommand({
            MetricDataQueries,
            StartTime: new Date(end - span),
            EndTime: new Date(end),
            ...(token !== undefined && { NextToken: token }),
          }),
        );
        for (const { Id = '', Values = [] } of page.MetricDataResults ?? []) {
          const index = Number(Id.slice(1));
          const { stat } = wishes[index] as Wish;
          for (const value of Values) values[index] = joined(values[index], value, stat);
        }
        token = page.NextToken;
      } while (token !== undefined && token !== '');
    }
  }
  return values;
}

function query({ metric, dimensions, stat, span }: Wish, index: number): MetricDataQuery {
  const [Namespace, MetricName] = metric;
  return {
    Id: `m${index}`,
    MetricStat: {
      Metric: {
        Namespace,
        MetricName,
        Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
      },
      Period: span / 1000,
      Stat: stat,
    },
  };
}

function joined(before: number | undefined, value: number, stat: Wish['stat']): number {
  if (before === undefined) return value;
  return stat === 'Sum' ? before + value : Math.max(before, value);
}
