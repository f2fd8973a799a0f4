import { describe, expect, test } from '@jest/globals';
import { FUNCTIONS } from '../../config/alarms.js';
import { desiredQueries } from '../../src/saved-queries/desired.ts';
import { ruleQuery } from '../../src/saved-queries/rule-query.ts';
import { compiled, onPort } from '../config/trees.ts';

const snapshotOf = (texts: Record<string, string>) => compiled(texts).snapshot;
const queries = (texts: Record<string, string>, queryOf = ruleQuery) =>
  desiredQueries(snapshotOf(texts), { stage: 'prod', queryOf });
const DECISIONS = ['flowlog-alerts/prod/decisions/sent', 'flowlog-alerts/prod/decisions/not-sent'];

describe('the saved queries of a stage', () => {
  test('find what a rule matches', () => {
    const [ssh] = queries({ 'rules/ssh': onPort(22) });
    expect(ssh).toMatchObject({ name: 'flowlog-alerts/prod/ssh', logGroups: [] });
    expect(ssh?.text).toContain('filter');
    expect(ssh?.text).toContain('22');
  });

  test('leave out a rule that no query over records can say', () => {
    const lost = 'detect: { visibility: { of: skipped, above: 1% } }\nwindow: 15m';
    expect(queries({ 'rules/lost': lost }).map(({ name }) => name)).toEqual(DECISIONS);
  });

  test('leave out one that is longer than Logs Insights takes, and keep one that just fits', () => {
    const texts = { 'rules/a': onPort(1), 'rules/b': onPort(2) };
    const found = queries(texts, ({ id }) => 'x'.repeat(id === 'a' ? 10_000 : 10_001));
    expect(found.map(({ name }) => name)).toEqual(['flowlog-alerts/prod/a', ...DECISIONS]);
  });

  test('over decisions read the logs of functions that there are', () => {
    const logs = FUNCTIONS.map((name) => `/aws/lambda/flowlog-alerts-prod-${name}`);
    for (const { logGroups, text } of queries({})) {
      expect(logs).toEqual(expect.arrayContaining([...logGroups]));
      expect(text.split('\n| ').at(-1)).toBe('limit 1000');
    }
  });
});
