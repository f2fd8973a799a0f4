import { describe, expect, test } from '@jest/globals';
import { writeUnits } from '../../src/adapters/aws/item-size.ts';
import { DELIVERY } from '../../src/forecast/digest-cost.ts';
import { dollarsAMonth, forecastRules, type Tried } from '../../src/forecast/forecast.ts';
import { ForecastEngine, withoutShadow } from '../../src/forecast/forecast-engine.ts';
import { triedInShadow } from '../../src/forecast/shadow-log.ts';
import { compiled, onPort } from '../config/trees.ts';
import { read, record } from '../replay/inputs/sources.ts';

const tried = (rules: Record<string, Record<string, number>>): Tried => ({
  rules: new Map(
    Object.entries(rules).map(([rule, groups]) => {
      const alerts = Object.values(groups).reduce((sum, count) => sum + count, 0);
      return [rule, { alerts, folded: 0, groups: new Map(Object.entries(groups)) }];
    }),
  ),
});
const side = (ids: string[], rules: Record<string, Record<string, number>>) => ({
  ...tried(rules),
  ids: new Set(ids),
  shadow: new Set<string>(),
});

describe('A forecast', () => {
  test('is in alerts a day, whatever the time that was tried', () => {
    const after = side(['a'], { a: { x: 6 } });
    expect(forecastRules(undefined, after, 2 * 86_400)).toMatchObject([{ rule: 'a', after: 3 }]);
    expect(forecastRules(undefined, after, 3_600)).toMatchObject([{ rule: 'a', after: 144 }]);
  });

  test('names groups gained and lost, and rules that are new or gone; the greatest change first', () => {
    const before = side(['a', 'gone', 'quiet'], { a: { x: 1, y: 2 } });
    const after = side(['a', 'new', 'quiet'], { a: { y: 1, z: 9 }, new: { w: 1 } });
    expect(forecastRules(before, after, 86_400)).toEqual([
      { rule: 'a', shadow: false, before: 3, after: 10, folded: 0, gained: ['z'], lost: ['x'] },
      { rule: 'new', shadow: false, after: 1, folded: 0, gained: ['w'], lost: [] },
      { rule: 'gone', shadow: false, before: 0, folded: 0, gained: [], lost: [] },
    ]);
  });

  test('without another side gains nothing', () => {
    expect(forecastRules(undefined, side(['a'], { a: { x: 1 } }), 86_400)).toMatchObject([
      { gained: [], lost: [] },
    ]);
  });

  test('of digests is in dollars of a month of such traffic', () => {
    const written = { digests: 1, bytes: 0, units: 1_000_000 };
    expect(dollarsAMonth(written, 30 * 86_400)).toBeCloseTo(0.625);
    expect(dollarsAMonth(written, 86_400)).toBeCloseTo(30 * 0.625);
  });
});

describe('The engine of a forecast', () => {
  const rules = (text: string) => compiled({ 'rules/ssh': text }).snapshot;
  const run = async (text: string, lines: readonly string[]) => {
    const engine = new ForecastEngine(withoutShadow(rules(text)), writeUnits);
    const { batches } = await read(lines.join('\n'));
    for (const batch of batches) engine.feed(batch);
    return { engine, alerts: engine.finish() };
  };
  const many = Array.from({ length: 950 }, (_, i) => record(i, i % DELIVERY === 0 ? 22 : 443));

  test('counts a digest for each delivery in which something matches, as when deployed', async () => {
    const { engine } = await run(onPort(22), many);
    expect(engine.written).toMatchObject({ digests: 10, units: 10 });
    expect((await run(onPort(443), many)).engine.written.digests).toBe(10);
    expect((await run(onPort(25), many)).engine.written).toEqual({
      digests: 0,
      bytes: 0,
      units: 0,
    });
  });

  test('alerts as a replay does, of rules in shadow too, but not of signals', async () => {
    expect((await run(onPort(22), many)).alerts).toHaveLength(1);
    expect((await run(onPort(22, 'mode: shadow'), many)).alerts).toHaveLength(1);
    expect((await run(onPort(22, 'mode: signal'), many)).alerts).toHaveLength(0);
  });
});

describe('The log of decisions', () => {
  const line = (more: Record<string, unknown>) =>
    JSON.stringify({
      level: 'info',
      event: 'decision',
      reason: 'shadow',
      id: 'A',
      rule: 'r',
      group: { dstaddr: '10.0.0.5' },
      ...more,
    });

  test('counts what shadow kept back, each alert once', () => {
    const { rules } = triedInShadow([
      line({}),
      line({}),
      line({ id: 'B', group: { dstaddr: '10.0.0.6' } }),
      line({ id: 'C', rule: 's' }),
    ]);
    expect([...rules].map(([rule, { alerts, groups }]) => [rule, alerts, groups.size])).toEqual([
      ['r', 2, 2],
      ['s', 1, 1],
    ]);
  });

  test('passes over what was kept back for another reason, and what is no decision', () => {
    const lines = [
      line({ reason: 'cooldown' }),
      line({ event: 'other' }),
      'START RequestId: shadow',
      'null',
    ];
    expect(triedInShadow(lines).rules.size).toBe(0);
  });
});
