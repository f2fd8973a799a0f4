import type { AlarmStore, StoredAlarm } from '../ports/alarm-store.ts';
import { fieldChanges } from './compare.ts';
import type { AlarmDefinition } from './definition.ts';
import type { ExistingAlarm } from './plan.ts';

/** Questions at once, each a call of its own. */
const AT_ONCE = 4;

/**
 * The alarms under our names, with whose they are. An alarm that is just as it is wanted is not
 * asked about: nothing will be done to it, and a thousand questions an hour would be.
 */
export async function existingAlarms(
  store: AlarmStore,
  desired: readonly AlarmDefinition[],
): Promise<ExistingAlarm[]> {
  const wanted = new Map(desired.map((alarm) => [alarm.AlarmName, alarm]));
  const listed = await store.list();
  const existing: ExistingAlarm[] = [];
  const unsure: StoredAlarm[] = [];
  for (const stored of listed) {
    const alarm = wanted.get(stored.definition.AlarmName);
    if (alarm && fieldChanges(stored.definition, alarm).length === 0) {
      existing.push({ definition: stored.definition, ours: true });
    } else unsure.push(stored);
  }
  for (let start = 0; start < unsure.length; start += AT_ONCE) {
    const some = unsure.slice(start, start + AT_ONCE);
    const answers = await Promise.all(some.map((stored) => store.isOurs(stored)));
    existing.push(...some.map(({ definition }, i) => ({ definition, ours: answers[i] === true })));
  }
  return existing;
}
