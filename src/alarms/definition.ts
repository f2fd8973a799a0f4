/**
 * CloudWatch alarms in AWS's own words: what PutMetricAlarm and PutCompositeAlarm take, and what
 * DescribeAlarms gives back. Plain data; no AWS client is needed to plan with it.
 */

export interface Metric {
  readonly Namespace: string;
  readonly MetricName: string;
  readonly Dimensions: readonly { readonly Name: string; readonly Value: string }[];
}

/** One line of metric math. */
export interface MetricQuery {
  readonly Id: string;
  readonly Label?: string;
  readonly Expression?: string;
  readonly MetricStat?: { readonly Metric: Metric; readonly Period: number; readonly Stat: string };
  readonly ReturnData?: boolean;
}

interface AnyAlarm {
  readonly AlarmName: string;
  readonly AlarmDescription?: string;
  readonly ActionsEnabled?: boolean;
  readonly AlarmActions?: readonly string[];
  readonly OKActions?: readonly string[];
  readonly InsufficientDataActions?: readonly string[];
}

/** An alarm on one metric, by a threshold or by a band around what is usual. */
export interface MetricAlarm extends AnyAlarm, Partial<Metric> {
  readonly Statistic?: string;
  /** Seconds. */
  readonly Period?: number;
  readonly Threshold?: number;
  readonly Metrics?: readonly MetricQuery[];
  readonly ThresholdMetricId?: string;
  readonly ComparisonOperator: string;
  readonly EvaluationPeriods: number;
  readonly DatapointsToAlarm?: number;
  readonly TreatMissingData?: string;
}

/** An alarm on other alarms. */
export interface CompositeAlarm extends AnyAlarm {
  readonly AlarmRule: string;
}

export type AlarmDefinition = MetricAlarm | CompositeAlarm;

export function isComposite(alarm: AlarmDefinition): alarm is CompositeAlarm {
  return 'AlarmRule' in alarm;
}

/** Carried, with the stage for its value, by every alarm that is made from rules. */
export const STAGE_TAG = 'flowlog-alerts:stage';

/** Of the namespace that the reducer publishes to. */
export const NAMESPACE = 'FlowlogAlerts';

export const ruleAlarmName = (stage: string, rule: string): string =>
  `${alarmPrefixes(stage)[0]}${rule}`;

/** @param part from 1, where one alarm does not hold all of a severity */
export function severityAlarmName(stage: string, severity: string, part: number): string {
  return `${alarmPrefixes(stage)[1]}${severity}${part === 1 ? '' : `-${part}`}`;
}

/** What names of alarms made from rules, and from severities, begin with. */
export function alarmPrefixes(stage: string): readonly [string, string] {
  return [`flowlog-alerts/${stage}/rule/`, `flowlog-alerts/${stage}/severity/`];
}
