import { describe, expect, test } from '@jest/globals';
import { explainRecord, type RuleExplanation } from '../../../src/map/4-match/explain.ts';
import type {
  CompiledFilter,
  CompiledList,
  CompiledRule,
  Match,
} from '../../../src/rules/compiled.ts';
import { type Flow, inputOf, leaf, line, port, ruleOf, snapshotOf } from '../inputs.ts';

function explain(
  match: Match,
  flow: Flow = {},
  more: Partial<CompiledRule> = {},
  filters: readonly CompiledFilter[] = [],
  lists: Record<string, CompiledList> = {},
): RuleExplanation {
  const snapshot = snapshotOf([ruleOf('r', match, more)], filters, lists);
  return explainRecord(snapshot, inputOf([line(flow)]))[0];
}

/** Failed clauses as `path: found, wanted`. */
function blamed(match: Match, flow: Flow = {}): string[] | undefined {
  return explain(match, flow).failed?.map(
    ({ path, found, wanted }) => `${path}: ${found}, wanted ${wanted}`,
  );
}

describe('an explanation', () => {
  const request = leaf('leg', { in: { strings: ['request'] } });

  test('of a rule that the record meets blames nothing', () => {
    const { matched, failed, groupMissing } = explain({ all: [port(443), request] });
    expect([matched, failed, groupMissing]).toEqual([true, undefined, undefined]);
  });

  test('names each clause that failed, what it found and what it wanted', () => {
    const match: Match = {
      all: [
        port(22),
        leaf('srcaddr', { in: { cidrs: ['198.51.100.0/24', '192.0.2.1/32'] } }),
        leaf('action', { in: { strings: ['ACCEPT'] } }),
        request,
      ],
    };
    expect(blamed(match)).toEqual([
      'match.dstport: 443, wanted 22',
      'match.srcaddr: 10.0.0.10, wanted 198.51.100.0/24 or 192.0.2.1',
    ]);
  });

  test.each<[string, Match, string]>([
    ['a range', port(20, 30), '443, wanted 20-30'],
    ['a least', port(1024, Number.MAX_SAFE_INTEGER), '443, wanted at least 1024'],
    ['a most', port(-Number.MAX_SAFE_INTEGER, 100), '443, wanted at most 100'],
    ['a negation', leaf('dstport', { notIn: { numbers: [[443, 443]] } }), '443, wanted not 443'],
    [
      'a list',
      leaf('srcaddr', { notIn: { lists: ['internal'] } }),
      '10.0.0.10, wanted not $internal',
    ],
    [
      'a prefix',
      leaf('interface-id', { in: { prefixes: ['vpce-'] } }),
      'eni-0123456789abcdef0, wanted vpce-...',
    ],
    [
      'a field to exist',
      leaf('vpc-id', { exists: true }),
      'undefined, wanted the field to be there',
    ],
    [
      'a field to be absent',
      leaf('dstport', { exists: false }),
      '443, wanted the field to be absent',
    ],
    ['a negated block', { not: port(443) }, '443, wanted anything but 443'],
  ])('says what %s wanted', (_, match, expected) => {
    expect(blamed(match)?.map((text) => text.replace(/^match\.[a-z-]+: /, ''))).toEqual([expected]);
  });

  test('of a long list shows twelve values and counts the rest', () => {
    const numbers = Array.from({ length: 15 }, (_, i) => [2 * i, 2 * i] as const);
    const [clause] = explain(leaf('dstport', { in: { numbers } })).failed ?? [];
    expect(clause.wanted).toBe(
      '0 or 2 or 4 or 6 or 8 or 10 or 12 or 14 or 16 or 18 or 20 or 22 or 3 more',
    );
  });

  test('of any-of blames every branch', () => {
    expect(blamed({ any: [port(22), port(23)] })).toHaveLength(2);
    expect(blamed({ any: [port(22), port(443)] })).toBeUndefined();
    expect(blamed({ not: { any: [port(443), port(1, 500)] } })).toHaveLength(2);
  });

  test('says which filter hides the record', () => {
    const filter = { id: 'f', rules: ['r'], match: port(443), reason: '' };
    expect(explain(port(443), {}, {}, [filter])).toMatchObject({ matched: false, filteredBy: 'f' });
    expect(explain(port(443), {}, {}, [{ ...filter, until: 1 }]).matched).toBe(true);
    expect(explain(port(443), {}, {}, [{ ...filter, rules: [] }]).matched).toBe(true);
    const failed = explain(port(22), {}, {}, [filter]);
    expect(failed.filteredBy).toBeUndefined();
    expect(failed.failed).toHaveLength(1);
  });

  test('says which fields of the group are missing', () => {
    const by = [
      { field: 'dstaddr', optional: false },
      { field: 'vpc-id', optional: true },
      { field: 'instance-id', optional: false },
    ];
    expect(explain(port(443), {}, { by }).groupMissing).toEqual(['instance-id']);
    expect(explain(port(443), { dstaddr: '-' }, { by }).groupMissing).toEqual([
      'dstaddr',
      'instance-id',
    ]);
    expect(explain(port(443), {}, { by: by.slice(0, 2) }).groupMissing).toBeUndefined();
  });

  test('says which steps of a sequence it meets', () => {
    const detect = {
      kind: 'sequence',
      steps: [
        { match: port(22), above: 0 },
        { rule: 'other' },
        { match: port(400, 500), above: 0 },
        { match: port(443), above: 0 },
      ],
    } as const;
    expect(explain(request, {}, { detect })).toMatchObject({ matched: true, steps: [3, 4] });
    const none = explain(request, { dstport: 80 }, { detect });
    expect([none.matched, none.steps, none.failed?.length]).toEqual([false, undefined, 3]);
    expect(explain(port(1), {}, { detect }).failed?.map(({ wanted }) => wanted)).toEqual(['1']);
  });

  test('of a rule without records of its own blames nothing', () => {
    const steps = { kind: 'sequence', steps: [{ rule: 'other' }] } as const;
    expect(explain(request, {}, { detect: steps })).toMatchObject({ matched: false, failed: [] });
    const sources = { kind: 'visibility', of: 'skipped', above: 0.1, min: 1 } as const;
    expect(explain(request, {}, { detect: sources })).toMatchObject({ matched: false, failed: [] });
  });

  test('says which fields of the detection are missing, and that a reply does not count', () => {
    const distinct = { kind: 'distinct', fields: ['vpc-id', 'dstport'], above: 1 } as const;
    expect(explain(port(443), {}, { detect: distinct }).groupMissing).toEqual(['vpc-id']);
    const beacon = { kind: 'beacon', min: 8, jitter: 0.1 } as const;
    const reply = { srcport: 443, dstport: 50_000 };
    const any = leaf('protocol', { exists: true });
    expect(explain(any, { protocol: '-' }, { detect: beacon }).matched).toBe(false);
    expect(explain(any, { srcaddr: '-' }, { detect: beacon }).groupMissing).toEqual(['srcaddr']);
    expect(explain(any, reply, { detect: beacon })).toMatchObject({ matched: true, reply: true });
    expect(explain(any, {}, { detect: beacon }).reply).toBeUndefined();
    expect(explain(any, reply, {}).reply).toBeUndefined();
  });

  test('of a line that is no record is none', () => {
    const snapshot = snapshotOf([ruleOf('r', port(22))]);
    expect(explainRecord(snapshot, inputOf(['bogus']))).toEqual([]);
    expect(explainRecord(snapshot, inputOf([line({ status: 'NODATA' })]))).toEqual([]);
    expect(explainRecord(snapshot, inputOf([]))).toEqual([]);
  });
});
