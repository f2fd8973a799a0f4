import { describe, expect, test } from '@jest/globals';
import { compileRuleSet } from '../../../src/map/4-match/rule-set.ts';
import { shrink, shrinkAll } from '../../../src/reduce/1-merge/admission.ts';
import { Reducer } from '../../../src/reduce/reducer.ts';
import type { RuleState } from '../../../src/reduce/state.ts';
import { aFlow, anEntry, NOON } from '../flows.ts';
import { aCount, aRule, aSnapshot } from '../rules.ts';

const set = compileRuleSet(aSnapshot([aCount(1_000, 300)]));
const address = (i: number) => `198.${18 + (i >> 16)}.${(i >> 8) & 255}.${i & 255}`;
const HEAVY = '203.0.113.9';

function reducerOf(maxGroups: number, maxMemory = Infinity): Reducer {
  return new Reducer(set, { stage: 'test', maxGroups, maxMemory });
}

function groupsOf(reducer: Reducer, rule = 'count'): ReadonlyMap<string, unknown> {
  return reducer.state.rules.get(rule)?.groups ?? new Map();
}

function metric(reducer: Reducer, wanted: string): number {
  const points = [...reducer.state.metrics.values()];
  return points.filter(({ name }) => name === wanted).reduce((sum, { value }) => sum + value, 0);
}

let batches = 0;

/** One batch a flow, as a slow drip would come. */
function drip(reducer: Reducer, sources: readonly string[], start = NOON): void {
  for (const srcaddr of sources) {
    const flow = aFlow(start, { srcaddr });
    reducer.apply(anEntry(set, [flow], undefined, { name: String(batches++) }));
  }
}

const strangers = (count: number, from = 0) =>
  Array.from({ length: count }, (_, i) => address(from + i));

describe('new groups of a minute', () => {
  test('twice the bound are remembered; one more and the light ones go and are counted', () => {
    const reducer = reducerOf(10);
    drip(reducer, strangers(20));
    expect(groupsOf(reducer).size).toBe(20);
    expect(metric(reducer, 'GroupsDropped')).toBe(0);
    drip(reducer, strangers(1, 20));
    expect(groupsOf(reducer).size).toBeLessThanOrEqual(10);
    expect(groupsOf(reducer).size + metric(reducer, 'GroupsDropped')).toBe(21);
  });

  test('each minute has its own bound', () => {
    const reducer = reducerOf(10);
    drip(reducer, strangers(20));
    drip(reducer, strangers(20, 20), NOON + 60);
    expect(groupsOf(reducer).size).toBe(40);
  });

  test('a group of a heavy batch stays among light ones', () => {
    const reducer = reducerOf(10);
    const heavy = Array.from({ length: 30 }, () => aFlow(NOON, { srcaddr: HEAVY }));
    reducer.apply(anEntry(set, heavy));
    drip(reducer, strangers(100));
    expect(groupsOf(reducer).has(JSON.stringify([HEAVY]))).toBe(true);
  });

  test('a group that grows record by record stays, with all its records', () => {
    const reducer = reducerOf(10);
    for (let i = 0; i < 60; i++) drip(reducer, [HEAVY, ...strangers(4, i * 4)]);
    const group = reducer.state.rules.get('count')?.groups.get(JSON.stringify([HEAVY]));
    expect(group?.slots[0].records).toBe(60);
    expect(metric(reducer, 'GroupsDropped')).toBeGreaterThan(200);
  });

  test('what a group does in later minutes counts for it in the minute that admitted it', () => {
    const reducer = reducerOf(10);
    drip(reducer, [HEAVY]);
    for (let i = 0; i < 30; i++) drip(reducer, [HEAVY, `203.0.113.${i + 20}`], NOON + 60);
    drip(reducer, strangers(40));
    expect(groupsOf(reducer).has(JSON.stringify([HEAVY]))).toBe(true);
  });

  test('a group that was notified stays, however light, and is not notified again', () => {
    const every = compileRuleSet(aSnapshot([aRule({ storm: 1 })]));
    const reducer = new Reducer(every, { stage: 'test', maxGroups: 10, maxMemory: Infinity });
    const told: string[] = [];
    for (const srcaddr of [HEAVY, ...strangers(100), HEAVY]) {
      reducer.apply(anEntry(every, [aFlow(NOON, { srcaddr })], undefined, { name: srcaddr }));
      for (const { reason, alert } of reducer.takeDecisions()) {
        if (reason === 'notified') told.push(String(alert.group.srcaddr));
      }
    }
    expect(told).toEqual([HEAVY]);
    expect(groupsOf(reducer, 'rule').has(JSON.stringify([HEAVY]))).toBe(true);
  });

  test('without a bound nothing is dropped and nothing counted', () => {
    const reducer = reducerOf(Infinity);
    drip(reducer, strangers(300));
    expect(groupsOf(reducer).size).toBe(300);
    expect(reducer.state.rules.get('count')?.admitted.size).toBe(0);
  });
});

describe('shrink', () => {
  function aMemory(weights: readonly number[], notified: readonly number[] = []): RuleState {
    const reducer = reducerOf(Infinity);
    weights.forEach((records, i) => {
      const flows = Array.from({ length: records }, () => aFlow(NOON, { srcaddr: address(i) }));
      reducer.apply(anEntry(set, flows));
    });
    const rule = reducer.state.rules.get('count') as RuleState;
    for (const i of notified) {
      rule.groups.get(JSON.stringify([address(i)]))?.episodes.push({
        start: NOON,
        first: NOON,
        last: NOON,
        arrival: NOON,
        notified: NOON,
        seq: 1,
        suppressed: 0,
      });
    }
    return rule;
  }

  test('at the bound nothing goes; above it the lightest go, down to nine tenths', () => {
    const weights = [1, 9, 2, 8, 3, 7, 4, 6, 5, 10];
    expect(shrink(aMemory(weights), 10)).toBe(0);
    const rule = aMemory([...weights, 11]);
    expect(shrink(rule, 10)).toBe(2);
    const left = [...rule.groups.values()].map(({ slots }) => slots[0].records);
    expect(left.sort((a, b) => a - b)).toEqual([3, 4, 5, 6, 7, 8, 9, 10, 11]);
  });

  test('of several rules the one that remembers most gives way', () => {
    const large = aMemory(Array.from({ length: 30 }, (_, i) => i + 1));
    const small = aMemory([1, 1, 1]);
    expect(shrinkAll([small, large], 33)).toBe(0);
    expect(shrinkAll([small, large], 20)).toBeGreaterThanOrEqual(13);
    expect(small.groups.size).toBe(3);
    expect(large.groups.size).toBeLessThanOrEqual(17);
  });

  test('what was told stays, however light', () => {
    const rule = aMemory([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11], [0]);
    expect(shrink(rule, 10)).toBe(1);
    expect(rule.groups.has(JSON.stringify([address(0)]))).toBe(true);
    expect(rule.groups.has(JSON.stringify([address(1)]))).toBe(false);
  });

  test('the reducer keeps within maxMemory and counts what it dropped', () => {
    const reducer = reducerOf(Infinity, 10);
    drip(reducer, [...Array.from({ length: 10 }, () => HEAVY), ...strangers(50)]);
    expect(groupsOf(reducer).size).toBeLessThanOrEqual(10);
    expect(groupsOf(reducer).has(JSON.stringify([HEAVY]))).toBe(true);
    expect(groupsOf(reducer).size + metric(reducer, 'GroupsDropped')).toBe(51);
  });
});
