import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Snapshot } from '../../../src/config/snapshot.ts';
import { newCounts, Parser } from '../../../src/map/2-parse/parse.ts';
import { Enricher } from '../../../src/map/3-enrich/enrich.ts';
import { alternativesOf } from '../../../src/map/4-match/alternatives.ts';
import { explainRecord } from '../../../src/map/4-match/explain.ts';
import { Matcher } from '../../../src/map/4-match/match.ts';
import { compileRuleSet, type RuleSet } from '../../../src/map/4-match/rule-set.ts';
import type { RecordBatch } from '../../../src/records/batch.ts';
import { DERIVED_FIELDS } from '../../../src/records/fields.ts';
import type { CompiledFilter, CompiledRule, Match } from '../../../src/rules/compiled.ts';
import { ALWAYS, inputOf, leaf, line, port, ruleOf, snapshotOf } from '../inputs.ts';
import { type Fields, hides, holds } from './naive.ts';
import { lineOf, type World, worldOf } from './worlds.ts';

const CAPACITY = 64;
const EVENT_TIME = 106;
const parser = new Parser();

/** Hits as `line:rule`, ascending. */
function hitsOf(snapshot: Snapshot, lines: readonly string[], format?: string) {
  const times = lines.map(() => EVENT_TIME);
  const input = inputOf(lines, format === undefined ? {} : { formats: [format], times });
  const batch = parser.parse(input, 0, lines.length, newCounts());
  const set = compileRuleSet(snapshot);
  new Enricher(snapshot.lists.internal.cidrs, set.needed).enrich(batch);
  const hits = new Matcher(set, CAPACITY).match(batch);
  const found = Array.from({ length: hits.count }, (_, i) =>
    pair(batch.lines[hits.rows[i]], ruleOfHit(set, hits.matchers[i])),
  );
  return { found: found.sort(), batch, needed: set.needed };
}

const ruleOfHit = ({ rules, matchers }: RuleSet, matcher: number): string =>
  rules[matchers[matcher].rule].rule.id;

const pair = (row: number, rule: string): string => `${row}:${rule}`;

/** What the definition of rules and filters says. */
function expectedHits(
  { snapshot, records }: World,
  batch: RecordBatch,
  needed: ReadonlySet<string>,
): string[] {
  const expected: string[] = [];
  for (let row = 0; row < batch.count; row++) {
    const fields = withDerived(records[batch.lines[row]], batch, row, needed);
    for (const { id, match } of snapshot.rules) {
      const hidden = snapshot.filters.some((filter) =>
        hides(filter, id, batch.times[row], fields, snapshot.lists),
      );
      if (!hidden && holds(match, fields, snapshot.lists))
        expected.push(pair(batch.lines[row], id));
    }
  }
  return expected.sort();
}

function withDerived(
  record: Fields,
  batch: RecordBatch,
  row: number,
  needed: ReadonlySet<string>,
): Fields {
  const derived = DERIVED_FIELDS.filter(({ name }) => needed.has(name)).map(
    ({ name }) => [name, batch.value(name, row)] as const,
  );
  return { ...record, ...Object.fromEntries(derived) };
}

function expectAgreement(world: World): number {
  const lines = world.records.map((record) => lineOf(record, world.format));
  const { found, batch, needed } = hitsOf(world.snapshot, lines, world.format);
  expect(found).toEqual(expectedHits(world, batch, needed));
  return found.length;
}

describe('bitmaps and the definition of rules', () => {
  test.each([
    [1, 600],
    [3, 400],
    [31, 30],
    [32, 30],
    [33, 30],
    [64, 20],
    [1000, 2],
  ])(
    'agree on %i rules',
    (rules, numRuns) => {
      let hits = 0;
      fc.assert(
        fc.property(worldOf(rules), (world) => {
          hits += expectAgreement(world);
        }),
        // Shrinking a large world takes minutes; the small ones fail as well.
        { numRuns, endOnFailure: rules > 3 },
      );
      expect(hits).toBeGreaterThan(rules);
    },
    120_000,
  );

  test('an explanation agrees with the match, and blames a clause where the rule is to blame', () => {
    fc.assert(
      fc.property(worldOf(4), ({ snapshot, format, records }) => {
        const text = lineOf(records[0], format);
        const { found, batch } = hitsOf(snapshot, [text], format);
        const input = inputOf([text], { formats: [format], times: [EVENT_TIME] });
        const explained = explainRecord(snapshot, input);
        expect(explained).toHaveLength(batch.count === 0 ? 0 : snapshot.rules.length);
        for (const { rule, matched, filteredBy, failed } of explained) {
          expect(matched).toBe(found.includes(pair(0, rule.id)));
          if (matched) expect([filteredBy, failed]).toEqual([undefined, undefined]);
          else expect((filteredBy === undefined) !== (failed === undefined)).toBe(true);
          // Of an empty block there is no clause to blame; no document can have one.
          if (failed && !hasEmptyBlock(rule.match)) expect(failed).not.toEqual([]);
        }
      }),
      { numRuns: 300 },
    );
  }, 60_000);
});

function hasEmptyBlock(match: Match): boolean {
  if ('field' in match) return false;
  if ('not' in match) return hasEmptyBlock(match.not);
  const parts = 'all' in match ? match.all : match.any;
  return parts.length === 0 || parts.some(hasEmptyBlock);
}

describe('a rule', () => {
  const found = (rules: readonly CompiledRule[], filters: readonly CompiledFilter[] = []) =>
    hitsOf(snapshotOf(rules, filters), [line({ dstport: 22 }), line({ dstport: 80 })]).found;

  test('is hit once however many of its alternatives hold', () => {
    const match: Match = {
      any: [port(22), port(20, 30), leaf('action', { in: { strings: ['ACCEPT'] } })],
    };
    expect(found([ruleOf('r', match)])).toEqual(['0:r', '1:r']);
  });

  test('of no condition is hit by every record, and by none if it is negated', () => {
    expect(found([ruleOf('r', ALWAYS)])).toEqual(['0:r', '1:r']);
    expect(found([ruleOf('r', { not: ALWAYS })])).toEqual([]);
    expect(found([ruleOf('r', { any: [] })])).toEqual([]);
  });

  test('of no condition is hit among many of its kind', () => {
    const rules = Array.from({ length: 70 }, (_, i) => ruleOf(`r${i}`, ALWAYS));
    expect(found(rules)).toHaveLength(140);
  });

  test('set that is empty hits nothing', () => {
    expect(found([])).toEqual([]);
    expect(found([], [{ id: 'f', rules: ['r'], match: ALWAYS, reason: '' }])).toEqual([]);
  });

  test('with more alternatives than the index takes is asked in full', () => {
    const odd = Array.from(
      { length: 40 },
      (_, i): Match => ({
        all: [port(2 * i), leaf('srcport', { in: { numbers: [[49_152, 49_152 + i]] } })],
      }),
    );
    expect(alternativesOf({ any: odd }, {}).exact).toBe(false);
    expect(alternativesOf({ any: odd.slice(0, 32) }, {}).exact).toBe(true);
    expect(found([ruleOf('r', { any: odd })])).toEqual(['0:r']);
    expect(found([ruleOf('r', { all: [port(22), { any: odd }] })])).toEqual(['0:r']);
    expect(found([ruleOf('r', { all: [port(80), { any: odd }] })])).toEqual([]);
  });

  test('that names a list which the snapshot lacks cannot be compiled', () => {
    const rule = ruleOf('r', leaf('srcaddr', { in: { lists: ['missing'] } }));
    expect(() => compileRuleSet(snapshotOf([rule]))).toThrow('lacks the list $missing');
  });

  test('has a memory that only what it remembers changes', () => {
    const base = ruleOf('r', port(22), { detect: { kind: 'count', above: 5 }, window: 300 });
    const memory = (rule: CompiledRule): string =>
      compileRuleSet(snapshotOf([rule])).rules[0].memory;
    const kept: Partial<CompiledRule>[] = [
      { title: 'other' },
      { severity: 'critical' },
      { detect: { kind: 'count', above: 6 } },
      { cooldown: 1 },
      { message: '{srcaddr}' },
    ];
    const lost: Partial<CompiledRule>[] = [
      { match: port(23) },
      { by: [{ field: 'srcaddr', optional: false }] },
      { window: 3_600 },
      { detect: { kind: 'sum', field: 'bytes', above: 5 } },
      { metric: { name: 'm', value: { sum: 'bytes' } } },
    ];
    for (const change of kept) expect(memory({ ...base, ...change })).toBe(memory(base));
    for (const change of lost) expect(memory({ ...base, ...change })).not.toBe(memory(base));
  });
});

describe('a filter', () => {
  const rules = [ruleOf('a', ALWAYS), ruleOf('b', ALWAYS)];
  const hit = (filter: Partial<CompiledFilter>) =>
    hitsOf(snapshotOf(rules, [{ id: 'f', rules: ['a'], match: port(22), reason: '', ...filter }]), [
      line({ dstport: 22, start: 1_000 }),
      line({ dstport: 80, start: 1_000 }),
    ]).found;

  test('hides what it meets from its rules alone', () => {
    expect(hit({})).toEqual(['0:b', '1:a', '1:b']);
    expect(hit({ rules: ['a', 'b'] })).toEqual(['1:a', '1:b']);
    expect(hit({ rules: ['c'] })).toHaveLength(4);
  });

  test('ends at the record whose start is its until', () => {
    expect(hit({ until: 1_001 })).toEqual(['0:b', '1:a', '1:b']);
    expect(hit({ until: 1_000 })).toHaveLength(4);
  });

  test('of the record before hides nothing of the next', () => {
    expect(hit({ match: port(22), rules: ['b'] })).toEqual(['0:a', '1:a', '1:b']);
  });

  test('hides from the last of many rules', () => {
    const many = Array.from({ length: 70 }, (_, i) => ruleOf(`r${i}`, ALWAYS));
    const filters = [33, 69].map((i) => ({
      id: `f${i}`,
      rules: [`r${i}`],
      match: ALWAYS,
      reason: '',
    }));
    const { found } = hitsOf(snapshotOf(many, filters), [line()]);
    expect(found).toHaveLength(68);
    expect(found).not.toContain('0:r69');
    expect(found).not.toContain('0:r33');
  });
});
