import { expect, test } from '@jest/globals';
import { ReplayEngine, type ReplayOptions } from '../../src/replay/engine.ts';
import { batchOf } from '../reduce/kinds/delivery.ts';
import { aLine, FILE, NOON } from '../reduce/kinds/record.ts';
import { is, ruleOf } from '../reduce/kinds/rule.ts';
import { aSnapshot } from '../reduce/rules.ts';

const HOUR = 3_600;
const DAY = 24 * HOUR;
const rule = ruleOf({ kind: 'absent', for: 1_200, seen: 3 }, { match: is('dstport', 22) });

/** Alerts of a login at each of these times, by a source that has other flows each five minutes. */
function alertsOf(logins: readonly number[], days: number, options?: ReplayOptions): string[] {
  const engine = new ReplayEngine(aSnapshot([rule]), options);
  const others = Array.from({ length: (days * DAY) / 300 }, (_, i) => aLine(NOON + i * 300));
  const lines = [...others, ...logins.map((after) => aLine(NOON + after, { dstport: 22 }))]
    .map((line) => ({ ...line, source: FILE }))
    .sort((a, b) => a.start - b.start);
  for (let i = 0; i < lines.length; i += 50) {
    engine.feed(batchOf(lines.slice(i, i + 50), String(i), { kind: 'file', name: FILE }));
  }
  return engine.finish().map(({ window }) => window.end);
}

const WAYS = [
  ['at the end', undefined],
  ['as time passes', { settles: 'as time passes', lateness: 1_800 }],
] as const;

test.each(WAYS)('What comes once a day is not watched, judged %s', (_, options) => {
  const daily = [0, 1, 2, 3, 4].map((day) => day * (DAY + HOUR));
  expect(alertsOf(daily, 6, options)).toEqual([]);
});

test.each(WAYS)(
  'What came in enough spans of a day and stops is told of, judged %s',
  (_, options) => {
    expect(alertsOf([0, 9 * HOUR, 18 * HOUR, 18 * HOUR + 60], 2, options)).toHaveLength(1);
  },
);
