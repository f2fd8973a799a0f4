import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { NOTHING } from '../../../src/detect/parts.ts';
import { recordsIn } from '../../../src/detect/totals.ts';
import { mergeGroup } from '../../../src/reduce/1-merge/group-memory.ts';
import { windowsDue, windowsWith } from '../../../src/reduce/2-decide/windows.ts';
import { type GroupState, newGroupState } from '../../../src/reduce/state.ts';
import type { CompiledRule } from '../../../src/rules/compiled.ts';
import { NOON } from '../flows.ts';
import { aCount, aRule, matched } from '../rules.ts';

function aGroup(
  records: readonly (readonly [minute: number, records: number, sum?: number])[],
): GroupState {
  const group = newGroupState([], NOON);
  for (const [minute, count, sum = 0] of records) {
    const slot = NOON + minute * 60;
    const digest = { slot, values: [], records: count, bytes: 0, packets: 0, sum };
    const rest = { first: slot, last: slot, samples: [], top: {}, part: [] };
    mergeGroup(group, { ...digest, ...rest }, 0, 0, NOTHING);
  }
  return group;
}

/** Windows as [end, value], in minutes. */
function windows(rule: CompiledRule, group: GroupState, changed: number): [number, number][] {
  const found = [...windowsWith(matched(rule), group, NOON + changed * 60)];
  return found.map(({ end, slots }) => [(end - NOON) / 60, recordsIn(slots)]);
}

const FIVE = aCount(0, 300);

describe('windowsWith', () => {
  test('a window is what lies in n slots up to its end', () => {
    const group = aGroup([
      [0, 1],
      [1, 10],
      [5, 100],
    ]);
    expect(windows(FIVE, group, 5)).toEqual([[5, 110]]);
  });

  test('a slot that grows late tells of every window that holds it', () => {
    const group = aGroup([
      [0, 1],
      [2, 10],
      [4, 100],
      [6, 1_000],
      [7, 10_000],
    ]);
    expect(windows(FIVE, group, 2)).toEqual([
      [2, 11],
      [4, 111],
      [6, 1_110],
    ]);
  });

  test('windows end in slots with records only', () => {
    expect(
      windows(
        FIVE,
        aGroup([
          [0, 1],
          [3, 1],
        ]),
        0,
      ),
    ).toEqual([
      [0, 1],
      [3, 2],
    ]);
  });

  test('the evidence is the slots of the window, no more', () => {
    const [window] = [
      ...windowsWith(
        matched(FIVE),
        aGroup([
          [0, 1],
          [1, 1],
          [5, 1],
        ]),
        NOON + 300,
      ),
    ];
    expect(window.slots.map(({ slot }) => (slot - NOON) / 60)).toEqual([1, 5]);
  });

  test('slots of a longer window are longer', () => {
    // An hour has 15 slots of 4 minutes.
    const hour = aCount(0, 3_600);
    const group = aGroup([
      [0, 1],
      [56, 10],
      [60, 100],
    ]);
    expect(windows(hour, group, 56)).toEqual([
      [56, 11],
      [60, 110],
    ]);
  });

  test('without a window each slot stands for itself', () => {
    expect(
      windows(
        aRule(),
        aGroup([
          [0, 1],
          [1, 2],
        ]),
        1,
      ),
    ).toEqual([[1, 2]]);
  });

  test('every window that holds the slot is found, by naive recomputation', () => {
    const some = fc.array(fc.tuple(fc.nat(30), fc.integer({ min: 1, max: 9 })), { minLength: 1 });
    fc.assert(
      fc.property(some, fc.integer({ min: 2, max: 15 }), fc.nat(), (records, minutes, pick) => {
        const changed = records[pick % records.length][0];
        const found = windows(aCount(0, minutes * 60), aGroup(records), changed);
        const naive: [number, number][] = [];
        for (let end = changed; end < changed + minutes; end++) {
          if (!records.some(([minute]) => minute === end)) continue;
          const inside = records.filter(([minute]) => minute <= end && minute > end - minutes);
          naive.push([end, inside.reduce((sum, [, count]) => sum + count, 0)]);
        }
        expect(found).toEqual(naive);
      }),
      { numRuns: 300 },
    );
  });
});

/** Ends of the windows that are due, in minutes. */
function due(
  rule: CompiledRule,
  group: GroupState,
  from: number,
  to: number,
  waits = 0,
): [number, number][] {
  const found = windowsDue(matched(rule), group, NOON + from * 60, NOON + to * 60, waits * 60);
  return [...found].map(({ end, slots }) => [(end - NOON) / 60, recordsIn(slots)]);
}

describe('windowsDue', () => {
  const group = aGroup([
    [0, 1],
    [1, 10],
    [7, 100],
  ]);

  test('a window is due when its last slot is over, also one that ends without a record', () => {
    expect(due(FIVE, group, 0, 8)).toEqual([
      [0, 1],
      [1, 11],
      [2, 11],
      [3, 11],
      [4, 11],
      [5, 10],
      [7, 100],
    ]);
    expect(due(FIVE, group, 5, 7)).toEqual([[5, 10]]);
  });

  test('each is due once, however time goes on', () => {
    const steps = Array.from({ length: 20 }, (_, i) => due(FIVE, group, i, i + 1));
    expect(steps.flat()).toEqual(due(FIVE, group, 0, 20));
  });

  test('what waits is due later by that time', () => {
    expect(due(FIVE, group, 5, 7, 5)).toEqual([
      [0, 1],
      [1, 11],
    ]);
  });

  test('every run of n slots with a record in it is found, by naive recomputation', () => {
    const some = fc.array(fc.tuple(fc.nat(40), fc.integer({ min: 1, max: 9 })), { minLength: 1 });
    const span = fc.tuple(fc.nat(60), fc.nat(60));
    fc.assert(
      fc.property(some, fc.integer({ min: 2, max: 15 }), span, (records, minutes, [from, long]) => {
        const naive: [number, number][] = [];
        for (let end = 0; end < 60; end++) {
          const inside = records.filter(([minute]) => minute <= end && minute > end - minutes);
          const over = end + 1;
          if (inside.length === 0 || over <= from || over > from + long) continue;
          naive.push([end, inside.reduce((sum, [, count]) => sum + count, 0)]);
        }
        expect(due(aCount(0, minutes * 60), aGroup(records), from, from + long)).toEqual(naive);
      }),
      { numRuns: 300 },
    );
  });
});
