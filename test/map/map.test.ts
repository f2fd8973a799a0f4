import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { BatchDigest, GroupDigest } from '../../src/log/digest.ts';
import type { Batch } from '../../src/map/1-decode/lines.ts';
import { BATCH_ROWS } from '../../src/map/2-parse/parse.ts';
import { compileRuleSet } from '../../src/map/4-match/rule-set.ts';
import { type Mapped, Mapper } from '../../src/map/map.ts';
import { DEFAULT_FORMAT } from '../../src/records/layout.ts';
import type { CompiledRule } from '../../src/rules/compiled.ts';
import { ALWAYS, type Flow, inputOf, leaf, line, port, ruleOf, snapshotOf } from './inputs.ts';

const by = (...names: string[]): Pick<CompiledRule, 'by'> => ({
  by: names.map((name) => ({ field: name.replace('?', ''), optional: name.endsWith('?') })),
});

function mapperOf(rules: readonly CompiledRule[], maxGroups = Infinity): Mapper {
  return new Mapper(compileRuleSet(snapshotOf(rules)), maxGroups);
}

const mapped = (rules: readonly CompiledRule[], input: Batch, maxGroups?: number): Mapped =>
  mapperOf(rules, maxGroups).map(input);

function groupsOf(
  rule: CompiledRule,
  lines: readonly string[],
  maxGroups?: number,
): readonly GroupDigest[] {
  return mapped([rule], inputOf(lines), maxGroups).digest?.rules[0]?.groups ?? [];
}

/** Start of a minute. */
const T = 1_700_000_040;

describe('what a batch comes to', () => {
  test('is no digest where nothing matched, but its counts and times', () => {
    const lines = [
      line({ start: T }),
      line({ start: T + 70 }),
      'bogus',
      line({ status: 'NODATA' }),
    ];
    const { digest, counts, latest, earliest } = mapped([ruleOf('r', port(22))], inputOf(lines));
    expect(digest).toBeUndefined();
    expect([latest, earliest]).toEqual([T + 70, T]);
    expect(counts).toMatchObject({ records: 2, malformed: 1, noData: 1 });
  });

  test('is a digest of the rules that matched, in their order', () => {
    const rules = [ruleOf('a', port(22)), ruleOf('b', port(443)), ruleOf('c', ALWAYS)];
    const { digest } = mapped(rules, inputOf([line({ start: T }), line({ start: T + 5 })]));
    expect(digest).toMatchObject({ kind: 'batch', latest: T + 5 });
    expect(digest?.rules.map(({ rule, records }) => [rule, records])).toEqual([
      ['b', 2],
      ['c', 2],
    ]);
  });

  test('counts what the decoder could not read as malformed', () => {
    const input = inputOf([line()]);
    const faults = { 'line-too-long': 2, truncated: 1 };
    const { counts } = mapped([], { ...input, lines: { ...input.lines, faults } });
    expect(counts).toMatchObject({ records: 1, malformed: 3, reasons: faults });
  });

  test('of no lines is nothing', () => {
    expect(mapped([ruleOf('r', ALWAYS)], inputOf([]))).toMatchObject({
      digest: undefined,
      latest: 0,
      earliest: 0,
      first: Infinity,
      minutes: [],
    });
  });

  test('is the same whatever the mapper saw before', () => {
    const rules = [ruleOf('r', ALWAYS, by('dstport'))];
    const input = inputOf([line({ dstport: 22 }), line({ dstport: 80 })]);
    const used = mapperOf(rules);
    used.map(inputOf([line({ dstport: 22, srcaddr: '::1' })]));
    used.map(inputOf(['22 5'], { formats: ['dstport start'] }));
    expect(used.map(input)).toEqual(mapperOf(rules).map(input));
  });

  test('is the same whatever lines of its layouts the mapper saw before', () => {
    const fields = ['interface-id', 'srcaddr'];
    const rules = [
      ruleOf('r', ALWAYS, {
        ...by('interface-id'),
        detect: { kind: 'distinct', fields, above: 5 },
      }),
    ];
    const { layouts, ...input } = inputOf([line({ srcaddr: '10.0.0.1' }), line({ dstport: 80 })]);
    const before = inputOf([line({ srcaddr: '2001:db8::1' })]);
    const used = mapperOf(rules);
    used.map({ ...before, layouts });
    expect(used.map({ ...input, layouts })).toEqual(mapperOf(rules).map({ ...input, layouts }));
  });
});

describe('groups', () => {
  test('are the values of the fields in by, text, numbers and addresses alike', () => {
    const rule = ruleOf('r', ALWAYS, by('srcaddr', 'dstport', 'action'));
    const lines = [
      line({ srcaddr: '2001:db8::1', dstport: 22 }),
      line({ srcaddr: '2001:db8::1', dstport: 22 }),
      line({ srcaddr: '2001:db8::2', dstport: 22 }),
      line({ srcaddr: '2001:db8::1', dstport: 22, action: 'REJECT' }),
    ];
    expect(groupsOf(rule, lines).map(({ values, records }) => [values, records])).toEqual([
      [['2001:db8::1', 22, 'ACCEPT'], 2],
      [['2001:db8::2', 22, 'ACCEPT'], 1],
      [['2001:db8::1', 22, 'REJECT'], 1],
    ]);
  });

  test('need the fields that are not optional', () => {
    const lines = [line({ srcaddr: '-' }), line()];
    expect(groupsOf(ruleOf('r', ALWAYS, by('srcaddr')), lines)).toHaveLength(1);
    const optional = groupsOf(ruleOf('r', ALWAYS, by('srcaddr?')), lines);
    expect(optional.map(({ values }) => values)).toEqual([[null], ['10.0.0.10']]);
    const missing = mapped([ruleOf('r', ALWAYS, by('vpc-id'))], inputOf(lines));
    expect(missing.digest).toBeUndefined();
    expect(groupsOf(ruleOf('r', ALWAYS, by('vpc-id?')), lines)[0]).toMatchObject({
      values: [null],
      records: 2,
    });
  });

  test('may be of derived fields and of fields nobody knows yet', () => {
    const rule = ruleOf('r', ALWAYS, by('service', 'traffic', 'quantum-state'));
    const formats = [`${DEFAULT_FORMAT} quantum-state`];
    const input = inputOf([`${line({ dstport: 22 })} spin-é`], { formats });
    expect(mapped([rule], input).digest?.rules[0].groups[0].values).toEqual([
      'ssh',
      'internal',
      'spin-é',
    ]);
  });

  test('are cut into slots of the rule, by start', () => {
    const lines = [T - 1, T, T + 59, T + 60, T + 119].map((start) => line({ start }));
    const slots = (rule: CompiledRule) =>
      groupsOf(rule, lines).map(({ slot, records }) => [slot, records]);
    expect(slots(ruleOf('r', ALWAYS))).toEqual([
      [T - 60, 1],
      [T, 2],
      [T + 60, 2],
    ]);
    const hour = ruleOf('r', ALWAYS, { window: 3_600, detect: { kind: 'count', above: 1 } });
    const four = 240;
    const expected = new Map<number, number>();
    for (const start of [T - 1, T, T + 59, T + 60, T + 119]) {
      const slot = start - (start % four);
      expected.set(slot, (expected.get(slot) ?? 0) + 1);
    }
    expect(slots(hour)).toEqual([...expected]);
  });

  test('add up records, bytes, packets and the field of the rule, absent values as nothing', () => {
    const sum = ruleOf('r', ALWAYS, {
      detect: { kind: 'sum', field: 'packets', above: 1 },
      window: 300,
    });
    const lines = [
      line({ start: T + 9, bytes: 100, packets: 3 }),
      line({ start: T + 3, bytes: 50, packets: '-' }),
      line({ start: T + 5, bytes: '-', packets: 4 }),
    ];
    const expected = { records: 3, bytes: 150, packets: 7, sum: 7, first: T + 3, last: T + 9 };
    expect(groupsOf(sum, lines)).toMatchObject([expected]);
    expect(mapped([sum], inputOf(lines)).digest?.rules[0]).toMatchObject({ records: 3, sum: 7 });
    const plain = groupsOf(ruleOf('r', ALWAYS), lines);
    expect(plain[0].sum).toBe(0);
    const metric = ruleOf('r', ALWAYS, { metric: { name: 'm', value: { sum: 'bytes' } } });
    expect(groupsOf(metric, lines)[0].sum).toBe(150);
  });

  test('keep their first five lines as samples, with their format', () => {
    const lines = Array.from({ length: 7 }, (_, i) => ` ${line({ srcport: 50_000 + i })}  `);
    const [group] = groupsOf(ruleOf('r', ALWAYS), lines);
    expect(group.samples).toEqual(
      lines.slice(0, 5).map((text) => ({ format: DEFAULT_FORMAT, line: text.trim() })),
    );
  });

  test('name the format that each sample was read by', () => {
    const formats = ['srcport start', 'start srcaddr'];
    const input = inputOf(['1 5', '5 ::1'], { formats });
    const samples = mapped([ruleOf('r', ALWAYS)], input).digest?.rules[0].groups[0].samples;
    expect(samples).toEqual([
      { format: '${srcport} ${start}', line: '1 5' },
      { format: '${start} ${srcaddr}', line: '5 ::1' },
    ]);
  });

  test('show the most frequent values of what they do not name', () => {
    const lines = ['10.0.0.1', '10.0.0.2', '10.0.0.2', '-'].map((srcaddr) => line({ srcaddr }));
    const [group] = groupsOf(ruleOf('r', ALWAYS, by('dstaddr')), lines);
    expect(group.top).toEqual({
      srcaddr: [
        ['10.0.0.2', 2],
        ['10.0.0.1', 1],
      ],
      dstport: [[443, 4]],
    });
  });
});

describe('a batch and its pieces', () => {
  const flow = fc.record<Flow>({
    srcaddr: fc.constantFrom('10.0.0.1', '10.0.0.2', '::1', '-'),
    dstport: fc.constantFrom(22, 80, 443),
    bytes: fc.oneof(fc.nat(1_000), fc.constant('-')),
    start: fc.integer({ min: T, max: T + 600 }),
    action: fc.constantFrom('ACCEPT', 'REJECT'),
  });
  const text = fc.oneof(
    { weight: 9, arbitrary: flow.map(line) },
    { weight: 1, arbitrary: fc.constantFrom('bogus', line({ status: 'SKIPDATA' })) },
  );
  const rules = [
    ruleOf('every', port(22), by('srcaddr')),
    ruleOf('count', ALWAYS, {
      ...by('srcaddr?', 'dstport'),
      window: 1_800,
      detect: { kind: 'count', above: 1 },
    }),
    ruleOf('sum', leaf('action', { in: { strings: ['REJECT'] } }), {
      window: 300,
      detect: { kind: 'sum', field: 'bytes', above: 1 },
    }),
  ];

  /** Counts and sums by rule, slot and group. */
  function totals(digests: readonly (BatchDigest | undefined)[]): Map<string, number[]> {
    const sums = new Map<string, number[]>();
    const add = (key: string, numbers: number[]): void => {
      const known = sums.get(key);
      sums.set(key, known ? known.map((value, i) => value + numbers[i]) : numbers);
    };
    for (const { rule, records, sum, dropped, groups } of digests.flatMap(
      (one) => one?.rules ?? [],
    )) {
      add(rule, [records, sum, dropped]);
      for (const group of groups) {
        const key = JSON.stringify([rule, group.slot, group.values]);
        add(key, [group.records, group.bytes, group.packets, group.sum]);
      }
    }
    return new Map([...sums].sort());
  }

  test('come to the same counts and sums', () => {
    const mapper = mapperOf(rules);
    fc.assert(
      fc.property(fc.array(text, { maxLength: 40 }), fc.array(fc.nat(40)), (lines, cuts) => {
        const whole = mapper.map(inputOf(lines));
        const bounds = [
          ...new Set([0, ...cuts.filter((cut) => cut < lines.length), lines.length]),
        ].sort((a, b) => a - b);
        const pieces = bounds
          .slice(1)
          .map((to, i) => mapper.map(inputOf(lines.slice(bounds[i], to))));
        expect(totals(pieces.map(({ digest }) => digest))).toEqual(totals([whole.digest]));
        for (const name of ['records', 'malformed', 'skipData'] as const) {
          expect(pieces.reduce((sum, { counts }) => sum + counts[name], 0)).toBe(
            whole.counts[name],
          );
        }
        expect(Math.max(0, ...pieces.map(({ latest }) => latest))).toBe(whole.latest);
      }),
      { numRuns: 300 },
    );
  });

  test('of more lines than are matched in one turn has each group once', () => {
    const lines = Array.from({ length: BATCH_ROWS + 10 }, (_, i) =>
      line({ srcaddr: `10.0.0.${i % 3}`, dstport: 22, start: T + 5 - (i % 5), bytes: 2 }),
    );
    const { digest } = mapped([rules[0]], inputOf(lines));
    const groups = digest?.rules[0].groups ?? [];
    expect(groups.map(({ values }) => values[0])).toEqual(['10.0.0.0', '10.0.0.1', '10.0.0.2']);
    expect(groups.reduce((sum, { records }) => sum + records, 0)).toBe(lines.length);
    for (const { records, bytes, samples, top, first, last } of groups) {
      expect([bytes, samples.length, first, last]).toEqual([2 * records, 5, T + 1, T + 5]);
      expect(top.dstport).toEqual([[22, records]]);
    }
  });
});

describe('the bound on groups', () => {
  const rule = ruleOf('r', ALWAYS, by('srcaddr'));
  const address = (i: number): string => `198.18.${i >> 8}.${i & 255}`;
  const flood = (count: number, start = T): string[] =>
    Array.from({ length: count }, (_, i) => line({ srcaddr: address(i), start }));
  const ruleDigest = (lines: readonly string[], maxGroups: number) =>
    mapped([rule], inputOf(lines), maxGroups).digest!.rules[0];

  test('lets as many stay; one more goes, and all its records are counted', () => {
    expect(ruleDigest(flood(10), 10)).toMatchObject({ dropped: 0, records: 10 });
    const { groups, dropped, records } = ruleDigest(flood(11), 10);
    expect([groups.length, dropped, records]).toEqual([10, 1, 11]);
  });

  test('is of each slot and of each rule', () => {
    const lines = [...flood(10), ...flood(11, T + 60)];
    const other = ruleOf('other', ALWAYS, by('srcaddr'));
    const { digest } = mapped([rule, other], inputOf(lines), 10);
    expect(digest?.rules.map(({ groups }) => groups.length)).toEqual([20, 20]);
  });

  test('keeps what is above its share, wherever it stands, and counts what it drops', () => {
    const heavy = '203.0.113.9';
    for (const offset of [0, 3, 11]) {
      const lines = flood(3_000).map((text, i) =>
        i % 12 === offset ? line({ srcaddr: heavy, start: T }) : text,
      );
      const { groups, dropped, records } = ruleDigest(lines, 20);
      expect(groups.map(({ values }) => values[0])).toContain(heavy);
      expect(groups.length).toBeLessThanOrEqual(40);
      expect(records).toBe(3_000);
      expect(dropped).toBeGreaterThanOrEqual(2_751 - 40);
    }
  });

  test('keeps what comes in small parts after others grew heavy', () => {
    const early = [1, 2].flatMap((i) =>
      Array<string>(100).fill(line({ srcaddr: `10.9.0.${i}`, start: T })),
    );
    const others = flood(300);
    const late = others.flatMap((text, i) =>
      i % 3 === 0
        ? [...Array<string>(90).fill(line({ srcaddr: '10.9.9.9', start: T })), text]
        : [text],
    );
    const { groups } = ruleDigest([...early, ...late], 2);
    expect(groups.map(({ values }) => values[0])).toContain('10.9.9.9');
  });

  test('holds for an input of many turns, and for a hostile flood', () => {
    const heavy = Array<string>(3_000).fill(line({ srcaddr: '203.0.113.9', start: T }));
    const lines = [...flood(BATCH_ROWS), ...heavy, ...flood(BATCH_ROWS)];
    const { groups, dropped, records } = ruleDigest(lines, 20);
    expect(groups.length).toBeLessThanOrEqual(40);
    expect(groups.map(({ values }) => values[0])).toContain('203.0.113.9');
    expect([records, dropped > 2 * BATCH_ROWS - 200]).toEqual([lines.length, true]);
  });
});
