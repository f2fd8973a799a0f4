/** A plan for alarms as text, a line for each alarm that is touched. */
import { cleanLine, cut } from '../alerts/clean.ts';
import { formatNumber, plural } from '../alerts/english.ts';
import type { AlarmPlan } from './plan.ts';

const LONGEST_VALUE = 60;

/** `+` made, `~` changed with each field from and to, `-` deleted, `!` left alone. */
export function alarmPlanLines(plan: AlarmPlan): string[] {
  return [
    ...plan.create.map(({ AlarmName }) => `+ alarm ${AlarmName}`),
    ...plan.change.map(({ alarm, fields }) => {
      const changes = fields.map(
        ({ field, from, to }) => `${field} ${shown(from)} -> ${shown(to)}`,
      );
      return `~ alarm ${alarm.AlarmName}: ${changes.join(', ')}`;
    }),
    ...plan.delete.map(({ AlarmName }) => `- alarm ${AlarmName}`),
    ...plan.conflicts.map((name) => `! alarm ${name}: ${CONFLICT}`),
  ];
}

/** Why an alarm that is wanted is not made. */
export const CONFLICT =
  'there is one of this name without the tag of this stage; it is left alone, so rename or delete it';

/** `Alarms: 2 made, 1 changed, 0 deleted, 14 unchanged.` */
export function alarmPlanSummary(plan: AlarmPlan): string {
  const { create, change, unchanged, conflicts } = plan;
  const counts = [
    `${formatNumber(create.length)} made`,
    `${formatNumber(change.length)} changed`,
    `${formatNumber(plan.delete.length)} deleted`,
    `${formatNumber(unchanged.length)} unchanged`,
    ...(conflicts.length > 0 ? [plural(conflicts.length, 'conflict')] : []),
  ];
  return `Alarms: ${counts.join(', ')}.`;
}

function shown(value: unknown): string {
  if (value === undefined) return 'none';
  return cut(cleanLine(JSON.stringify(value)), LONGEST_VALUE);
}
