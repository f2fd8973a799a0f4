/** Carries out a plan for alarms, call by call. */
import type { Failure } from '../config/failures.ts';
import { type Pace, Paced } from '../config/paced.ts';
import type { AlarmStore } from '../ports/alarm-store.ts';
import { Refusal } from '../ports/refusal.ts';
import { type AlarmDefinition, isComposite } from './definition.ts';
import type { AlarmPlan } from './plan.ts';

/** PutMetricAlarm takes three calls a second from an account and region. */
export const ALARM_GAP_MS = 350;

/** Alarms that one call deletes. */
const MOST_DELETED = 100;

export interface AppliedAlarms {
  /** Alarms put or deleted. */
  readonly done: number;
  readonly failures: readonly Failure[];
  /** Alarms that there was no time for. */
  readonly left: number;
}

/** One that fails does not keep the others back. */
export async function applyAlarms(
  plan: AlarmPlan,
  store: AlarmStore,
  pace: Pace,
): Promise<AppliedAlarms> {
  const paced = new Paced(pace);
  const failures: Failure[] = [];
  let done = 0;
  let left = 0;
  let full: Error | undefined;
  const created = new Set(plan.create);

  const fail = (alarms: readonly AlarmDefinition[], error: Error) =>
    failures.push(...alarms.map(({ AlarmName }) => ({ name: AlarmName, error })));

  for (const alarm of inOrder([...plan.create, ...plan.change.map((change) => change.alarm)])) {
    if (full && created.has(alarm)) {
      fail([alarm], full);
      continue;
    }
    const outcome = await paced.call(() => store.put(alarm));
    if (outcome === undefined) done++;
    else if (outcome === 'late') left++;
    else {
      fail([alarm], outcome);
      if (outcome instanceof Refusal && outcome.reason === 'quota') full = outcome;
    }
  }
  for (const alarms of deletions(plan.delete)) {
    const outcome = await paced.call(() => store.delete(alarms));
    if (outcome === undefined) done += alarms.length;
    else if (outcome === 'late') left += alarms.length;
    else fail(alarms, outcome);
  }
  return { done, failures, left };
}

/** A composite alarm can be made only when those it looks at are there. */
function inOrder(alarms: readonly AlarmDefinition[]): AlarmDefinition[] {
  return [...alarms].sort((a, b) => Number(isComposite(a)) - Number(isComposite(b)));
}

/** Composite alarms go first and one by one, since others may be what they look at. */
function deletions(alarms: readonly AlarmDefinition[]): AlarmDefinition[][] {
  const others = alarms.filter((alarm) => !isComposite(alarm));
  const calls = alarms.filter(isComposite).map((alarm): AlarmDefinition[] => [alarm]);
  for (let start = 0; start < others.length; start += MOST_DELETED) {
    calls.push(others.slice(start, start + MOST_DELETED));
  }
  return calls;
}
