import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { TEST_ALERT_RULE } from '../../src/config/system-rules.ts';
import { type MetricFilter, metricFilterOf } from '../../src/query/filter-pattern.ts';
import { patternTooNarrow, subscriptionPattern } from '../../src/query/subscription-pattern.ts';
import { DEFAULT_FORMAT } from '../../src/records/layout.ts';
import type { CompiledRule, Detect, Match } from '../../src/rules/compiled.ts';
import { worldOf } from '../map/4-match/worlds.ts';
import { line, ruleOf, snapshotOf } from '../map/inputs.ts';
import { patternPasses } from './pattern-evaluator.ts';
import { plainMatch } from './plain-matches.ts';
import { parsed } from './worlds.ts';

const is = (field: string, ...strings: string[]): Match => ({
  field,
  test: { in: { strings } },
  path: field,
});
const ports = (...numbers: (readonly [number, number])[]): Match => ({
  field: 'dstport',
  test: { in: { numbers } },
  path: 'dstport',
});
const config = snapshotOf([], [], {});
const filterOf = (rule: CompiledRule, format = DEFAULT_FORMAT) =>
  metricFilterOf(rule, format, config);

describe('a metric filter', () => {
  test('counts the records that the rule sees, and no others', () => {
    let compared = 0;
    let counted = 0;
    fc.assert(
      fc.property(worldOf(1, plainMatch), (world) => {
        const { format, snapshot } = world;
        const [rule] = snapshot.rules;
        // Most filters ask several fields, for which there is no pattern.
        const found = metricFilterOf(rule, format, { ...snapshot, filters: [] });
        if ('why' in found) return;
        const { batch, holds, lineOf } = parsed(world);
        for (let row = 0; row < batch.count; row++) {
          expect([lineOf(row), found.pattern, patternPasses(found.pattern, lineOf(row))]).toEqual([
            lineOf(row),
            found.pattern,
            holds(rule.match, row),
          ]);
          compared++;
          if (holds(rule.match, row)) counted++;
        }
      }),
      { numRuns: 1_500 },
    );
    expect(compared).toBeGreaterThan(400);
    expect(counted).toBeGreaterThan(100);
  }, 120_000);

  test('leaves out what a filter hides', () => {
    const filter = { id: 'f', rules: ['ssh-rejected'], match: ports([22, 22]), reason: '' };
    const rule = every(is('action', 'REJECT'));
    const found = metricFilterOf(rule, DEFAULT_FORMAT, { lists: {}, filters: [filter] });
    const { pattern } = found as MetricFilter;
    const passes = (dstport: number | string) =>
      patternPasses(pattern, line({ action: 'REJECT', dstport }));
    expect([21, 22, 23, '-'].map(passes)).toEqual([true, false, true, true]);
  });

  const every = (match: Match): CompiledRule => ({
    ...ruleOf('ssh-rejected', match),
    by: [{ field: 'srcaddr', optional: false }],
  });

  test('asks each field by its place in the format', () => {
    const found = filterOf(every({ all: [is('action', 'REJECT'), ports([22, 22], [5900, 5999])] }));
    expect(found).toEqual({
      pattern:
        '[version, account_id, interface_id, srcaddr!="-", dstaddr, srcport, dstport=22 || dstport>=5900 && dstport<=5999, protocol, packets, bytes, start, end, action="REJECT", log_status="OK"]',
      namespace: 'FlowlogAlerts',
      metricName: 'SshRejected',
      metricValue: '1',
      alarm: { above: 0, period: 300 },
    });
  });

  test('writes private addresses as a regular expression that AWS takes', () => {
    const inbound = { ...every(is('traffic', 'inbound')) };
    const found = metricFilterOf(inbound, DEFAULT_FORMAT, snapshotOf([]));
    const { pattern } = found as MetricFilter;
    const passes = (srcaddr: string, dstaddr: string) =>
      patternPasses(pattern, line({ srcaddr, dstaddr }));
    expect(passes('198.51.100.7', '10.0.0.5')).toBe(true);
    expect(passes('10.0.0.7', '10.0.0.5')).toBe(false);
    expect(passes('198.51.100.7', '198.51.100.8')).toBe(false);
  });

  const grouped = [{ field: 'srcaddr', optional: false }];

  test.each<[string, Detect, RegExp]>([
    ['a group', { kind: 'count', above: 1 }, /for each srcaddr/],
    ['connections', { kind: 'count', above: 1, of: 'connections' }, /connections cannot be told/],
    ['distinct values', { kind: 'distinct', fields: ['dstport'], above: 1 }, /^distinct cannot/],
    ['silence', { kind: 'absent', for: 900, seen: 3 }, /^absent cannot/],
  ])('is refused for %s, with the reason', (_, detect, why) => {
    const rule = { ...ruleOf('r', ports([22, 22])), detect, by: grouped, window: 300 };
    expect(filterOf(rule)).toEqual({ why: expect.stringMatching(why) });
  });

  test('sums a field of all records together, with the threshold for an alarm', () => {
    const detect: Detect = { kind: 'sum', field: 'bytes', above: 1e9 };
    const rule = { ...ruleOf('r', ports([22, 22])), detect, by: [], window: 300 };
    expect(filterOf(rule)).toMatchObject({
      metricValue: '$bytes',
      alarm: { above: 1e9, period: 300 },
    });
  });

  test('is refused where fields are alternatives of each other', () => {
    expect(filterOf(every({ any: [is('action', 'REJECT'), ports([22, 22])] }))).toEqual({
      why: 'it has alternatives over action and dstport, and a pattern asks each field by itself',
    });
  });

  test('is refused where a line without a flow would be counted', () => {
    const exists = (field: string): Match => ({ field, test: { exists: false }, path: field });
    const rule = { ...ruleOf('r', exists('bytes')), by: [] };
    expect(filterOf(rule, 'srcaddr bytes')).toEqual({ why: expect.stringMatching(/NODATA/) });
    expect(filterOf({ ...rule, match: ports([22, 22]) }, 'dstport bytes')).toHaveProperty(
      'pattern',
    );
  });

  test('never writes a text that means something in a pattern', () => {
    for (const text of ['a*', 'a"b', 'a%b', 'a,b', 'a]', 'a && b', 'a||b']) {
      expect(filterOf(every(is('interface-id', text)))).toHaveProperty('why');
    }
    expect(filterOf(every(is('interface-id', 'eni-0a')))).toHaveProperty('pattern');
  });
});

describe('the pattern of a subscription', () => {
  const rule = (id: string, match: Match, detect: Detect = { kind: 'every' }): CompiledRule => ({
    ...ruleOf(id, match),
    detect,
  });
  const rejects = rule('rejects', { all: [is('action', 'REJECT'), ports([22, 22])] });
  const rejectedScan = rule('scan', is('action', 'REJECT'), {
    kind: 'distinct',
    fields: ['dstport'],
    above: 10,
  });
  const patternFor = (...rules: CompiledRule[]) =>
    subscriptionPattern(snapshotOf(rules, [], {}), DEFAULT_FORMAT);

  test('narrows where every rule asks for the same action', () => {
    const pattern = patternFor(rejects, rejectedScan);
    expect(pattern).toContain('action="REJECT"');
    expect(patternPasses(pattern, line({ action: 'REJECT' }))).toBe(true);
    expect(patternPasses(pattern, line({ action: 'ACCEPT' }))).toBe(false);
  });

  test('lets everything through where one rule asks for anything else', () => {
    expect(patternFor(rejects, rule('ssh', ports([22, 22])))).toBe('');
    expect(patternFor()).toBe('');
  });

  test.each<Detect>([
    { kind: 'visibility', of: 'skipped', above: 0.1, min: 1 },
    { kind: 'unanswered', min: 3 },
    { kind: 'absent', for: 900, seen: 3 },
    { kind: 'spike', factor: 5, min: 1, baseline: 86_400 },
    { kind: 'new', fields: ['srcaddr'], learn: 60, forget: 60 },
  ])('lets everything through for a rule of kind $kind, which looks further', (detect) => {
    expect(patternFor(rejects, rule('further', is('action', 'REJECT'), detect))).toBe('');
  });

  test('lets through every record that some rule matches', () => {
    fc.assert(
      fc.property(worldOf(2), (world) => {
        const rules = world.snapshot.rules.map((one) => ({
          ...one,
          match: { all: [is('action', 'REJECT'), one.match] },
        }));
        const snapshot = { ...world.snapshot, rules };
        const pattern = subscriptionPattern(snapshot, world.format);
        const { batch, holds, lineOf } = parsed(world);
        for (let row = 0; row < batch.count; row++) {
          if (!rules.some(({ match }) => holds(match, row))) continue;
          expect(patternPasses(pattern, lineOf(row))).toBe(true);
        }
        expect(patternTooNarrow(snapshot, world.format, pattern)).toEqual([]);
      }),
      { numRuns: 200 },
    );
  }, 60_000);

  const tooNarrow = (pattern: string, ...rules: CompiledRule[]) =>
    patternTooNarrow(snapshotOf(rules, [], {}), DEFAULT_FORMAT, pattern);

  test('that somebody wrote is held against each rule', () => {
    const accepted = rule('accepted', is('action', 'ACCEPT'));
    const rejectOnly = '[..., action="REJECT", status]';
    expect(tooNarrow(rejectOnly, rejects, accepted)).toEqual(['accepted']);
    expect(tooNarrow('[..., action=REJECT, status]', rejects)).toEqual([]);
    expect(tooNarrow('', rejects, accepted)).toEqual([]);
    expect(tooNarrow('[..., status]', accepted)).toEqual([]);
    const silent = rule('silent', is('action', 'REJECT'), { kind: 'absent', for: 900, seen: 3 });
    expect(tooNarrow(rejectOnly, silent)).toEqual(['silent']);
  });

  test('does not mind the rule of test-alert, whose flows go past subscriptions', () => {
    const pattern = patternFor(rejects, TEST_ALERT_RULE);
    expect(pattern).toBe(patternFor(rejects));
    expect(tooNarrow(pattern, rejects, TEST_ALERT_RULE)).toEqual([]);
  });

  test.each([
    ['[v, a, e, src, dst, sp, dp=22 || dp=23, p, pk, b, s, en, action, st]', []],
    ['[v, a, e, src, dst, sp, dp>=20 && dp<=25, p, pk, b, s, en, action, st]', []],
    ['[v, a, e, src, dst, sp, dp!=22, p, pk, b, s, en, action, st]', ['rejects']],
    ['[v, a, e, src=10.*, dst, sp, dp, p, pk, b, s, en, action, st]', ['rejects']],
    ['[v, a, e, src, dst, sp, dp=%2[23]%, p, pk, b, s, en, action, st]', ['rejects']],
    ['[v, a, e, src]', ['rejects']],
    ['REJECT', ['rejects']],
    ['{ $.action = "REJECT" }', ['rejects']],
  ])('names a rule unless it is certain that %s lets its records through', (pattern, names) => {
    expect(tooNarrow(pattern, rejects)).toEqual(names);
  });
});
