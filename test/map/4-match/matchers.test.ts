import { describe, expect, test } from '@jest/globals';
import { newCounts, Parser } from '../../../src/map/2-parse/parse.ts';
import { Enricher } from '../../../src/map/3-enrich/enrich.ts';
import { Matcher } from '../../../src/map/4-match/match.ts';
import { ANSWER } from '../../../src/map/4-match/matchers.ts';
import { compileRuleSet } from '../../../src/map/4-match/rule-set.ts';
import type { CompiledFilter, CompiledRule, Detect } from '../../../src/rules/compiled.ts';
import { ALWAYS, type Flow, inputOf, leaf, line, port, ruleOf, snapshotOf } from '../inputs.ts';

const SCAN_THEN_LOGIN: Detect = {
  kind: 'sequence',
  steps: [
    { match: port(20, 30), above: 5, distinct: ['dstport'] },
    { rule: 'other' },
    { match: leaf('action', { in: { strings: ['ACCEPT'] } }), above: 0 },
  ],
};
const tcp = leaf('protocol', { in: { numbers: [[6, 6]] } });
const windowed = (id: string, detect: Detect, more: Partial<CompiledRule> = {}) =>
  ruleOf(id, tcp, { detect, window: 300, ...more });

/** Hits as `row:rule role`. */
function hits(
  rules: readonly CompiledRule[],
  flows: readonly Flow[],
  filters: readonly CompiledFilter[] = [],
): string[] {
  const set = compileRuleSet(snapshotOf(rules, filters));
  const batch = new Parser().parse(inputOf(flows.map(line)), 0, flows.length, newCounts());
  new Enricher([], set.needed).enrich(batch);
  const found = new Matcher(set, flows.length).match(batch);
  return Array.from({ length: found.count }, (_, i) => {
    const { rule, role } = set.matchers[found.matchers[i]];
    return `${found.rows[i]}:${set.rules[rule].rule.id} ${role}`;
  });
}

describe('what rules ask', () => {
  test('of a sequence is a match for each step that has one, with that of the rule', () => {
    const rules = [windowed('seq', SCAN_THEN_LOGIN), ruleOf('r', ALWAYS)];
    const flows = [
      { dstport: 25, action: 'REJECT' },
      { dstport: 80 },
      { dstport: 25 },
      { dstport: 25, protocol: 17 },
      { dstport: 80, action: 'REJECT' },
    ];
    expect(hits(rules, flows)).toEqual([
      '0:seq 0',
      '0:r 0',
      '1:seq 2',
      '1:r 0',
      '2:seq 0',
      '2:seq 2',
      '2:r 0',
      '3:r 0',
      '4:r 0',
    ]);
  });

  test('of visibility is nothing: it watches sources', () => {
    const detect: Detect = { kind: 'visibility', of: 'skipped', above: 0.1, min: 10 };
    expect(hits([windowed('v', detect)], [{}])).toEqual([]);
  });

  test('of unanswered is its match, and the accepted reverse', () => {
    const rule = ruleOf('u', port(443), { detect: { kind: 'unanswered', min: 3 }, window: 300 });
    const flows = [
      { dstport: 443 },
      { srcport: 443, dstport: 50_000 },
      { srcport: 443, dstport: 50_000, action: 'REJECT' },
      { srcport: 443, dstport: 443 },
      { srcport: 1, dstport: 2 },
    ];
    expect(hits([rule], flows)).toEqual(['0:u 0', `1:u ${ANSWER}`, '3:u 0', `3:u ${ANSWER}`]);
  });

  test('is hidden by a filter whole, answers not', () => {
    const rules = [
      windowed('seq', SCAN_THEN_LOGIN),
      ruleOf('u', port(443), { detect: { kind: 'unanswered', min: 3 }, window: 300 }),
    ];
    const filter = { id: 'f', rules: ['seq', 'u'], match: ALWAYS, reason: '' };
    const flows = [{ dstport: 25 }, { dstport: 443, srcport: 443 }];
    expect(hits(rules, flows, [filter])).toEqual([`1:u ${ANSWER}`]);
    expect(hits(rules, flows, [{ ...filter, rules: ['seq'] }])).toEqual(['1:u 0', `1:u ${ANSWER}`]);
  });
});

describe('fields that are needed', () => {
  const needed = (detect: Detect) => compileRuleSet(snapshotOf([windowed('r', detect)])).needed;
  const service = leaf('service', { exists: true });

  test.each<[string, Detect, string]>([
    ['distinct fields', { kind: 'distinct', fields: ['server-port'], above: 1 }, 'server-port'],
    ['the share of a ratio', { kind: 'ratio', of: service, above: 0.5, min: 1 }, 'service'],
    ['the leg of a beacon', { kind: 'beacon', min: 8, jitter: 0.1 }, 'leg'],
    ['the leg of unanswered', { kind: 'unanswered', min: 8 }, 'leg'],
    [
      'the field of a spike',
      { kind: 'spike', field: 'duration', factor: 5, min: 1, baseline: 9 },
      'duration',
    ],
    ['a match of a step', { kind: 'sequence', steps: [{ match: service, above: 0 }] }, 'service'],
    [
      'distinct fields of a step',
      { kind: 'sequence', steps: [{ match: ALWAYS, above: 1, distinct: ['server-addr'] }] },
      'server-addr',
    ],
  ])('include %s', (_, detect, field) => {
    expect([...needed(detect)]).toContain(field);
  });

  test('leave the leg to those who ask for it', () => {
    expect(needed({ kind: 'count', above: 5, of: 'connections' }).has('leg')).toBe(false);
  });
});

describe('what a rule remembers', () => {
  const memory = (detect: Detect) =>
    compileRuleSet(snapshotOf([windowed('r', detect)])).rules[0].memory;
  const step = { match: port(22), above: 5, distinct: ['dstaddr'] };

  test.each<[Detect, Partial<Detect>, Partial<Detect>]>([
    [{ kind: 'count', above: 5 }, { above: 6 }, { of: 'connections' }],
    [{ kind: 'distinct', fields: ['dstport'], above: 5 }, { above: 6 }, { fields: ['srcport'] }],
    [{ kind: 'ratio', of: port(22), above: 0.5, min: 9 }, { above: 0.6, min: 8 }, { of: port(23) }],
    [
      { kind: 'spike', factor: 5, min: 1, baseline: 86_400 },
      { factor: 6, min: 2 },
      { baseline: 43_200 },
    ],
    [{ kind: 'spike', factor: 5, min: 1, baseline: 86_400 }, { min: 2 }, { field: 'bytes' }],
    [{ kind: 'new', fields: ['srcaddr'], learn: 7, forget: 30 }, { learn: 8 }, { forget: 31 }],
    [{ kind: 'new', fields: ['srcaddr'], learn: 7, forget: 30 }, {}, { fields: ['dstaddr'] }],
    [{ kind: 'absent', for: 900, seen: 3 }, { seen: 4 }, { for: 600 }],
    [{ kind: 'beacon', min: 8, jitter: 0.1 }, { min: 9, jitter: 0.2 }, { kind: 'unanswered' }],
    [
      { kind: 'sequence', steps: [step] },
      { steps: [{ ...step, above: 6 }] },
      { steps: [step, step] },
    ],
    [{ kind: 'sequence', steps: [step] }, {}, { steps: [{ ...step, match: port(23) }] }],
    [{ kind: 'sequence', steps: [step] }, {}, { steps: [{ ...step, distinct: ['srcaddr'] }] }],
    [{ kind: 'sequence', steps: [{ rule: 'a' }] }, {}, { steps: [{ rule: 'b' }] }],
    [
      { kind: 'visibility', of: 'skipped', above: 0.1, min: 5 },
      { above: 0.2, min: 6 },
      { of: 'malformed' },
    ],
  ])('of %o stays with %o and is lost with %o', (detect, same, other) => {
    expect(memory({ ...detect, ...same } as Detect)).toBe(memory(detect));
    expect(memory({ ...detect, ...other } as Detect)).not.toBe(memory(detect));
  });

  test('all rules together are named by their ids and memories', () => {
    const of = (...rules: CompiledRule[]) => compileRuleSet(snapshotOf(rules)).fingerprint;
    const rule = windowed('r', { kind: 'count', above: 5 });
    expect(of({ ...rule, title: 'other', detect: { kind: 'count', above: 6 } })).toBe(of(rule));
    expect(of({ ...rule, id: 'q' })).not.toBe(of(rule));
    expect(of({ ...rule, window: 3_600 })).not.toBe(of(rule));
    expect(of(rule, { ...rule, id: 'q' })).not.toBe(of(rule));
    expect(of(rule)).toMatch(/^[0-9a-f]{12}$/);
  });
});
