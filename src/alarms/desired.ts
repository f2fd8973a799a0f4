/** From rules to the alarms that there ought to be. */
import type { CompiledRule, RuleAlarm } from '../rules/compiled.ts';
import { SEVERITIES } from '../rules/compiled.ts';
import {
  type AlarmDefinition,
  type CompositeAlarm,
  type Metric,
  type MetricAlarm,
  NAMESPACE,
  ruleAlarmName,
  severityAlarmName,
} from './definition.ts';
import { ruleAlarmText, severityAlarmText } from './describe.ts';

export interface AlarmOptions {
  readonly stage: string;
  /** ARNs that are told when an alarm begins and when it ends. */
  readonly actions: readonly string[];
  /** One alarm a severity tells, in place of one a rule. */
  readonly composite: boolean;
}

/** Alarms that one composite alarm may look at, and characters that its rule may have. */
const MOST_CHILDREN = 100;
const LONGEST_ALARM_RULE = 10_240;

/** One alarm for each rule in force that has an `alarm:` block, then those of severities. */
export function desiredAlarms(
  rules: readonly CompiledRule[],
  options: AlarmOptions,
): AlarmDefinition[] {
  const alarmed = rules.flatMap((rule) => (rule.alarm ? [{ rule, alarm: rule.alarm }] : []));
  const alarms = alarmed.map(({ rule, alarm }) => ruleAlarm(rule, alarm, options));
  if (!options.composite) return alarms;
  const live = alarmed.map(({ rule }) => rule).filter(({ mode }) => mode === 'live');
  return [...alarms, ...severityAlarms(live, options)];
}

function ruleAlarm(
  rule: CompiledRule,
  alarm: RuleAlarm,
  { stage, actions, composite }: AlarmOptions,
): MetricAlarm {
  return {
    AlarmName: ruleAlarmName(stage, rule.id),
    AlarmDescription: ruleAlarmText(stage, rule, alarm),
    // Shadow rules and signals are watched, and tell nobody.
    ActionsEnabled: rule.mode === 'live' && !composite,
    AlarmActions: actions,
    OKActions: actions,
    EvaluationPeriods: alarm.of,
    DatapointsToAlarm: alarm.periods,
    // Metrics have points only where something happened.
    TreatMissingData: 'notBreaching',
    ...condition(rule, alarm, stage),
  };
}

function condition(
  { id, metric }: CompiledRule,
  alarm: RuleAlarm,
  stage: string,
): Partial<MetricAlarm> & Pick<MetricAlarm, 'ComparisonOperator'> {
  const watched: Metric = {
    Namespace: NAMESPACE,
    MetricName: metric?.name ?? 'Matches',
    Dimensions: [
      { Name: 'Stage', Value: stage },
      { Name: 'Rule', Value: id },
    ],
  };
  const Stat = metric?.value === 'value' ? 'Maximum' : 'Sum';
  if ('above' in alarm) {
    return {
      ...watched,
      Statistic: Stat,
      Period: alarm.period,
      ComparisonOperator: 'GreaterThanThreshold',
      Threshold: alarm.above,
    };
  }
  return {
    ComparisonOperator: 'GreaterThanUpperThreshold',
    // The console knows these ids, and lets a person change the band's model.
    ThresholdMetricId: 'ad1',
    Metrics: [
      {
        Id: 'm1',
        MetricStat: { Metric: watched, Period: alarm.period, Stat },
        ReturnData: true,
      },
      {
        Id: 'ad1',
        Label: `${watched.MetricName} (usual)`,
        Expression: `ANOMALY_DETECTION_BAND(m1, ${alarm.band})`,
        ReturnData: true,
      },
    ],
  };
}

function severityAlarms(
  rules: readonly CompiledRule[],
  { stage, actions }: AlarmOptions,
): CompositeAlarm[] {
  return SEVERITIES.flatMap((severity) => {
    const names = rules
      .filter((rule) => rule.severity === severity)
      .map(({ id }) => ruleAlarmName(stage, id));
    return alarmRules(names).map(({ text, children }, i) => ({
      AlarmName: severityAlarmName(stage, severity, i + 1),
      AlarmDescription: severityAlarmText(stage, severity, children),
      ActionsEnabled: true,
      AlarmActions: actions,
      OKActions: actions,
      AlarmRule: text,
    }));
  });
}

/** As many rules as it takes to name all alarms within the bounds of each. */
function alarmRules(names: readonly string[]): { text: string; children: number }[] {
  const parts: { text: string; children: number }[] = [];
  for (const name of names) {
    const term = `ALARM("${name}")`;
    const last = parts.at(-1);
    const longer = last && `${last.text} OR ${term}`;
    if (last && longer && last.children < MOST_CHILDREN && longer.length <= LONGEST_ALARM_RULE) {
      last.text = longer;
      last.children++;
    } else parts.push({ text: term, children: 1 });
  }
  return parts;
}
