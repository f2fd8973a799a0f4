import { describe, expect, test } from '@jest/globals';
import { DEFAULT_ENGINE_SETTINGS } from '../../../src/config/snapshot.ts';
import { compileRuleSet } from '../../../src/map/4-match/rule-set.ts';
import { pruneRule } from '../../../src/reduce/1-merge/prune.ts';
import { Reducer } from '../../../src/reduce/reducer.ts';
import type { RuleState, StormState } from '../../../src/reduce/state.ts';
import { aFlow, anEntry, aTick, NOON } from '../flows.ts';
import { aCount, aRule, aSnapshot } from '../rules.ts';

const RULE = aCount(0, 300, { cooldown: 600 });
const set = compileRuleSet(aSnapshot([RULE]));
const LIFE = 300 + 1_800;

/** Memory after one flow that arrives so many seconds after its slot began. */
function aMemory(arrival: number, given = RULE): RuleState {
  const own = compileRuleSet(aSnapshot([given]));
  const reducer = new Reducer(own, { stage: 'test' });
  reducer.apply(anEntry(own, [aFlow(NOON)], (NOON + arrival) * 1_000));
  return reducer.state.rules.get(given.id) as RuleState;
}

function slotsLeft(rule: RuleState, now: number): number {
  pruneRule(set.rules[0], rule, DEFAULT_ENGINE_SETTINGS, now, now);
  return [...rule.groups.values()].reduce((sum, group) => sum + group.slots.length, 0);
}

describe('a slot', () => {
  test('lives until its end, window and lateness are over where it arrived in time', () => {
    const end = NOON + 60;
    expect(slotsLeft(aMemory(30), end + LIFE)).toBe(1);
    expect(slotsLeft(aMemory(30), end + LIFE + 1)).toBe(0);
  });

  test('lives from its arrival where that was later', () => {
    const arrival = 1_000;
    expect(slotsLeft(aMemory(arrival), NOON + arrival + LIFE)).toBe(1);
    expect(slotsLeft(aMemory(arrival), NOON + arrival + LIFE + 1)).toBe(0);
  });
});

describe('an alert', () => {
  const QUIET = 600 + 300;
  const episodesLeft = (rule: RuleState, now: number) => {
    for (const { episodes } of rule.groups.values()) for (const one of episodes) one.over = true;
    pruneRule(set.rules[0], rule, DEFAULT_ENGINE_SETTINGS, now, now);
    return [...rule.groups.values()].reduce((sum, { episodes }) => sum + episodes.length, 0);
  };

  test('is remembered for cooldown, settle and lateness after its last firing', () => {
    const end = NOON + 60 + QUIET + 1_800;
    expect(episodesLeft(aMemory(30), end)).toBe(1);
    const rule = aMemory(30);
    expect(episodesLeft(rule, end + 1)).toBe(0);
    expect(rule.groups.size).toBe(0);
  });

  test('that is not over yet is remembered for longer', () => {
    const rule = aMemory(30);
    slotsLeft(rule, NOON + 86_400);
    expect(rule.groups.size).toBe(1);
  });

  test('outlives the slots of its group', () => {
    const rule = aMemory(30);
    expect(slotsLeft(rule, NOON + 60 + LIFE + 1)).toBe(0);
    expect(rule.groups.size).toBe(1);
  });
});

describe('what else is over', () => {
  test('minutes that can admit no more are forgotten', () => {
    const rule = aMemory(30);
    expect(rule.admitted.size).toBe(1);
    slotsLeft(rule, NOON + LIFE);
    expect(rule.admitted.size).toBe(1);
    slotsLeft(rule, NOON + LIFE + 1);
    expect(rule.admitted.size).toBe(0);
  });

  test('storms go when their summary is out, and not before', () => {
    const storms = (given: Partial<StormState>) => {
      const rule = aMemory(30);
      const storm = rule.storms.get(NOON) as StormState;
      rule.storms.set(NOON, { ...storm, ...given });
      slotsLeft(rule, NOON + 300 + LIFE + 1);
      return rule.storms.size;
    };
    expect(storms({ folded: 3, told: 3 })).toBe(0);
    expect(storms({ folded: 3, told: 2 })).toBe(1);
    expect(storms({ folded: 3, told: 3, arrival: NOON + 301 })).toBe(1);
  });

  test('a tick forgets for all rules, and a rule that is no more altogether', () => {
    const other = aRule();
    const both = compileRuleSet(aSnapshot([RULE, other]));
    const before = new Reducer(both, { stage: 'test' });
    before.apply(anEntry(both, [aFlow(NOON)]));
    const reducer = new Reducer(set, { stage: 'test' }, before.state);
    reducer.apply(aTick((NOON + 120) * 1_000));
    expect([...reducer.state.rules.keys()]).toEqual(['count']);
    expect(reducer.state.rules.get('count')?.groups.size).toBe(1);
    reducer.apply(aTick((NOON + 7_200) * 1_000));
    expect(reducer.state.rules.get('count')?.groups.size).toBe(0);
  });
});
