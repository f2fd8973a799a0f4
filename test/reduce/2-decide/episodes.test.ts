import { describe, expect, test } from '@jest/globals';
import { judge, quietSeconds, type Verdict } from '../../../src/reduce/2-decide/episodes.ts';
import { type GroupState, newGroupState, newRuleState } from '../../../src/reduce/state.ts';
import type { CompiledRule } from '../../../src/rules/compiled.ts';
import { NOON } from '../flows.ts';
import { aCount, aRule, matched } from '../rules.ts';

const SETTLE = 300;

/** A rule's alerts, told minute by minute after noon. */
function alerts(rule: CompiledRule) {
  const state = newRuleState('', new Map());
  const groups = new Map<string, GroupState>();
  return {
    state,
    fire(minute: number, name = 'one', changed: Partial<CompiledRule> = {}): Verdict {
      const group = groups.get(name) ?? newGroupState([name], NOON);
      groups.set(name, group);
      const end = NOON + minute * 60;
      const one = matched({ ...rule, ...changed });
      return judge({ matched: one, memory: state, group, slot: end }, SETTLE, end + 60);
    },
  };
}

const reasons = (verdicts: readonly Verdict[]) => verdicts.map(({ reason }) => reason);

describe('an episode', () => {
  const rule = aCount(5, 300, { cooldown: 600 });

  test('is over when nothing has fired for cooldown or window, whichever is longer, and settle', () => {
    expect(quietSeconds(matched(rule), SETTLE)).toBe(900);
    expect(quietSeconds(matched({ ...rule, window: 1_200 }), SETTLE)).toBe(1_500);
    expect(quietSeconds(matched(aRule({ cooldown: 60 })), SETTLE)).toBe(360);
  });

  test('opens with its first firing, which is notified; others are silent', () => {
    const { fire } = alerts(rule);
    const first = fire(0);
    expect(first).toMatchObject({ reason: 'notified', opened: true, news: true });
    expect(first.episode).toMatchObject({ start: NOON, notified: NOON, seq: 1, suppressed: 0 });
    expect(fire(1)).toMatchObject({ reason: 'cooldown', opened: false, news: true });
    expect(fire(1)).toMatchObject({ reason: 'cooldown', opened: false, news: false });
    expect(first.episode).toMatchObject({ first: NOON, last: NOON + 60, suppressed: 1 });
  });

  test('ends a cooldown of the notified firing in either direction', () => {
    const { fire } = alerts(rule);
    fire(30);
    expect(fire(40).reason).toBe('cooldown');
    expect(fire(41).reason).toBe('open');
    expect(fire(20).reason).toBe('cooldown');
    expect(fire(19).reason).toBe('open');
  });

  test('goes on while it fires again before it is quiet, then a new one opens', () => {
    const { fire } = alerts(rule);
    // Silent from minute 1 on; at minute 15 it was quiet for 14 minutes, at minute 16 for 15.
    expect(reasons([fire(0), fire(15), fire(30)])).toEqual(['notified', 'open', 'open']);
    const next = fire(46);
    expect(next).toMatchObject({ reason: 'notified', opened: true });
    expect(next.episode.start).toBe(NOON + 46 * 60);
  });

  test('takes in a firing that comes late, before its first', () => {
    const { fire } = alerts(rule);
    const { episode } = fire(30);
    expect(fire(15)).toMatchObject({ reason: 'open', opened: false, news: true });
    expect(episode).toMatchObject({ start: NOON + 1_800, first: NOON + 900 });
    expect(fire(-1)).toMatchObject({ reason: 'notified', opened: true });
  });

  test('each group has its own', () => {
    const { fire } = alerts(rule);
    expect(reasons([fire(0, 'one'), fire(0, 'two')])).toEqual(['notified', 'notified']);
  });
});

describe('a rule that does not notify', () => {
  test.each(['shadow', 'signal'] as const)('in mode %s says so', (mode) => {
    const { fire } = alerts(aRule({ mode }));
    const first = fire(0);
    expect(first).toMatchObject({ reason: mode, opened: true });
    expect(first.episode).not.toHaveProperty('notified');
    expect(fire(1)).toMatchObject({ reason: mode, opened: false });
  });

  test('starts no cooldown: made live, it notifies in the same episode', () => {
    const { fire } = alerts(aRule({ mode: 'shadow' }));
    fire(0);
    const live = fire(1, 'one', { mode: 'live' });
    expect(live).toMatchObject({ reason: 'notified', opened: false });
    expect(live.episode).toMatchObject({ start: NOON, notified: NOON + 60, suppressed: 1 });
  });
});

describe('a storm', () => {
  const rule = aRule({ storm: 2, cooldown: 600 });

  test('lets so many through in five minutes and folds the rest', () => {
    const { fire, state } = alerts(rule);
    const folded = [fire(0, 'a'), fire(1, 'b'), fire(2, 'c'), fire(4, 'd')];
    expect(reasons(folded)).toEqual(['notified', 'notified', 'storm', 'storm']);
    expect(state.storms.get(NOON)).toMatchObject({ sent: 2, folded: 2, told: 0, summaries: 0 });
  });

  test('is counted by aligned five minutes', () => {
    const { fire } = alerts(rule);
    expect(reasons([fire(3, 'a'), fire(4, 'b'), fire(5, 'c'), fire(6, 'd'), fire(7, 'e')])).toEqual(
      ['notified', 'notified', 'notified', 'notified', 'storm'],
    );
  });

  test('counts a firing once, and a silent one not at all', () => {
    const { fire, state } = alerts(rule);
    for (const name of ['a', 'b', 'c']) fire(0, name);
    expect(fire(0, 'c')).toMatchObject({ reason: 'storm', news: false });
    expect(fire(1, 'a').reason).toBe('cooldown');
    expect(state.storms.get(NOON)).toMatchObject({ sent: 2, folded: 1 });
  });

  test('starts no cooldown for what it folds: the next five minutes tell it', () => {
    const { fire } = alerts(rule);
    for (const name of ['a', 'b', 'c']) fire(4, name);
    const next = fire(5, 'c');
    expect(next).toMatchObject({ reason: 'notified', opened: false });
    expect(next.episode).toMatchObject({ start: NOON + 240, notified: NOON + 300, suppressed: 1 });
  });

  test('one rule’s does not fold another’s', () => {
    const one = alerts(rule);
    const other = alerts({ ...rule, id: 'other' });
    for (const name of ['a', 'b', 'c']) one.fire(0, name);
    expect(other.fire(0, 'c').reason).toBe('notified');
  });
});
