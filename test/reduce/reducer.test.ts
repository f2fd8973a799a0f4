import { describe, expect, test } from '@jest/globals';
import { compileRuleSet } from '../../src/map/4-match/rule-set.ts';
import { Reducer } from '../../src/reduce/reducer.ts';
import type { CompiledRule } from '../../src/rules/compiled.ts';
import { aBeat, aFlow, anEntry, aTick, type Flow, NOON } from './flows.ts';
import { aCount, aRule, aSnapshot, by } from './rules.ts';

const AT = (NOON + 60) * 1_000;

function reducerOf(rules: readonly CompiledRule[], before?: Reducer): Reducer {
  const set = compileRuleSet(aSnapshot(rules));
  return new Reducer(set, { stage: 'test' }, before?.state);
}

function apply(reducer: Reducer, rules: readonly CompiledRule[], flows: readonly Flow[]): string[] {
  const set = compileRuleSet(aSnapshot(rules));
  reducer.apply(anEntry(set, flows));
  return reducer.takeDecisions().map(({ alert, reason }) => `${alert.rule.id} ${reason}`);
}

/** Metric points since the last tick, by name; with the rule where they have one. */
function points(reducer: Reducer): Record<string, number> {
  return Object.fromEntries(
    [...reducer.state.metrics.values()].map(({ name, dimensions, value }) => [
      dimensions.Rule ? `${name} ${dimensions.Rule}` : name,
      value,
    ]),
  );
}

describe('entries', () => {
  const rules = [aRule()];
  const set = compileRuleSet(aSnapshot(rules));

  test('one that was applied is known and changes nothing', () => {
    const reducer = reducerOf(rules);
    const entry = anEntry(set, [aFlow(NOON)]);
    expect(reducer.apply(entry)).toBe(true);
    reducer.clean();
    expect(reducer.apply(entry)).toBe(false);
    expect(reducer.dirty).toBe(false);
    expect(reducer.takeDecisions()).toHaveLength(1);
  });

  test('one older than a stream keeps is not new, one hour less is', () => {
    const reducer = reducerOf(rules);
    reducer.apply(anEntry(set, [aFlow(NOON)], AT));
    const old = (hours: number) => {
      const flow = aFlow(NOON - hours * 3_600);
      return reducer.apply(anEntry(set, [flow], AT - hours * 3_600_000));
    };
    expect(old(25)).toBe(false);
    expect(old(23)).toBe(true);
  });

  test('one that was skipped counts as applied', () => {
    const reducer = reducerOf(rules);
    expect(reducer.skip('a')).toBe(true);
    expect(reducer.dirty).toBe(true);
    expect(reducer.skip('a')).toBe(false);
    expect(reducer.apply({ ...anEntry(set, [aFlow(NOON)]), key: 'a' })).toBe(false);
  });

  test('a tick alone leaves nothing to save; what it hands out does', () => {
    const reducer = reducerOf(rules);
    reducer.apply(aTick(AT));
    expect(reducer.dirty).toBe(false);
    reducer.apply(anEntry(set, [aFlow(NOON)]));
    reducer.clean();
    reducer.apply(aTick(AT + 60_000));
    expect(reducer.dirty).toBe(true);
    expect(reducer.state.metricsOutbox).toHaveLength(1);
    expect(reducer.state.metrics.size).toBe(0);
  });

  test('a tick that comes again, or after a later one, says nothing', () => {
    const reducer = reducerOf(rules);
    reducer.apply(aTick(AT));
    reducer.apply(anEntry(set, [aFlow(NOON)]));
    expect(reducer.apply(aTick(AT))).toBe(false);
    expect(reducer.apply(aTick(AT - 60_000))).toBe(false);
    expect(reducer.state.metricsOutbox).toEqual([]);
    expect(reducer.apply(aTick(AT + 60_000))).toBe(true);
  });

  test('are forgotten an hour after they were applied', () => {
    const reducer = reducerOf(rules);
    reducer.apply(anEntry(set, [aFlow(NOON)], AT));
    reducer.apply(aTick(AT + 3_600_000));
    expect(reducer.state.applied.size).toBe(1);
    reducer.apply(aTick(AT + 3_660_000));
    expect(reducer.state.applied.size).toBe(0);
  });
});

describe('a change of a rule', () => {
  const before = aCount(3, 300, { by: by() });
  const three = Array.from({ length: 3 }, () => aFlow(NOON));

  test.each<[string, Partial<CompiledRule>]>([
    ['title', { title: 'Another' }],
    ['severity', { severity: 'low' }],
    ['cooldown', { cooldown: 60 }],
    ['message', { message: 'hello' }],
    ['threshold', { detect: { kind: 'count', above: 2 } }],
  ])('in %s keeps what it remembers', (_, change) => {
    const old = reducerOf([before]);
    apply(old, [before], three);
    const rules = [{ ...before, ...change }];
    const reducer = reducerOf(rules, old);
    expect(apply(reducer, rules, [aFlow(NOON + 60)])).toEqual(['count notified']);
    expect([...reducer.afresh]).toEqual([]);
  });

  test.each<[string, Partial<CompiledRule>]>([
    [
      'match',
      {
        match: { field: 'dstport', test: { in: { numbers: [[443, 443]] } }, path: 'match.dstport' },
      },
    ],
    ['by', { by: by('srcaddr') }],
    ['window', { window: 600 }],
  ])('in %s starts afresh, and is told', (_, change) => {
    const old = reducerOf([before]);
    apply(old, [before], three);
    const rules = [{ ...before, ...change }];
    const reducer = reducerOf(rules, old);
    expect(apply(reducer, rules, [aFlow(NOON + 60)])).toEqual([]);
    expect([...reducer.afresh]).toEqual(['count']);
    expect(
      apply(
        reducer,
        rules,
        three.map(({ start }) => aFlow(start + 61)),
      ),
    ).toEqual(['count notified']);
  });

  test('is no way around the storm limit', () => {
    const rule = aRule({ storm: 1 });
    const old = reducerOf([rule]);
    apply(old, [rule], [aFlow(NOON)]);
    const rules = [aRule({ storm: 1, by: by('dstport') })];
    expect(apply(reducerOf(rules, old), rules, [aFlow(NOON + 60)])).toEqual(['rule storm']);
  });

  test('a new rule is not said to start afresh', () => {
    const reducer = reducerOf([before]);
    apply(reducer, [before], three);
    expect([...reducer.afresh]).toEqual([]);
  });

  test('that only map has seen: its digests are counted, and nothing is merged', () => {
    const reducer = reducerOf([before]);
    const after = { ...before, by: by('srcaddr') };
    const unknown = aRule({ id: 'unknown' });
    expect(apply(reducer, [after, unknown], three)).toEqual([]);
    expect([...reducer.foreign]).toEqual([
      ['count', 3],
      ['unknown', 3],
    ]);
    expect(reducer.state.rules.size).toBe(0);
  });
});

describe('metrics', () => {
  test('count batches, records and what was wrong, from heartbeats', () => {
    const reducer = reducerOf([]);
    const totals = { batches: 2, records: 9, malformed: 1, skipData: 3, latest: NOON };
    reducer.apply(aBeat(AT, totals));
    reducer.apply(aBeat(AT + 60_000, { ...totals, latest: NOON + 100 }));
    expect(points(reducer)).toEqual({
      Batches: 4,
      Records: 18,
      MalformedRecords: 2,
      SkipData: 6,
      LagSeconds: 60,
    });
  });

  test('count an alert once an episode, silent or not; for all rules only where they are live', () => {
    const rules = [aRule({ id: 'live' }), aRule({ id: 'quiet', mode: 'shadow' })];
    const reducer = reducerOf(rules);
    apply(reducer, rules, [aFlow(NOON), aFlow(NOON + 60), aFlow(NOON, { srcaddr: '10.1.1.1' })]);
    expect(points(reducer)).toEqual({ Alerts: 2, 'Alerts live': 2, 'Alerts quiet': 2 });
  });

  test('publish a rule’s own: its matches, its sum, or its greatest window', () => {
    const metric = (id: string, value: NonNullable<CompiledRule['metric']>['value']) =>
      aCount(100, 300, { id, metric: { name: 'Own', value } });
    const rules = [
      metric('count', 'count'),
      metric('sum', { sum: 'bytes' }),
      metric('value', 'value'),
    ];
    const reducer = reducerOf(rules);
    apply(reducer, rules, [aFlow(NOON), aFlow(NOON + 60)]);
    apply(reducer, rules, [aFlow(NOON + 600)]);
    expect(points(reducer)).toMatchObject({ 'Own count': 3, 'Own sum': 2_520, 'Own value': 2 });
  });

  test('publish Matches for a rule with a metric or an alarm, and for no other', () => {
    const alarm = { above: 0, period: 60, periods: 1, of: 1 };
    const rules = [aCount(9, 300), aCount(9, 300, { id: 'alarmed', alarm })];
    const reducer = reducerOf(rules);
    apply(reducer, rules, [aFlow(NOON)]);
    expect(points(reducer)).toEqual({ 'Matches alarmed': 1 });
  });

  test('count groups that a digest left out', () => {
    const rules = [aCount(9, 300)];
    const set = compileRuleSet(aSnapshot(rules));
    const reducer = reducerOf(rules);
    const flows = Array.from({ length: 21 }, (_, i) => aFlow(NOON, { srcaddr: `10.1.1.${i}` }));
    reducer.apply(anEntry(set, flows, AT, { maxGroups: 10 }));
    const kept = reducer.state.rules.get('count')?.groups.size ?? 0;
    expect(kept).toBeLessThanOrEqual(20);
    expect(kept + points(reducer).GroupsDropped).toBe(21);
  });
});
