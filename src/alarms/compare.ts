/** Whether two alarms are the same, as CloudWatch sees it. */
import type { AlarmDefinition } from './definition.ts';

/** Values as JSON shows them. */
export interface FieldChange {
  readonly field: string;
  readonly from: unknown;
  readonly to: unknown;
}

/** What an alarm is beside its name, state and times. */
export const ALARM_FIELDS = [
  'AlarmDescription',
  'AlarmRule',
  'Namespace',
  'MetricName',
  'Dimensions',
  'Statistic',
  'ExtendedStatistic',
  'Unit',
  'Metrics',
  'Period',
  'EvaluationPeriods',
  'DatapointsToAlarm',
  'ComparisonOperator',
  'Threshold',
  'ThresholdMetricId',
  'TreatMissingData',
  'EvaluateLowSampleCountPercentile',
  'ActionsEnabled',
  'AlarmActions',
  'OKActions',
  'InsufficientDataActions',
  'ActionsSuppressor',
] as const;

/** Fields in which they differ; what one leaves to its default is the default. */
export function fieldChanges(before: AlarmDefinition, after: AlarmDefinition): FieldChange[] {
  return ALARM_FIELDS.flatMap((field) => {
    const [from, to] = [before, after].map((alarm) => canonical(withDefaults(alarm)[field]));
    return JSON.stringify(from) === JSON.stringify(to) ? [] : [{ field, from, to }];
  });
}

type Fields = Readonly<Partial<Record<(typeof ALARM_FIELDS)[number], unknown>>>;

function withDefaults(alarm: AlarmDefinition): Fields {
  const fields: Fields = alarm;
  const { EvaluationPeriods, DatapointsToAlarm = EvaluationPeriods } = fields;
  const { ActionsEnabled = true, TreatMissingData } = fields;
  // `missing` is what CloudWatch does where nothing is said.
  const missing = TreatMissingData === 'missing' ? undefined : TreatMissingData;
  return { ...fields, DatapointsToAlarm, ActionsEnabled, TreatMissingData: missing };
}

/** Without what says nothing; lists and members in one order, since CloudWatch keeps none. */
function canonical(value: unknown): unknown {
  if (value === null || value === '') return undefined;
  if (Array.isArray(value)) {
    const items = value.map(canonical).map((item) => [JSON.stringify(item), item] as const);
    if (items.length === 0) return undefined;
    return items.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)).map(([, item]) => item);
  }
  if (typeof value !== 'object' || value === undefined) return value;
  const members = Object.entries(value)
    .map(([key, member]) => [key, canonical(member)] as const)
    .filter(([, member]) => member !== undefined);
  return Object.fromEntries(members.sort(([a], [b]) => (a < b ? -1 : 1)));
}
