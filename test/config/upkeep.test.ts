import { beforeEach, describe, expect, test } from '@jest/globals';
import { MemoryAlarmStore } from '../../src/adapters/local/memory-alarm-store.ts';
import { MemoryMetricSink } from '../../src/adapters/local/memory-metric-sink.ts';
import { MemorySavedQueryStore } from '../../src/adapters/local/memory-saved-query-store.ts';
import type { AlarmDefinition, MetricAlarm } from '../../src/alarms/definition.ts';
import { reconcile } from '../../src/config/reconcile.ts';
import { Refusal } from '../../src/ports/refusal.ts';
import { ManualClock } from './manual-clock.ts';
import { onPort, tree } from './trees.ts';
import { MemoryText } from './versioned-texts.ts';

const TOPIC = 'arn:aws:sns:eu-west-1:123456789012:alerts';
const ALARM = 'alarm: { above: 3 }';
const SSH = 'flowlog-alerts/prod/rule/ssh';
const HOUR = 3_600_000;

/** Every call to either store, in order. */
class World {
  texts: Record<string, string> = { 'rules/ssh': onPort(22, ALARM) };
  flowLogs: Record<string, object> = {};
  formats: Record<string, string[]> = {};
  readonly calls: string[] = [];
  readonly notices: string[] = [];
  readonly logged: string[] = [];
  readonly clock = new ManualClock();
  readonly alarms = new MemoryAlarmStore('prod');
  readonly queries = new MemorySavedQueryStore('prod');
  readonly snapshot = new MemoryText();
  readonly state = new MemoryText();
  /** Throws where a call shall fail. */
  before: (call: string) => void = () => undefined;

  constructor() {
    for (const [what, store] of Object.entries({ alarms: this.alarms, queries: this.queries })) {
      for (const name of ['list', 'isOurs', 'put', 'delete'] as const) {
        const target = store as unknown as Record<string, (...all: unknown[]) => Promise<unknown>>;
        const original = target[name]?.bind(store);
        if (!original) continue;
        target[name] = async (...all) => {
          this.calls.push(`${what} ${name}`);
          this.before(`${what} ${name}`);
          return original(...all);
        };
      }
    }
  }

  /** One run. @returns the calls it made */
  async run(): Promise<string[]> {
    this.calls.length = 0;
    await reconcile(
      {
        config: { read: async () => tree(this.texts) },
        catalog: { describe: async () => ({ formats: this.formats, flowLogs: this.flowLogs }) },
        snapshot: this.snapshot,
        state: this.state,
        owner: { publish: async (_, text) => void this.notices.push(text) },
        metrics: new MemoryMetricSink(),
        log: (level, event) => this.logged.push(`${level} ${event}`),
        upkeep: {
          alarms: this.alarms,
          queries: this.queries,
          sleep: (ms) => this.clock.sleep(ms),
          alarmActions: [TOPIC],
          queryOf: (rule, format) =>
            rule.id === 'beyond' ? undefined : `${rule.id} in ${format.split(' ').length} fields`,
        },
      },
      { stage: 'prod', builtin: [], now: () => this.clock.now() },
    );
    return [...this.calls];
  }

  alarm(name = SSH): MetricAlarm | undefined {
    return this.alarms.account.get(name)?.definition as MetricAlarm | undefined;
  }

  savedQueries(): Record<string, string> {
    return Object.fromEntries(
      [...this.queries.account.values()].map(({ name, text }) => [name, text]),
    );
  }
}

let world: World;

beforeEach(() => {
  world = new World();
});

describe('alarms of rules', () => {
  test('follow their rules: made, changed, deleted', async () => {
    await world.run();
    expect(world.alarm()).toMatchObject({ Threshold: 3, AlarmActions: [TOPIC] });
    world.texts['rules/ssh'] = onPort(22, 'alarm: { above: 4 }');
    await world.run();
    expect(world.alarm()?.Threshold).toBe(4);
    world.texts['rules/ssh'] = onPort(22);
    await world.run();
    expect(world.alarm()).toBeUndefined();
  });

  test('go with a rule that is disabled, and stay with the last good version of a bad one', async () => {
    await world.run();
    world.texts['rules/ssh'] = 'match: { dsport: 1 }\nalarm: { above: 9 }';
    await world.run();
    expect(world.alarm()?.Threshold).toBe(3);
    world.texts['rules/ssh'] = onPort(22, `${ALARM}\nenabled: false`);
    await world.run();
    expect(world.alarm()).toBeUndefined();
  });

  test('are not asked about again within an hour in which nothing changed', async () => {
    expect(await world.run()).toContain('alarms list');
    world.texts['lists/x'] = 'values: [10.0.0.0/8]';
    for (let minutes = 0; minutes < 55; minutes += 5) {
      await world.clock.sleep(300_000);
      expect(await world.run()).toEqual([]);
    }
    expect(world.state.saves).toBeLessThanOrEqual(3);
    await world.clock.sleep(HOUR);
    expect(await world.run()).toEqual(['alarms list', 'queries list']);
  });

  test('are put right within the hour when somebody changes or deletes them', async () => {
    await world.run();
    const alarm = world.alarm() as MetricAlarm;
    world.alarms.account.set(SSH, { definition: { ...alarm, Threshold: 99 }, stage: 'prod' });
    await world.clock.sleep(HOUR);
    await world.run();
    expect(world.alarm()?.Threshold).toBe(3);
    world.alarms.account.delete(SSH);
    await world.clock.sleep(HOUR);
    await world.run();
    expect(world.alarm()?.Threshold).toBe(3);
  });

  test('that somebody else made are left alone, and the owner is told once', async () => {
    const foreign = { AlarmName: SSH, Threshold: 1 } as unknown as AlarmDefinition;
    const other = { AlarmName: 'flowlog-alerts/prod/rule/other' } as unknown as AlarmDefinition;
    world.alarms.account.set(SSH, { definition: foreign });
    world.alarms.account.set(other.AlarmName, { definition: other });
    await world.run();
    await world.clock.sleep(HOUR);
    await world.run();
    await world.run();
    expect(world.alarm()).toEqual(foreign);
    expect(world.alarm(other.AlarmName)).toEqual(other);
    expect(world.notices).toHaveLength(1);
    expect(world.notices[0]).toContain(`alarms: ${SSH}: there is one of this name without the tag`);
    world.alarms.account.delete(SSH);
    await world.clock.sleep(HOUR);
    await world.run();
    expect(world.alarm()?.Threshold).toBe(3);
    expect(world.notices[1]).toContain('No longer in error (mended or removed):\n\nalarms');
  });

  test('that cannot be made do not undo the snapshot, and are tried again by the next run', async () => {
    world.before = (call) => {
      if (call === 'alarms put') throw new Refusal('denied', 'AccessDenied: with an id');
    };
    await world.run();
    await world.run();
    expect(world.snapshot.text).toContain('"ssh"');
    expect(world.notices).toHaveLength(1);
    expect(world.notices[0]).toContain(`alarms: ${SSH}: the function reconcile may not do this`);
    expect(world.logged).toContain('error reconcile.upkeep-failed');
    world.before = () => undefined;
    await world.run();
    expect(world.alarm()).toBeDefined();
    expect(await world.run()).toEqual([]);
  });

  test('that cannot even be listed are no reason to fail, nor to say that all is well', async () => {
    world.before = (call) => {
      if (call === 'alarms list') throw new Refusal('denied', 'AccessDenied');
    };
    await world.run();
    world.before = (call) => {
      if (call === 'alarms list') throw new Error('socket hang up');
    };
    await world.run();
    expect(world.notices).toHaveLength(1);
    expect(world.savedQueries()).toHaveProperty('flowlog-alerts/prod/ssh');
  });

  test('that there was no time for are made by the next runs', async () => {
    world.texts = Object.fromEntries(
      Array.from({ length: 200 }, (_, i) => [`rules/r${i}`, onPort(i + 1, ALARM)]),
    );
    await world.run();
    expect(world.alarms.account.size).toBeLessThan(200);
    expect(world.alarms.account.size).toBeGreaterThan(100);
    await world.run();
    expect(world.alarms.account.size).toBe(200);
    expect(world.notices).toEqual([]);
  });

  test('tell by severity where settings ask for it', async () => {
    world.texts.settings = 'alarms: { composite: true }';
    await world.run();
    expect(world.alarm()?.ActionsEnabled).toBe(false);
    const severity = 'flowlog-alerts/prod/severity/medium';
    expect(world.alarm(severity)).toMatchObject({ AlarmRule: `ALARM("${SSH}")` });
    world.texts.settings = 'alarms: {}';
    await world.run();
    expect(world.alarm()?.ActionsEnabled).toBe(true);
    expect(world.alarm(severity)).toBeUndefined();
  });
});

describe('saved queries', () => {
  const FOLDER = 'flowlog-alerts/prod';

  test('are one for each rule in force that a query can express, and two over decisions', async () => {
    world.texts['rules/beyond'] = onPort(1);
    await world.run();
    expect(Object.keys(world.savedQueries()).sort()).toEqual([
      `${FOLDER}/decisions/not-sent`,
      `${FOLDER}/decisions/sent`,
      `${FOLDER}/ssh`,
      `${FOLDER}/test-alert`,
    ]);
  });

  test('read the format that most log groups have, and name those groups', async () => {
    world.formats = {
      '/a': ['${srcaddr} ${dstport}'],
      '/b': ['${dstport} ${srcaddr} ${action}'],
      '/c': ['${dstport} ${srcaddr} ${action}'],
    };
    world.flowLogs = { '/a': {}, '/b': {}, '/c': {}, '/default': {} };
    await world.run();
    const query = [...world.queries.account.values()].find(({ name }) => name === `${FOLDER}/ssh`);
    expect(query).toMatchObject({ text: 'ssh in 3 fields', logGroups: ['/b', '/c'] });
  });

  test('follow rules and formats under the id they have, and only those that differ', async () => {
    await world.run();
    const ids = [...world.queries.account.keys()];
    world.formats = { '/a': ['${srcaddr} ${dstport}'] };
    world.flowLogs = { '/a': {} };
    const calls = await world.run();
    expect(calls.filter((call) => call === 'queries put')).toHaveLength(2);
    expect(world.savedQueries()[`${FOLDER}/ssh`]).toBe('ssh in 2 fields');
    expect([...world.queries.account.keys()]).toEqual(ids);
  });

  test('go with their rules, doubles too; others of the account stay', async () => {
    await world.run();
    const [, query] = [...world.queries.account][0] ?? [];
    if (!query) throw new Error('There is no query');
    world.queries.account.set('double', query);
    world.queries.account.set('mine', { name: 'mine', text: 'x', logGroups: [] });
    world.texts = {};
    await world.run();
    const names = [...world.queries.account.values()].map(({ name }) => name);
    expect(names.sort()).toEqual([
      `${FOLDER}/decisions/not-sent`,
      `${FOLDER}/decisions/sent`,
      `${FOLDER}/test-alert`,
      'mine',
    ]);
  });

  test('go when settings say so', async () => {
    await world.run();
    world.texts.settings = 'queries: false';
    await world.run();
    expect(world.savedQueries()).toEqual({});
    expect(await world.run()).toEqual([]);
  });

  test('that the account has no room for are told once', async () => {
    world.before = (call) => {
      if (call === 'queries put') throw new Refusal('quota', 'LimitExceededException');
    };
    const calls = await world.run();
    expect(calls.filter((call) => call === 'queries put')).toHaveLength(1);
    await world.run();
    expect(world.notices).toHaveLength(1);
    expect(world.notices[0]).toContain('quota of saved queries is used up');
  });
});
