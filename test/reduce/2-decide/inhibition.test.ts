import { describe, expect, test } from '@jest/globals';
import { compileRuleSet } from '../../../src/map/4-match/rule-set.ts';
import { type Decision, Reducer } from '../../../src/reduce/reducer.ts';
import type { CompiledRule } from '../../../src/rules/compiled.ts';
import { aFlow, anEntry, aTick, type Flow, NOON } from '../flows.ts';
import { aCount, aRule, aSnapshot, by } from '../rules.ts';

const minute = (n: number) => NOON + n * 60;
const on = (dstport: number): CompiledRule['match'] => ({
  field: 'dstport',
  test: { in: { numbers: [[dstport, dstport]] } },
  path: 'match.dstport',
});

/** Critical on port 22, low on port 80; quiet for ten minutes, settle included, after its slot. */
const HIGH = aRule({
  id: 'high',
  match: on(22),
  severity: 'critical',
  cooldown: 300,
  inhibits: { equal: ['srcaddr'] },
});
const LOW = aRule({ id: 'low', match: on(80), severity: 'low', by: by('srcaddr', 'dstport') });

function watching(...rules: readonly CompiledRule[]) {
  const set = compileRuleSet(aSnapshot(rules));
  const reducer = new Reducer(set, { stage: 'prod' });
  let batches = 0;
  return {
    feed(...flows: readonly Flow[]): Decision[] {
      const at = (Math.max(...flows.map(({ start }) => start)) + 60) * 1_000;
      reducer.apply(anEntry(set, flows, at, { name: String(batches++) }));
      return reducer.takeDecisions();
    },
    tick(n: number): Decision[] {
      reducer.apply(aTick(minute(n) * 1_000));
      return reducer.takeDecisions();
    },
  };
}

const high = (n: number, given: Partial<Flow> = {}) => aFlow(minute(n), { dstport: 22, ...given });
const low = (n: number, given: Partial<Flow> = {}) => aFlow(minute(n), { dstport: 80, ...given });
const reasons = (decisions: readonly Decision[]) =>
  decisions.map(({ alert, reason }) => `${alert.rule.id} ${reason}`);

describe('an open alert', () => {
  test('holds back firings of lower severity of the same host, and is named', () => {
    const { feed } = watching(HIGH, LOW);
    const [open] = feed(high(0));
    const [held] = feed(low(1));
    expect(held).toMatchObject({
      reason: 'inhibited',
      inhibitedBy: { rule: 'high', id: open.alert.id },
    });
  });

  test('leaves other hosts alone', () => {
    const { feed } = watching(HIGH, LOW);
    feed(high(0));
    expect(reasons(feed(low(1, { srcaddr: '192.0.2.1' })))).toEqual(['low notified']);
  });

  test('holds nothing back in its own slot, whichever came first, and all in the next', () => {
    const { feed } = watching(HIGH, LOW);
    expect(reasons(feed(high(0), low(0)))).toEqual(['high notified', 'low notified']);
    const later = watching(HIGH, LOW);
    expect(reasons([...later.feed(low(0)), ...later.feed(high(0))])).toEqual([
      'low notified',
      'high notified',
    ]);
    expect(reasons(watching(HIGH, LOW).feed(high(0), low(1)))).toEqual([
      'high notified',
      'low inhibited',
    ]);
  });

  test('holds back until a slot after it is over, and what goes on is then told', () => {
    const { feed } = watching(HIGH, LOW);
    feed(high(0));
    expect(reasons([...feed(low(1)), ...feed(low(11)), ...feed(low(12))])).toEqual([
      'low inhibited',
      'low inhibited',
      'low notified',
    ]);
  });

  test('goes on holding back while it fires again', () => {
    const { feed } = watching(HIGH, LOW);
    for (const n of [0, 8, 16]) feed(high(n));
    expect(reasons(feed(low(25)))).toEqual(['low inhibited']);
  });

  test('starts no cooldown for what it holds back', () => {
    const { feed } = watching(HIGH, { ...LOW, cooldown: 36_000 });
    feed(high(0));
    const [held] = feed(low(5));
    const [told] = feed(low(20));
    expect(told).toMatchObject({ reason: 'notified', alert: { id: held.alert.id, seq: 0 } });
  });

  test('holds back repetitions of what was told, and never its end', () => {
    const rule = aCount(0, 120, {
      ...LOW,
      detect: { kind: 'count', above: 0 },
      cooldown: 300,
      repeat: 600,
      resolve: true,
    });
    const { feed, tick } = watching({ ...HIGH, cooldown: 3_600 }, rule);
    expect(reasons(feed(low(0)))).toEqual(['low notified']);
    feed(high(1));
    for (const n of [4, 8]) feed(low(n));
    const later = [...feed(high(60, { srcaddr: '192.0.2.2' })), ...tick(61)];
    const mine = later.filter(({ alert }) => alert.rule.id === 'low');
    expect(mine.map(({ reason, alert }) => [reason, alert.status])).toEqual([
      ['inhibited', 'updated'],
      ['notified', 'resolved'],
    ]);
  });

  test('of a rule that is only in shadow holds nothing back', () => {
    const { feed } = watching({ ...HIGH, mode: 'shadow' }, LOW);
    feed(high(0));
    expect(reasons(feed(low(1)))).toEqual(['low notified']);
  });

  test('does not hold back its equals, itself or the test alert', () => {
    const equal = { ...LOW, id: 'equal', severity: 'critical' } as const;
    const probe = { ...LOW, id: 'test-alert' } as const;
    const all = { ...HIGH, match: { any: [on(22), on(80)] }, cooldown: 0, by: by('srcaddr') };
    const { feed } = watching(all, equal, probe);
    feed(high(0));
    expect(reasons(feed(low(12)))).toEqual([
      'equal notified',
      'high notified',
      'test-alert notified',
    ]);
  });
});

describe('a rule that says what it inhibits', () => {
  const held = (inhibits: Partial<NonNullable<CompiledRule['inhibits']>>, other = LOW) => {
    const { feed } = watching({ ...HIGH, inhibits: { equal: ['srcaddr'], ...inhibits } }, other);
    feed(high(0));
    return feed(low(1))[0].reason === 'inhibited';
  };
  const equal = { ...LOW, severity: 'critical' } as const;

  test.each([
    ['by id', { rules: ['low'] }, LOW, true],
    ['by tag', { rules: ['web'] }, { ...LOW, tags: ['web'] }, true],
    ['by id, whatever its severity', { rules: ['low'] }, equal, true],
    ['by another id', { rules: ['lows'] }, LOW, false],
    ['by severity', { severity: ['low' as const] }, LOW, true],
    ['by another severity', { severity: ['info' as const] }, LOW, false],
    ['by its own severity', { severity: ['critical' as const] }, equal, true],
    ['by id and severity', { rules: ['low'], severity: ['low' as const] }, LOW, true],
    ['by id and another severity', { rules: ['low'], severity: ['info' as const] }, LOW, false],
    ['not at all where a field is not in the group', {}, { ...LOW, by: by('dstport') }, false],
  ])('%s', (_, inhibits, other, expected) => {
    expect(held(inhibits, other)).toBe(expected);
  });

  test('compares all fields that it names, and only where both have them', () => {
    const wide = {
      ...HIGH,
      by: by('srcaddr', 'dstaddr?'),
      inhibits: { equal: ['srcaddr', 'dstaddr'] },
    };
    const narrow = { ...LOW, by: by('dstaddr', 'srcaddr') };
    const { feed } = watching(wide, narrow);
    feed(high(0));
    expect(reasons(feed(low(1)))).toEqual(['low inhibited']);
    const lacking = watching(
      { ...wide, by: by('srcaddr', 'instance-id?'), inhibits: { equal: ['instance-id'] } },
      {
        ...LOW,
        by: by('instance-id?'),
      },
    );
    lacking.feed(high(0));
    expect(reasons(lacking.feed(low(1)))).toEqual(['low notified']);
  });
});
