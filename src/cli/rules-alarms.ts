/** What a change of rules does to their alarms. */

import { desiredAlarms } from '../alarms/desired.ts';
import { type AlarmPlan, type AlarmSource, alarmPlanFor } from '../alarms/plan.ts';
import { alarmPlanLines } from '../alarms/plan-text.ts';

export function alarmLines(before: AlarmSource, after: AlarmSource, stage: string): string[] {
  return alarmPlanLines(planOf(before, after, stage));
}

export function alarmJson(before: AlarmSource, after: AlarmSource, stage: string): string[] {
  const { create, change, delete: deleted } = planOf(before, after, stage);
  const line = (alarm: string, action: string) => JSON.stringify({ kind: 'alarm', alarm, action });
  return [
    ...create.map(({ AlarmName }) => line(AlarmName, 'create')),
    ...change.map(({ alarm }) => line(alarm.AlarmName, 'change')),
    ...deleted.map(({ AlarmName }) => line(AlarmName, 'delete')),
  ];
}

/** The alarms that there ought to be before and after; whom they tell is no part of the rules. */
function planOf(before: AlarmSource, after: AlarmSource, stage: string): AlarmPlan {
  const { composite } = before.settings.alarms;
  const existing = desiredAlarms(before.snapshot.rules, { stage, actions: [], composite });
  return alarmPlanFor(
    after,
    existing.map((definition) => ({ definition, ours: true })),
    { stage, actions: [] },
  );
}
