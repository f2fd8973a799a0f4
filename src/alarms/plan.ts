/** What must happen to the alarms that there are so that they are those that there ought to be. */
import type { CompiledRule } from '../rules/compiled.ts';
import { type FieldChange, fieldChanges } from './compare.ts';
import type { AlarmDefinition } from './definition.ts';
import { desiredAlarms } from './desired.ts';

/** An alarm under our names, and whether it carries the tag of our stage. */
export interface ExistingAlarm {
  readonly definition: AlarmDefinition;
  readonly ours: boolean;
}

export interface AlarmChange {
  readonly alarm: AlarmDefinition;
  readonly fields: readonly FieldChange[];
}

/** Every alarm that is wanted or ours is in one of these, and no other alarm is. */
export interface AlarmPlan {
  readonly create: readonly AlarmDefinition[];
  /** The rule was changed, or somebody changed the alarm. */
  readonly change: readonly AlarmChange[];
  readonly delete: readonly AlarmDefinition[];
  /** Names. */
  readonly unchanged: readonly string[];
  /** Names that are wanted, and taken by an alarm without our tag; it is left alone. */
  readonly conflicts: readonly string[];
}

export function planAlarms(
  desired: readonly AlarmDefinition[],
  existing: readonly ExistingAlarm[],
): AlarmPlan {
  const there = new Map(existing.map((alarm) => [alarm.definition.AlarmName, alarm]));
  const wanted = new Set(desired.map(({ AlarmName }) => AlarmName));
  const create: AlarmDefinition[] = [];
  const change: AlarmChange[] = [];
  const unchanged: string[] = [];
  const conflicts: string[] = [];
  for (const alarm of desired) {
    const found = there.get(alarm.AlarmName);
    if (!found) {
      create.push(alarm);
      continue;
    }
    const fields = fieldChanges(found.definition, alarm);
    if (!found.ours) conflicts.push(alarm.AlarmName);
    else if (fields.length > 0) change.push({ alarm, fields });
    else unchanged.push(alarm.AlarmName);
  }
  const surplus = existing.filter((one) => one.ours && !wanted.has(one.definition.AlarmName));
  return {
    create,
    change,
    delete: surplus.map(({ definition }) => definition),
    unchanged,
    conflicts,
  };
}

/** What the alarms are made from; a compiled configuration has it. */
export interface AlarmSource {
  readonly snapshot: { readonly rules: readonly CompiledRule[] };
  readonly settings: { readonly alarms: { readonly composite: boolean } };
}

/**
 * The plan for a compiled configuration.
 * @param actions ARNs the alarms call: the stage's AlertTopic
 */
export function alarmPlanFor(
  { snapshot, settings }: AlarmSource,
  existing: readonly ExistingAlarm[],
  { stage, actions }: { readonly stage: string; readonly actions: readonly string[] },
): AlarmPlan {
  const { composite } = settings.alarms;
  return planAlarms(desiredAlarms(snapshot.rules, { stage, actions, composite }), existing);
}
