import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { insightsQueryOf } from '../../src/query/insights.ts';
import { QueryError } from '../../src/query/query-error.ts';
import { DEFAULT_FORMAT } from '../../src/records/layout.ts';
import type { CompiledRule, Detect, Match } from '../../src/rules/compiled.ts';
import { worldOf } from '../map/4-match/worlds.ts';
import { line, ruleOf, snapshotOf } from '../map/inputs.ts';
import { passes } from './insights-evaluator.ts';
import { parsed } from './worlds.ts';

const V3 = `${DEFAULT_FORMAT} \${tcp-flags}`;
const config = snapshotOf([]);
const rejected: Match = { field: 'action', test: { in: { strings: ['REJECT'] } }, path: 'action' };

function aRule(detect: Detect, more: Partial<CompiledRule> = {}): CompiledRule {
  return {
    ...ruleOf('a-rule', rejected),
    title: 'A rule',
    detect,
    by: [{ field: 'srcaddr', optional: false }],
    window: 300,
    ...more,
  };
}

const queryOf = (rule: CompiledRule, format = DEFAULT_FORMAT) =>
  insightsQueryOf(rule, format, config);

describe('the filters of a query', () => {
  test('let through the records that the rule sees, and no line without a flow', () => {
    let compared = 0;
    fc.assert(
      fc.property(worldOf(1), fc.boolean(), (world, hyphenIsLess) => {
        const { snapshot, format } = world;
        const [rule] = snapshot.rules;
        const { batch, holds, lineOf } = parsed(world);
        let query: string;
        try {
          query = insightsQueryOf(rule, format, snapshot);
        } catch (error) {
          if (!(error instanceof QueryError)) throw error;
          if (!error.message.includes('no record')) return;
          for (let row = 0; row < batch.count; row++) expect(seen(row)).toBe(false);
          return;
        }
        for (let row = 0; row < batch.count; row++) {
          const timed = batch.value('start', row) ?? batch.value('end', row);
          if (timed === undefined && snapshot.filters.some(({ until }) => until)) continue;
          expect([lineOf(row), passes(query, lineOf(row), hyphenIsLess)]).toEqual([
            lineOf(row),
            seen(row),
          ]);
          compared++;
        }

        function seen(row: number): boolean {
          const hidden = snapshot.filters.some(
            ({ rules, match, until = Infinity }) =>
              rules.includes(rule.id) && batch.times[row] < until && holds(match, row),
          );
          return holds(rule.match, row) && !hidden;
        }
      }),
      { numRuns: 200 },
    );
    expect(compared).toBeGreaterThan(100);
  }, 120_000);

  test('leave out lines of another format, NODATA and SKIPDATA', () => {
    const query = queryOf(aRule({ kind: 'every' }));
    const flow = line({ action: 'REJECT' });
    expect(passes(query, flow, true)).toBe(true);
    expect(passes(query, `${flow} 18`, true)).toBe(false);
    expect(passes(query, flow.replace(/ OK$/, ''), true)).toBe(false);
    expect(passes(query, flow.replace(/OK$/, 'SKIPDATA'), true)).toBe(false);
    expect(passes(query, line({ action: 'ACCEPT' }), true)).toBe(false);
    const wider = queryOf(aRule({ kind: 'every' }), V3);
    expect(passes(wider, `${flow} 18`, true)).toBe(true);
    expect(passes(wider, `${flow} 18 more`, true)).toBe(false);
  });

  test('keep to the span that is asked for', () => {
    const rule = aRule({ kind: 'every' });
    const query = insightsQueryOf(rule, DEFAULT_FORMAT, config, { from: 200, to: 300 });
    const at = (start: number) => passes(query, line({ action: 'REJECT', start }), true);
    expect([199, 200, 299, 300].map(at)).toEqual([false, true, true, false]);
  });

  test('cannot be broken out of by the texts of a rule', () => {
    const text = fc.string({ unit: 'grapheme', minLength: 1 });
    fc.assert(
      fc.property(text, fc.boolean(), (value, prefix) => {
        const test_ = prefix ? { in: { prefixes: [value] } } : { in: { strings: [value] } };
        const match: Match = { field: 'interface-id', test: test_, path: '' };
        const query = queryOf({ ...aRule({ kind: 'every' }), match, title: value });
        const commands = query.replace(/^#.*\n/gm, '').split('\n| ');
        expect(commands).toHaveLength(6);
        expect(() => passes(query, line({}), true)).not.toThrow();
      }),
      { numRuns: 200 },
    );
  });
});

describe('the commands that count', () => {
  const counting = (rule: CompiledRule, format?: string) =>
    queryOf(rule, format).split('\n| ').slice(4);

  test('count records by bin and group', () => {
    expect(counting(aRule({ kind: 'count', above: 100 }))).toEqual([
      'stats count(*) as value by bin(5m), srcaddr',
      'filter value > 100',
      'sort value desc',
      'limit 10000',
    ]);
  });

  test.each<[string, Detect, string]>([
    [
      'connections',
      { kind: 'count', above: 1, of: 'connections' },
      'stats count_distinct(concat(srcaddr, " ", dstaddr, " ", srcport, " ", dstport, " ", protocol)) as value by bin(5m), srcaddr',
    ],
    [
      'a sum',
      { kind: 'sum', field: 'bytes', above: 1 },
      'stats sum(bytes) as value by bin(5m), srcaddr',
    ],
    [
      'distinct values',
      { kind: 'distinct', fields: ['dstport'], above: 1 },
      'stats count_distinct(dstport) as value by bin(5m), srcaddr',
    ],
    [
      'a spike',
      { kind: 'spike', factor: 5, min: 1, baseline: 86_400 },
      'stats count(*) as value by bin(5m), srcaddr',
    ],
  ])('count %s', (_, detect, stats) => {
    expect(counting(aRule(detect))[0]).toBe(stats);
  });

  test('count what meets a second condition', () => {
    const of: Match = { field: 'packets', test: { in: { numbers: [[1, 2]] } }, path: 'of' };
    expect(counting(aRule({ kind: 'ratio', of, above: 0.5, min: 10 })).slice(0, 3)).toEqual([
      'fields (packets in [1, 2]) as hit',
      'stats count(*) as records, sum(hit) as hits by bin(5m), srcaddr',
      'filter records >= 10 and hits > 0.5 * records',
    ]);
  });

  test('show the records alone where a rule has no window', () => {
    const { window: _, ...rule } = aRule({ kind: 'every' });
    expect(counting(rule)).toEqual(['sort @timestamp', 'limit 10000']);
  });

  test.each([
    [60, '1m'],
    [3_600, '1h'],
    [5_400, '2h'],
    [86_400, '1d'],
    [200_000, '3d'],
  ])('have no bin that Insights does not know: %i seconds', (window, unit) => {
    const query = queryOf(aRule({ kind: 'count', above: 1 }, { window }));
    expect(query).toContain(`bin(${unit})`);
    if (window === 5_400) expect(query).toContain('2h rather than 1h30m long');
  });

  test.each<[string, Detect, RegExp]>([
    ['absent', { kind: 'absent', for: 900, seen: 3 }, /not what is missing/],
    ['beacon', { kind: 'beacon', min: 8, jitter: 0.1 }, /not their rhythm/],
    ['new', { kind: 'new', fields: ['dstport'], learn: 60, forget: 60 }, /not which are first/],
    ['unanswered', { kind: 'unanswered', min: 3 }, /not the answers/],
  ])('leave %s to the reader, and say so', (_, detect, note) => {
    expect(queryOf(aRule(detect))).toMatch(note);
  });

  test('group by the logged field that a derived one is', () => {
    const leg: Match = { field: 'leg', test: { in: { strings: ['request'] } }, path: 'leg' };
    const by = [{ field: 'server-port', optional: false }];
    const rule = aRule({ kind: 'count', above: 1 }, { match: { all: [rejected, leg] }, by });
    expect(queryOf(rule)).toContain('by bin(5m), dstport');
    expect(() => queryOf({ ...rule, match: rejected })).toThrow(
      'the rule a-rule groups or counts by server-port, which is computed from other fields: with leg: request in its match it would be dstport',
    );
  });
});

describe('a query is refused', () => {
  test('where the format lacks what the rule needs, by name', () => {
    const match: Match = { field: 'tcp-flags', test: { in: { numbers: [[2, 2]] } }, path: '' };
    expect(() => queryOf(aRule({ kind: 'every' }, { match }))).toThrow(/it lacks tcp-flags$/);
    expect(queryOf(aRule({ kind: 'every' }, { match }), V3)).toContain('tcp_flags = 2');
  });

  test('where it is longer than Insights takes, with the list that makes it so', () => {
    const strings = Array.from({ length: 2_000 }, (_, i) => `eni-${i}`);
    const lists = { ...config.lists, hosts: { numbers: [], cidrs: [], strings } };
    const match: Match = { field: 'interface-id', test: { in: { lists: ['hosts'] } }, path: '' };
    expect(() =>
      insightsQueryOf(aRule({ kind: 'every' }, { match }), DEFAULT_FORMAT, { lists, filters: [] }),
    ).toThrow(/takes \d+ characters.*\$hosts has 2000 values/);
  });

  test('for a rule that watches sources', () => {
    const rule = aRule({ kind: 'visibility', of: 'skipped', above: 0.1, min: 1 });
    expect(() => queryOf(rule)).toThrow(/watches the sources themselves/);
  });
});
