import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { judge } from '../../../src/reduce/2-decide/episodes.ts';
import { modeAt, promoteBy } from '../../../src/reduce/2-decide/noise.ts';
import { type GroupState, newGroupState, newRuleState } from '../../../src/reduce/state.ts';
import type { CompiledRule } from '../../../src/rules/compiled.ts';
import { aRule, matched } from '../rules.ts';

const HOUR = 3_600;
const DAY = 86_400;
/** Midnight. */
const START = 1_767_225_600;

/** A rule's firings, each in a group of its own unless named. */
function firings(rule: CompiledRule) {
  const memory = newRuleState('', new Map());
  const groups = new Map<string, GroupState>();
  let number = 0;
  return {
    memory,
    at(seconds: number, name = `group ${number++}`, changed: Partial<CompiledRule> = {}): string {
      const group = groups.get(name) ?? newGroupState([name], START);
      groups.set(name, group);
      const slot = START + seconds;
      const one = matched({ ...rule, ...changed });
      return judge({ matched: one, memory, group, slot }, 300, slot + 60).reason;
    },
  };
}

describe('A rule in shadow that may be promoted', () => {
  const rule = aRule({ mode: 'shadow', promote: { after: 72 * HOUR, below: 3 } });

  test('is live once it would have sent fewer than so many in so long', () => {
    const { at } = firings(rule);
    expect([at(0), at(10 * HOUR), at(72 * HOUR - 60)]).toEqual(['shadow', 'shadow', 'shadow']);
    // Three in the first 72 hours; two of them in the 72 hours after the first.
    expect(at(72 * HOUR)).toBe('notified');
  });

  test('stays in shadow while it would have sent as many in every such time', () => {
    const { at } = firings(rule);
    for (let i = 0; i < 30; i++) expect(at(i * 23 * HOUR + 60 * (i % 2))).toBe('shadow');
  });

  test('is live again for good, however much it sends then', () => {
    const { at } = firings(rule);
    at(0);
    for (let minute = 0; minute < 10; minute++) {
      expect(at(80 * HOUR + minute * 60)).toBe('notified');
    }
    expect(at(400 * HOUR)).toBe('notified');
  });

  test('counts an alert once, however long it lasts', () => {
    const { at } = firings(rule);
    for (let minute = 0; minute < 300; minute += 5) expect(at(minute * 60, 'one')).toBe('shadow');
    expect(at(72 * HOUR)).toBe('notified');
  });

  test('begins afresh where it was live or not to be promoted in between', () => {
    const { at } = firings(rule);
    at(0);
    expect(at(HOUR, 'live', { mode: 'live' })).toBe('notified');
    expect(at(73 * HOUR)).toBe('shadow');
    expect(at(145 * HOUR)).toBe('notified');
  });

  test('is promoted by the clock alone where it never fires, and not a second sooner', () => {
    const { memory } = firings(rule);
    expect(promoteBy(rule, memory, START)).toBe(false);
    expect(promoteBy(rule, memory, START + 72 * HOUR - 1)).toBe(false);
    expect(promoteBy(rule, memory, START + 72 * HOUR)).toBe(true);
    expect(modeAt(rule, memory, START + 72 * HOUR)).toBe('live');
    expect(modeAt(rule, memory, START + 72 * HOUR - 60)).toBe('shadow');
  });

  test('without promote never is', () => {
    const { at } = firings(aRule({ mode: 'shadow' }));
    expect([at(0), at(1_000 * HOUR)]).toEqual(['shadow', 'shadow']);
  });

  test('is promoted when, and only when, some such time lies behind it', () => {
    const hours = fc.uniqueArray(fc.nat(300), { minLength: 1, maxLength: 30 });
    fc.assert(
      fc.property(hours, fc.integer({ min: 1, max: 4 }), (given, below) => {
        const after = 24 * HOUR;
        const { at } = firings(aRule({ mode: 'shadow', promote: { after, below } }));
        const times = [...given].sort((a, b) => a - b).map((hour) => hour * HOUR);
        for (const [i, time] of times.entries()) {
          const before = times.slice(0, i);
          // A time that could be quiet ends now, or where one in it has just begun to be over.
          const ends = [time, ...[times[0], ...before].map((one) => one + after)];
          const quiet = ends.some(
            (end) =>
              end <= time &&
              end - after >= times[0] &&
              // One at the very end finds the rule promoted.
              before.filter((one) => one > end - after && one < end).length < below,
          );
          expect([time, at(time)]).toEqual([time, quiet ? 'notified' : 'shadow']);
        }
      }),
    );
  });
});

describe('A rule with a budget', () => {
  const rule = aRule({ budget: { perDay: 3 } });

  test('sends so many a day, and the rest is held', () => {
    const { at, memory } = firings(rule);
    const reasons = [1, 2, 3, 4, 5].map((hour) => at(hour * HOUR));
    expect(reasons).toEqual(['notified', 'notified', 'notified', 'budget', 'budget']);
    expect(memory.noise?.days).toMatchObject([[START, { sent: 3, folded: 2 }]]);
  });

  test('that is kept sends every day as many', () => {
    const { at } = firings(rule);
    for (const day of [0, 1, 2]) {
      for (const hour of [1, 2, 3]) expect(at(day * DAY + hour * HOUR)).toBe('notified');
    }
  });

  test('holds all of the day after one over it, and is open again after one within it', () => {
    const { at } = firings(rule);
    for (const hour of [1, 2, 3, 4]) at(hour * HOUR);
    expect([at(DAY), at(DAY + HOUR), at(DAY + 2 * HOUR)]).toEqual(['budget', 'budget', 'budget']);
    expect(at(2 * DAY)).toBe('notified');
  });

  test('stays held through noisy days, whoever is told of them', () => {
    const { at } = firings(rule);
    for (let day = 0; day < 5; day++) {
      for (let hour = 1; hour < 6; hour++) {
        const told = day === 0 && hour <= 3;
        expect(at(day * DAY + hour * HOUR)).toBe(told ? 'notified' : 'budget');
      }
    }
    // The last day was over the budget, the next has nothing: the one after it is open.
    expect(at(5 * DAY + HOUR)).toBe('budget');
    expect(at(6 * DAY + HOUR)).toBe('notified');
  });

  test('counts an alert that is held once a day, and one that was told not again', () => {
    const { at, memory } = firings(rule);
    for (const hour of [1, 2, 3]) at(hour * HOUR, `told ${hour}`);
    for (let minute = 0; minute < 60; minute += 5) {
      expect(at(5 * HOUR + minute * 60, 'held')).toBe('budget');
    }
    at(3.5 * HOUR, 'told 3');
    expect(memory.noise?.days).toMatchObject([[START, { sent: 3, folded: 1 }]]);
  });

  test('keeps nothing of what storms fold', () => {
    const { at, memory } = firings({ ...rule, storm: 1 });
    expect([at(60), at(120), at(180)]).toEqual(['notified', 'storm', 'storm']);
    expect(memory.noise?.days).toMatchObject([[START, { sent: 1, folded: 0 }]]);
  });

  test('is none where there is none', () => {
    const { at, memory } = firings(aRule());
    for (let hour = 0; hour < 20; hour++) expect(at(hour * HOUR)).toBe('notified');
    expect(memory.noise).toBeUndefined();
  });
});
