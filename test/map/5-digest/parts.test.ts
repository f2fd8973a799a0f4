import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { carriedBy } from '../../../src/detect/index.ts';
import { emptyPart, mergeParts, type Part, spansOf, stepsOf } from '../../../src/detect/parts.ts';
import type { GroupDigest, RuleDigest } from '../../../src/log/digest.ts';
import { BATCH_ROWS } from '../../../src/map/2-parse/parse.ts';
import { compileRuleSet } from '../../../src/map/4-match/rule-set.ts';
import { Mapper } from '../../../src/map/map.ts';
import type { CompiledRule, Detect } from '../../../src/rules/compiled.ts';
import { ALWAYS, type Flow, inputOf, leaf, line, port, ruleOf, snapshotOf } from '../inputs.ts';

/** Start of a minute. */
const T = 1_700_000_040;
const HASHES = 2 ** 48;

function windowed(detect: Detect, more: Partial<CompiledRule> = {}): CompiledRule {
  return ruleOf('r', ALWAYS, { detect, window: 300, ...more });
}

function digestOf(rule: CompiledRule, flows: readonly (Flow | string)[]): RuleDigest | undefined {
  const lines = flows.map((flow) =>
    typeof flow === 'string' ? flow : line({ start: T, ...flow }),
  );
  return new Mapper(compileRuleSet(snapshotOf([rule])), Infinity).map(inputOf(lines)).digest
    ?.rules[0];
}

const groupsOf = (rule: CompiledRule, flows: readonly (Flow | string)[]): readonly GroupDigest[] =>
  digestOf(rule, flows)?.groups ?? [];
/** The part of the only group. */
function partOf(rule: CompiledRule, flows: readonly (Flow | string)[]): Part | undefined {
  const groups = groupsOf(rule, flows);
  expect(groups.length).toBeLessThan(2);
  return groups[0]?.part;
}

const ports = (...all: number[]): Flow[] => all.map((dstport) => ({ dstport }));

describe('a rule that carries nothing', () => {
  test.each<Detect>([
    { kind: 'every' },
    { kind: 'count', above: 1 },
    { kind: 'sum', field: 'bytes', above: 1 },
    { kind: 'spike', field: 'bytes', factor: 5, min: 1, baseline: 86_400 },
    { kind: 'absent', for: 60, seen: 3 },
  ])('has an empty part: %o', (detect) => {
    expect(partOf(windowed(detect), [{}, {}])).toEqual([]);
  });

  test('of kind new is not counted where a field of the tuple is missing', () => {
    const rule = windowed(
      { kind: 'new', fields: ['srcaddr'], learn: 1, forget: 1 },
      { by: [{ field: 'srcaddr', optional: true }] },
    );
    expect(groupsOf(rule, [{ srcaddr: '-' }, {}]).map(({ values }) => values)).toEqual([
      ['10.0.0.10'],
    ]);
  });
});

describe('members', () => {
  const distinct = (fields: readonly string[], above = 100) =>
    windowed({ kind: 'distinct', fields, above });

  test('are the different values, ascending', () => {
    expect(partOf(distinct(['dstport']), ports(443, 22, 443, 80))).toEqual([22, 80, 443]);
    const addresses = ['10.0.0.2', '255.0.0.1', '10.0.0.2'].map((srcaddr) => ({ srcaddr }));
    expect(partOf(distinct(['srcaddr']), addresses)).toEqual([0x0a000002, 0xff000001]);
  });

  test('of IPv6 addresses or of several fields are hashes', () => {
    const addresses = ['::1', '::2', '::1', '10.0.0.1'].map((srcaddr) => ({ srcaddr }));
    const part = partOf(distinct(['srcaddr']), addresses) ?? [];
    expect(part).toHaveLength(3);
    expect(part.filter((member) => member >= HASHES)).toHaveLength(2);
    const pairs = [1, 2, 1, 1].map((dstport, i) => ({ dstport, srcport: i % 2 }));
    expect(partOf(distinct(['srcport', 'dstport']), pairs)).toHaveLength(3);
  });

  test('are no more than one above what is asked', () => {
    const many = ports(...Array.from({ length: 50 }, (_, i) => i + 1));
    expect(partOf(distinct(['dstport'], 9), many)).toHaveLength(10);
    expect(partOf(distinct(['dstport'], 50), many)).toHaveLength(50);
    expect(groupsOf(distinct(['dstport'], 9), many)[0].records).toBe(50);
  });

  test('need their fields: a record that lacks one does not count', () => {
    const flows = [{ dstport: '-' }, { dstport: 22 }];
    expect(digestOf(distinct(['dstport']), flows)).toMatchObject({ records: 1 });
    expect(digestOf(distinct(['vpc-id']), flows)).toBeUndefined();
  });

  test('are those of each group and slot', () => {
    const rule = {
      ...distinct(['dstport']),
      by: [{ field: 'srcaddr', optional: false }],
    };
    const flows = [
      { dstport: 1, srcaddr: '10.0.0.1' },
      { dstport: 2, srcaddr: '10.0.0.2' },
      { dstport: 3, srcaddr: '10.0.0.1', start: T + 60 },
      { dstport: 4, srcaddr: '10.0.0.1' },
    ];
    expect(groupsOf(rule, flows).map(({ part }) => part)).toEqual([[1, 4], [2], [3]]);
  });

  test('of connections are five-tuples, replies among them', () => {
    const rule = windowed({ kind: 'count', above: 9, of: 'connections' });
    const flows = [
      { srcport: 50_000, dstport: 443 },
      { srcport: 50_000, dstport: 443, bytes: 7 },
      { srcport: 50_001, dstport: 443 },
      { srcport: 443, dstport: 50_000 },
      { srcport: '-', dstport: 443 },
    ];
    expect(partOf(rule, flows)).toHaveLength(3);
    expect(digestOf(rule, flows)?.records).toBe(4);
  });
});

describe('a share', () => {
  const ratio = windowed({ kind: 'ratio', of: port(22), above: 0.5, min: 1 });

  test('is how many records also meet the condition', () => {
    expect(partOf(ratio, ports(22, 80, 22))).toEqual([2]);
    expect(partOf(ratio, ports(80))).toEqual([0]);
    expect(groupsOf(ratio, ports(22, 80, 22))[0].records).toBe(3);
  });

  test('may be of derived fields and lists', () => {
    const of = {
      all: [
        leaf('service', { in: { strings: ['ssh'] } }),
        leaf('srcaddr', { in: { lists: ['internal'] } }),
      ],
    };
    const rule = windowed({ kind: 'ratio', of, above: 0.5, min: 1 });
    expect(partOf(rule, [{ dstport: 22 }, { dstport: 22, srcaddr: '8.8.8.8' }, {}])).toEqual([1]);
  });
});

describe('connections', () => {
  const beacon = windowed({ kind: 'beacon', min: 8, jitter: 0.1 });
  const spans = (flows: readonly (Flow | string)[]) =>
    spansOf(partOf(beacon, flows) ?? []).map(({ start, end }) => [start, end]);

  test('are spans from start to end, relative to the slot', () => {
    expect(spans([{ start: T + 5, end: T + 8 }])).toEqual([[5, 8]]);
    expect(spans([{ start: T + 5, end: T + 3 }])).toEqual([[5, 5]]);
    expect(spans([{ start: T + 5, end: '-' }])).toEqual([[5, 5]]);
  });

  test('of one tuple are one where they are close, those of another are not', () => {
    const hour = { ...beacon, window: 3_600 };
    const slot = T - (T % 240);
    const flows = [0, 130, 10].map((after) => ({ start: slot + after, end: slot + after + 9 }));
    expect(spansOf(partOf(hour, flows) ?? [])).toMatchObject([{ start: 0, end: 139 }]);
    const other = (start: number) => ({ start: slot + start, end: slot + start + 1, srcport: 9 });
    expect(spansOf(partOf(hour, [...flows, other(0), other(121)]) ?? [])).toHaveLength(2);
    expect(spansOf(partOf(hour, [...flows, other(0), other(122)]) ?? [])).toHaveLength(3);
  });

  test('leave replies out, wholly', () => {
    const flows = [
      { srcport: 50_000, dstport: 443 },
      { srcport: 443, dstport: 50_000 },
      { srcport: 50_000, dstport: 50_001 },
    ];
    expect(digestOf(beacon, flows)?.records).toBe(2);
    expect(spans(flows)).toHaveLength(2);
    const replies = [{ srcport: 443, dstport: 50_000 }];
    expect(digestOf(beacon, replies)).toBeUndefined();
    expect(digestOf(windowed({ kind: 'count', above: 1 }), replies)?.records).toBe(1);
  });

  test('need all of the five', () => {
    expect(digestOf(beacon, [{ protocol: '-' }])).toBeUndefined();
  });
});

describe('answers', () => {
  const rule = ruleOf('u', port(443), { detect: { kind: 'unanswered', min: 3 }, window: 300 });
  const call = { srcaddr: '10.0.0.1', srcport: 50_000, dstaddr: '10.9.9.9', dstport: 443 };
  const reply = { srcaddr: '10.9.9.9', srcport: 443, dstaddr: '10.0.0.1', dstport: 50_000 };

  test('carry the tuple of the flow that they answer', () => {
    const digest = digestOf(rule, [call, { ...reply, start: T + 7 }]);
    const [{ part }] = digest?.groups ?? [];
    expect(digest?.answers).toEqual([[part[0], T + 7]]);
    const six = [
      { ...call, srcaddr: '::1', dstaddr: '::2' },
      { ...reply, srcaddr: '::2', dstaddr: '::1' },
    ];
    const other = digestOf(rule, six);
    expect(other?.answers).toEqual([[other?.groups[0].part[0], T]]);
  });

  test('make a digest of their own where nothing else matched', () => {
    const digest = digestOf(rule, [reply]);
    expect(digest).toMatchObject({ records: 0, groups: [] });
    expect(digest?.answers).toHaveLength(1);
    expect(digestOf(rule, [{ ...reply, action: 'REJECT' }])).toBeUndefined();
    expect(digestOf(rule, [{ ...reply, srcport: 444 }])).toBeUndefined();
    expect(digestOf(rule, [{ ...reply, protocol: '-' }])).toBeUndefined();
  });

  test('of one tuple in one minute are the first and the last', () => {
    const starts = [30, 10, 20, 59, 60].map((after) => ({ ...reply, start: T + after }));
    const answers = digestOf(rule, starts)?.answers ?? [];
    expect(answers.map(([, start]) => start - T)).toEqual([10, 59, 60]);
    expect(new Set(answers.map(([tuple]) => tuple)).size).toBe(1);
  });
});

describe('steps', () => {
  const detect: Detect = {
    kind: 'sequence',
    steps: [
      { match: port(1, 100), above: 2, distinct: ['dstport'] },
      { rule: 'other' },
      { match: port(80, 200), above: 0 },
    ],
  };
  const rule = windowed(detect);

  test('have each their own records or members', () => {
    expect(partOf(rule, ports(1, 80, 150, 150, 500))).toEqual([2, 1, 80, 0, 3]);
    expect(partOf(rule, ports(150))).toEqual([0, 0, 1]);
    expect(digestOf(rule, ports(500))).toBeUndefined();
  });

  test('count a record that meets two of them once', () => {
    const digest = digestOf(rule, ports(1, 80, 150));
    expect(digest?.records).toBe(3);
    expect(digest?.groups[0]).toMatchObject({ records: 3, bytes: 3 * 840 });
  });

  test('hold no more members than one above what is asked', () => {
    expect(partOf(rule, ports(1, 2, 3, 4, 5))).toEqual([3, 1, 2, 3, 0, 0]);
  });

  test('gain nothing by a record that lacks a distinct field', () => {
    const lacking = windowed({
      kind: 'sequence',
      steps: [
        { match: ALWAYS, above: 0, distinct: ['vpc-id'] },
        { match: ALWAYS, above: 0 },
      ],
    });
    expect(partOf(lacking, [{}])).toEqual([0, 1]);
  });

  test('of two rules whose records alternate stay apart', () => {
    const unanswered = ruleOf('u', port(443), {
      detect: { kind: 'unanswered', min: 3 },
      window: 300,
    });
    const both = windowed({
      kind: 'sequence',
      steps: [
        { match: port(443), above: 0 },
        { match: ALWAYS, above: 0 },
      ],
    });
    const flows = [
      { dstport: 443, srcport: 443 },
      { dstport: 443, srcport: 443, bytes: 1 },
    ];
    const set = compileRuleSet(snapshotOf([both, unanswered]));
    const { digest } = new Mapper(set, Infinity).map(inputOf(flows.map(line)));
    expect(digest?.rules.map(({ records }) => records)).toEqual([2, 2]);
    expect(digest?.rules[0].groups[0].part).toEqual([2, 2]);
  });
});

const KINDS: readonly Detect[] = [
  { kind: 'count', above: 60, of: 'connections' },
  { kind: 'distinct', fields: ['dstport'], above: 1_000 },
  { kind: 'distinct', fields: ['srcaddr', 'dstport'], above: 10_000 },
  { kind: 'ratio', of: port(1, 50), above: 0.5, min: 1 },
  { kind: 'beacon', min: 8, jitter: 0.1 },
  { kind: 'unanswered', min: 3 },
  {
    kind: 'sequence',
    steps: [
      { match: port(1, 60), above: 500, distinct: ['srcport', 'dstport'] },
      { match: port(30, 90), above: 3 },
    ],
  },
];

describe('an input and its pieces', () => {
  const flow = fc.record<Flow>({
    srcaddr: fc.constantFrom('10.0.0.1', '10.0.0.2', '::1'),
    srcport: fc.constantFrom(50, 443, 50_000, 50_001),
    dstport: fc.integer({ min: 20, max: 60 }),
    start: fc.integer({ min: T, max: T + 240 }),
  });

  /** Parts by slot and group, with order taken out of what has none. */
  function parts(detect: Detect, digests: readonly (RuleDigest | undefined)[]) {
    const carried = carriedBy(detect);
    const merged = new Map<string, Part>();
    const answers = new Map<string, [number, number]>();
    for (const digest of digests) {
      for (const { slot, values, part } of digest?.groups ?? []) {
        const key = JSON.stringify([slot, values]);
        merged.set(key, mergeParts(carried, merged.get(key) ?? emptyPart(carried), part));
      }
      for (const [tuple, start] of digest?.answers ?? []) {
        const key = `${tuple} ${Math.floor(start / 60)}`;
        const [least, greatest] = answers.get(key) ?? [start, start];
        answers.set(key, [Math.min(least, start), Math.max(greatest, start)]);
      }
    }
    const ordered = [...merged].map(([key, part]) => {
      if (carried.what === 'steps') {
        return [
          key,
          stepsOf(carried.steps, part).map(({ count, members }) => [count, [...members].sort()]),
        ];
      }
      return [key, carried.what === 'members' ? [...part].sort() : part];
    });
    return [new Map(ordered as [string, unknown][]), answers];
  }

  test.each(KINDS)('carry the same: %o', (detect) => {
    const rule = windowed(detect, { by: [{ field: 'srcaddr', optional: false }] });
    // Where there are more members than may be told, which of them are told is of no matter.
    const mapper = new Mapper(compileRuleSet(snapshotOf([rule])), Infinity);
    const digested = (flows: readonly Flow[]) =>
      mapper.map(inputOf(flows.map(line))).digest?.rules[0];
    fc.assert(
      fc.property(fc.array(flow, { maxLength: 30 }), fc.nat(30), (flows, at) => {
        const pieces = [flows.slice(0, at), flows.slice(at)].map(digested);
        expect(parts(detect, pieces)).toEqual(parts(detect, [digested(flows)]));
      }),
      { numRuns: 100 },
    );
  });

  test.each(KINDS)('are one digest, of however many turns: %o', (detect) => {
    const rule = windowed(detect, { by: [{ field: 'dstaddr', optional: false }] });
    const few = Array.from(
      { length: 40 },
      (_, i): Flow => ({
        srcport: i % 2 ? 50_000 + i : 443,
        dstport: 1 + i,
        srcaddr: `10.0.0.${i % 5}`,
        start: T + (i % 3),
        end: T + 20,
      }),
    );
    const one = digestOf(rule, few);
    const turns = Math.ceil((2 * BATCH_ROWS + 100) / few.length);
    const many = Array.from({ length: turns }, () => few.map(line)).flat();
    const all = digestOf(rule, many);
    expect(all?.groups).toHaveLength(1);
    expect(all?.records).toBe((one?.records ?? 0) * turns);
    const repeated =
      detect.kind === 'ratio' ? one?.groups[0].part.map((n) => n * turns) : undefined;
    if (detect.kind === 'sequence') {
      const carried = carriedBy(detect);
      if (carried.what !== 'steps') throw new Error('no steps');
      const [alone, whole] = [one, all].map((digest) =>
        stepsOf(carried.steps, digest?.groups[0].part ?? []),
      );
      expect([...whole[0].members].sort()).toEqual([...alone[0].members].sort());
      expect(whole[1].count).toBe(alone[1].count * turns);
    } else expect(all?.groups[0].part).toEqual(repeated ?? one?.groups[0].part);
    expect(all?.answers).toEqual(one?.answers);
  });
});
