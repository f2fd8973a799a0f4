import { describe, expect, test } from '@jest/globals';
import { fieldChanges } from '../../src/alarms/compare.ts';
import type { AlarmDefinition } from '../../src/alarms/definition.ts';
import { desiredAlarms } from '../../src/alarms/desired.ts';
import { planAlarms } from '../../src/alarms/plan.ts';
import type { AlarmStore, StoredAlarm } from '../../src/ports/alarm-store.ts';
import { alarmed } from '../alarms/rules.ts';

export interface AlarmStoreContract {
  readonly name: string;
  /** The store of a stage that has no alarm yet, in an account that may hold others. */
  make(): Promise<{
    readonly stage: string;
    readonly store: AlarmStore;
    /** Somebody else makes an alarm, without the tag of the stage. */
    readonly foreign: (alarm: AlarmDefinition) => Promise<void>;
  }>;
}

const TOPIC = 'arn:aws:sns:eu-west-1:123456789012:alerts';

/** What every store of alarms must do; run it on each implementation. */
export function runContract({ name, make }: AlarmStoreContract): void {
  describe(`${name} keeps the contract of a store of alarms`, () => {
    const RULES = [
      alarmed('static'),
      alarmed('own', { metric: { name: 'Bytes', value: { sum: 'bytes' } } }),
      alarmed('band', { alarm: { band: 2.5, period: 300, periods: 2, of: 3 }, mode: 'shadow' }),
    ];
    const alarmsOf = (stage: string, composite = false) =>
      desiredAlarms(RULES, { stage, actions: [TOPIC], composite });
    const names = (alarms: readonly StoredAlarm[]) =>
      alarms.map(({ definition }) => definition.AlarmName).sort();

    test('what was put is listed as it was put, every kind of alarm', async () => {
      const { stage, store } = await make();
      expect(await store.list()).toEqual([]);
      const alarms = alarmsOf(stage);
      for (const alarm of alarms) await store.put(alarm);
      const listed = await store.list();
      const existing = listed.map(({ definition }) => ({ definition, ours: true }));
      expect(planAlarms(alarms, existing)).toEqual({
        create: [],
        change: [],
        delete: [],
        unchanged: alarms.map(({ AlarmName }) => AlarmName),
        conflicts: [],
      });
    });

    test('a second put replaces all of it', async () => {
      const { stage, store } = await make();
      const [alarm, , band] = alarmsOf(stage) as [AlarmDefinition, unknown, AlarmDefinition];
      await store.put(alarm);
      const other = { ...band, AlarmName: alarm.AlarmName };
      await store.put(other);
      const [stored] = await store.list();
      expect(fieldChanges(stored?.definition as AlarmDefinition, other)).toEqual([]);
    });

    test('an alarm is ours when it was put here, and not when somebody else made it', async () => {
      const { stage, store, foreign } = await make();
      const [alarm, other] = alarmsOf(stage) as [AlarmDefinition, AlarmDefinition];
      await store.put(alarm);
      await foreign(other);
      for (const stored of await store.list()) {
        expect(await store.isOurs(stored)).toBe(stored.definition.AlarmName === alarm.AlarmName);
      }
    });

    test('alarms of other names, the service itself among them, are not listed', async () => {
      const { stage, store, foreign } = await make();
      const [alarm] = alarmsOf(stage) as [AlarmDefinition];
      for (const AlarmName of [
        `flowlog-alerts/${stage}/service/logs-errors`,
        `flowlog-alerts/${stage}x/rule/static`,
        `mine/${stage}`,
      ]) {
        await foreign({ ...alarm, AlarmName });
      }
      expect(await store.list()).toEqual([]);
    });

    test('what was deleted is gone, and deleting what is gone is no error', async () => {
      const { stage, store } = await make();
      const alarms = alarmsOf(stage);
      for (const alarm of alarms) await store.put(alarm);
      const [first, ...others] = alarms as [AlarmDefinition, ...AlarmDefinition[]];
      await store.delete([first]);
      expect(names(await store.list())).toEqual(others.map(({ AlarmName }) => AlarmName).sort());
      await store.delete(alarms);
      expect(await store.list()).toEqual([]);
    });
  });
}
