import { expect, test } from '@jest/globals';
import { ruleMetricCosts } from '../../src/alarms/costs.ts';
import { alarmed } from './rules.ts';

const PLAIN = alarmed('a', { alarm: false });
const METRIC = { name: 'Ssh', value: 'count' } as const;

test.each([
  ['a plain rule', PLAIN, 'sparse', ['Alerts'], 0.3],
  ['a plain rule where all have Matches', PLAIN, 'full', ['Alerts', 'Matches'], 0.6],
  ['a rule with an alarm', alarmed('a'), 'sparse', ['Alerts', 'Matches'], 0.7],
  [
    'a rule with a metric',
    { ...PLAIN, metric: METRIC },
    'sparse',
    ['Alerts', 'Matches', 'Ssh'],
    0.9,
  ],
  [
    'a band, which counts as three metrics',
    alarmed('a', { alarm: { band: 2, period: 60, periods: 1, of: 1 } }),
    'sparse',
    ['Alerts', 'Matches'],
    0.9,
  ],
] as const)('%s', (_, rule, metrics, names, most) => {
  const costs = ruleMetricCosts(rule, metrics);
  expect(costs.metrics).toEqual(names);
  expect(costs.mostMonth).toBeCloseTo(most);
});

test('a metric that has data in three hours of a month costs less than a cent', () => {
  expect(ruleMetricCosts(PLAIN, 'sparse').metricHour * 3).toBeLessThan(0.01);
});
