/** What an alarm says of itself, to a person whom it has woken. */
import { cleanLine, cut } from '../alerts/clean.ts';
import { formatDuration, formatNumber, plural } from '../alerts/english.ts';
import type { CompiledRule, RuleAlarm, RuleMetric, Severity } from '../rules/compiled.ts';

/** CloudWatch takes so many characters. */
const LONGEST = 1_024;

/** Room that what to do and where it comes from may take; a longer runbook address is left out. */
const LONGEST_RUNBOOK = 500;

/** At most 1,024 characters; the rule's own description is cut first. */
export function ruleAlarmText(stage: string, rule: CompiledRule, alarm: RuleAlarm): string {
  const { id, title, severity, description, runbook } = rule;
  const head = `${cut(cleanLine(title), 200)} (${severity}). ${breachWords(alarm, rule.metric)}`;
  const todo =
    runbook !== undefined && runbook.length <= LONGEST_RUNBOOK
      ? `What to do: ${cleanLine(runbook)}`
      : `What to do: flowlog-alerts alerts --stage ${stage} --rule ${id} shows what it found.`;
  const origin = `Made from the rule ${id}: change the rule, not the alarm.`;
  const rest = [todo, origin].join('\n');
  const room = LONGEST - head.length - rest.length - 2;
  const why = description === undefined ? '' : cut(cleanLine(description), Math.max(0, room));
  return [head, why, rest].filter((text) => text !== '').join('\n');
}

export function severityAlarmText(stage: string, severity: Severity, rules: number): string {
  return [
    `At least one of ${plural(rules, 'rule')} of severity ${severity} is in alarm.`,
    `What to do: see which alarms under flowlog-alerts/${stage}/rule/ are on; each says what to do.`,
    'Made from the setting alarms.composite: change the setting, not the alarm.',
  ].join('\n');
}

/** `Goes on when ...`, as a sentence. */
function breachWords(alarm: RuleAlarm, metric: RuleMetric | undefined): string {
  const what = metricWords(metric);
  const limit =
    'band' in alarm
      ? `more ${what} than usual (a band of ${formatNumber(alarm.band)} deviations)`
      : `more than ${formatNumber(alarm.above)} ${what}`;
  return `Goes on at ${limit} ${periodWords(alarm)}.`;
}

function metricWords(metric: RuleMetric | undefined): string {
  if (metric === undefined) return 'matching records';
  const value =
    metric.value === 'count'
      ? 'matching records'
      : metric.value === 'value'
        ? "as a window's greatest value"
        : `${metric.value.sum} of matching records`;
  return `${value} (${metric.name})`;
}

function periodWords({ period, periods, of }: RuleAlarm): string {
  const length = formatDuration(period);
  if (of === 1) return `within ${length}`;
  const each = `in each of ${formatNumber(periods)} periods of ${length}`;
  return periods === of ? `${each} in a row` : `${each}, of ${formatNumber(of)} in a row`;
}
