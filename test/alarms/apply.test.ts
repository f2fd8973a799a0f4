import { describe, expect, test } from '@jest/globals';
import { MemoryAlarmStore } from '../../src/adapters/local/memory-alarm-store.ts';
import { ALARM_GAP_MS, applyAlarms } from '../../src/alarms/apply.ts';
import type { AlarmDefinition } from '../../src/alarms/definition.ts';
import { desiredAlarms } from '../../src/alarms/desired.ts';
import { existingAlarms } from '../../src/alarms/existing.ts';
import { planAlarms } from '../../src/alarms/plan.ts';
import { Refusal } from '../../src/ports/refusal.ts';
import { ManualClock } from '../config/manual-clock.ts';
import { alarmed } from './rules.ts';

const OPTIONS = { stage: 'prod', actions: ['arn:topic'], composite: false };
const NOTHING = { create: [], change: [], delete: [], unchanged: [], conflicts: [] };

/** A store that notes its calls with their times, and fails where it is told. */
class Watched extends MemoryAlarmStore {
  readonly calls: string[] = [];
  fail: (name: string, attempt: number) => Error | undefined = () => undefined;
  readonly #clock: ManualClock;
  readonly #attempts = new Map<string, number>();

  constructor(clock: ManualClock) {
    super('prod');
    this.#clock = clock;
  }

  override async put(alarm: AlarmDefinition): Promise<void> {
    this.#note(`put ${short(alarm)}`, alarm.AlarmName);
    return super.put(alarm);
  }

  override async delete(alarms: readonly AlarmDefinition[]): Promise<void> {
    this.#note(`delete ${alarms.map(short)}`, alarms[0]?.AlarmName ?? '');
    return super.delete(alarms);
  }

  #note(call: string, name: string): void {
    this.calls.push(`${this.#clock.now()} ${call}`);
    const attempt = (this.#attempts.get(name) ?? 0) + 1;
    this.#attempts.set(name, attempt);
    const error = this.fail(name, attempt);
    if (error) throw error;
  }
}

const short = ({ AlarmName }: AlarmDefinition) => AlarmName.split('/').slice(2).join('/');
const alarms = (count: number) =>
  desiredAlarms(
    Array.from({ length: count }, (_, i) => alarmed(`r${i}`)),
    OPTIONS,
  );

function world(forMs = 60_000) {
  const clock = new ManualClock(0);
  const store = new Watched(clock);
  return { clock, store, pace: { clock, gap: ALARM_GAP_MS, until: forMs } };
}

describe('carrying out a plan', () => {
  test('makes at most three calls a second', async () => {
    const { store, pace } = world();
    await applyAlarms({ ...NOTHING, create: alarms(4) }, store, pace);
    expect(store.calls).toEqual([
      '0 put rule/r0',
      '350 put rule/r1',
      '700 put rule/r2',
      '1050 put rule/r3',
    ]);
  });

  test('puts composite alarms after, and deletes them before, those they look at', async () => {
    const { store, pace } = world();
    const all = desiredAlarms([alarmed('a'), alarmed('b', { severity: 'low' })], {
      ...OPTIONS,
      composite: true,
    });
    await applyAlarms({ ...NOTHING, create: [...all].reverse(), delete: all }, store, pace);
    expect(store.calls.map((call) => call.replace(/^\d+ /, ''))).toEqual([
      'put rule/b',
      'put rule/a',
      'put severity/medium',
      'put severity/low',
      'delete severity/low',
      'delete severity/medium',
      'delete rule/a,rule/b',
    ]);
  });

  test('deletes a hundred at once', async () => {
    const { store, pace } = world();
    const { done } = await applyAlarms({ ...NOTHING, delete: alarms(101) }, store, pace);
    expect([store.calls.length, done]).toEqual([2, 101]);
  });

  test('goes on after one that fails, and says which and why', async () => {
    const { store, pace } = world();
    const error = new Refusal('invalid', 'ValidationError: no');
    store.fail = (name) => (name.endsWith('r1') ? error : undefined);
    const applied = await applyAlarms({ ...NOTHING, create: alarms(3) }, store, pace);
    const failures = [{ name: 'flowlog-alerts/prod/rule/r1', error }];
    expect(applied).toEqual({ done: 2, failures, left: 0 });
    expect(store.account.size).toBe(2);
  });

  test('waits and tries again where it is throttled, three times in all', async () => {
    const { store, pace } = world();
    store.fail = (name, attempt) =>
      name.endsWith('r1') || attempt < 2 ? new Refusal('throttled', 'slow down') : undefined;
    const applied = await applyAlarms({ ...NOTHING, create: alarms(2) }, store, pace);
    expect(applied).toMatchObject({
      done: 1,
      left: 0,
      failures: [{ error: { reason: 'throttled' } }],
    });
    expect(store.calls).toEqual([
      '0 put rule/r0',
      '2000 put rule/r0',
      '2350 put rule/r1',
      '4350 put rule/r1',
      '8350 put rule/r1',
    ]);
  });

  test('asks for no more alarms once the quota is used up, but changes and deletes', async () => {
    const { store, pace } = world();
    const [first, second, third, old] = alarms(4) as [
      AlarmDefinition,
      AlarmDefinition,
      AlarmDefinition,
      AlarmDefinition,
    ];
    store.fail = (name) => (name.endsWith('r0') ? new Refusal('quota', 'full') : undefined);
    const plan = {
      ...NOTHING,
      create: [first, second],
      change: [{ alarm: third, fields: [] }],
      delete: [old],
    };
    const { done, failures } = await applyAlarms(plan, store, pace);
    expect(failures.map(({ name }) => name)).toEqual([first.AlarmName, second.AlarmName]);
    expect(done).toBe(2);
    expect(store.calls).toHaveLength(3);
  });

  test('stops when its time is over and counts what is left', async () => {
    const { store, pace } = world(700);
    const plan = { ...NOTHING, create: alarms(5), delete: alarms(2) };
    expect(await applyAlarms(plan, store, pace)).toEqual({ done: 3, failures: [], left: 4 });
  });
});

describe('what there is', () => {
  test('is asked for its tag only where something would be done to it', async () => {
    const { store } = world();
    const all = alarms(3);
    for (const alarm of all) await store.put(alarm);
    const asked: string[] = [];
    store.isOurs = async ({ definition }) => {
      asked.push(short(definition));
      return true;
    };
    const [kept, changed] = all as [AlarmDefinition, AlarmDefinition];
    const wanted = [kept, { ...changed, Threshold: 7 } as AlarmDefinition];
    const plan = planAlarms(wanted, await existingAlarms(store, wanted));
    expect(asked).toEqual(['rule/r1', 'rule/r2']);
    expect([plan.unchanged.length, plan.change.length, plan.delete.length]).toEqual([1, 1, 1]);
  });
});
