import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { stringify } from 'yaml';
import { matchSchema } from '../../src/rules/condition-schema.ts';
import { type Interval, intersect, normalise } from '../../src/rules/intervals.ts';
import { compileMatch } from '../../src/rules/match.ts';
import { Reporter } from '../../src/rules/reporter.ts';
import { compileText, listsOf } from './one-rule.ts';

const port = fc.integer({ min: 0, max: 65_535 });
const ports = fc.oneof(
  port,
  port.map(String),
  fc.tuple(port, port).map((pair) => pair.sort((a, b) => a - b).join('-')),
);
const octet = fc.integer({ min: 0, max: 255 });
const address = fc.oneof(
  fc.tuple(octet, octet, octet, octet).map((octets) => octets.join('.')),
  octet.map((first) => `${first}.0.0.0/8`),
  // The YAML printer leaves the quotes off fd00:: in a flow list, where it then reads as a key.
  fc.ipV6().filter((text) => !text.endsWith(':')),
  fc.constantFrom('$internal', '$private', '$bogon'),
);
const text = fc.constantFrom('vpc-1', 'no', '0123', '1e3', 'true', 'a: b', '# x', '-', "it's", 'é');
const several = <T>(one: fc.Arbitrary<T>) =>
  fc.oneof(one, fc.array(one, { minLength: 1, maxLength: 3 }));
const condition = <T>(one: fc.Arbitrary<T>) =>
  fc.oneof(several(one), fc.record({ not: several(one) }), fc.record({ exists: fc.boolean() }));
const bounds = fc.record({
  gte: fc.integer({ min: 0, max: 100 }),
  lt: fc.integer({ min: 101, max: 200 }),
});

const fields = {
  dstport: fc.oneof(condition(ports), bounds),
  srcaddr: condition(address),
  'vpc-id': condition(text),
  action: fc.constantFrom('ACCEPT', 'REJECT'),
};
const filled = (block: object) => (Object.keys(block).length === 0 ? { action: 'ACCEPT' } : block);
const flat = fc.record(fields, { requiredKeys: [] }).map(filled);
const { match } = fc.letrec<{ match: object }>((tie) => ({
  match: fc.oneof(
    { maxDepth: 3 },
    flat,
    fc
      .record(
        {
          ...fields,
          any: fc.array(tie('match'), { minLength: 1, maxLength: 2 }),
          not: tie('match'),
        },
        { requiredKeys: [] },
      )
      .map(filled),
  ),
}));
const rule = fc.record({ title: text, match, by: fc.constant(['srcaddr', 'vpc-id?']) });

describe('writing', () => {
  test('A rule means the same printed as YAML, as flow YAML and as JSON', () => {
    fc.assert(
      fc.property(rule, (document) => {
        const block = compileText(stringify(document));
        const flow = compileText(stringify(document, { collectionStyle: 'flow' }));
        const json = compileText(JSON.stringify(document));
        expect(block.problems.filter(({ severity }) => severity === 'error')).toEqual([]);
        expect(block.compiled).toBeDefined();
        expect(flow.compiled).toEqual(block.compiled);
        expect(json.compiled).toEqual(block.compiled);
      }),
      { numRuns: 200 },
    );
  });

  test('The normal form does not depend on the order or repetition of values', () => {
    fc.assert(
      fc.property(fc.array(ports, { minLength: 1 }), (values) => {
        const normal = (list: readonly unknown[]) =>
          compileText(JSON.stringify({ match: { dstport: list } })).compiled?.match;
        expect(normal([...values].reverse().concat(values))).toEqual(normal(values));
      }),
    );
  });
});

describe('the schema and the compiler', () => {
  const judge = (block: unknown): { schema: boolean; compiler: boolean } => {
    const report = new Reporter('x');
    const compiled = compileMatch(block, ['match'], { report, lists: listsOf() });
    return { schema: matchSchema.safeParse(block).success, compiler: compiled !== undefined };
  };

  test('Whatever compiles, editors accept', () => {
    fc.assert(
      fc.property(match, (block) => {
        expect(judge(block)).toEqual({ schema: true, compiler: true });
      }),
    );
  });

  test('Whatever editors refuse, the compiler refuses, and says why', () => {
    const key = fc.constantFrom(
      'dstport',
      'srcaddr',
      'action',
      'any',
      'all',
      'not',
      'gt',
      'exists',
      'has',
      'prefix',
      'x',
    );
    const { anything } = fc.letrec<{ anything: unknown }>((tie) => ({
      anything: fc.oneof(
        { maxDepth: 3 },
        fc.constantFrom(null, true, 22, 'a', '22', '10.0.0.0/8', [], {}),
        fc.array(tie('anything'), { maxLength: 2 }),
        fc.dictionary(key, tie('anything'), { maxKeys: 3 }),
      ),
    }));
    fc.assert(
      fc.property(anything, (block) => {
        const { schema, compiler } = judge(block);
        expect(compiler && !schema).toBe(false);
        const report = new Reporter('x');
        const compiled = compileMatch(block, ['match'], { report, lists: listsOf() });
        expect(report.failed).toBe(compiled === undefined);
      }),
      { numRuns: 1_000 },
    );
  });

  test('No text makes the reader or the compiler throw', () => {
    const piece = fc.constantFrom(
      'match:',
      ' ',
      '\n',
      '  ',
      '- ',
      '{',
      '}',
      '[',
      ']',
      ':',
      ',',
      '&a',
      '*a',
      '"',
      "'",
      '|',
      '>',
      '!!x',
      '---\n',
      'dstport',
      '22',
      '$x',
      '?',
      '%',
      '#',
      '\t',
      '<<',
      'not:',
      'id: a',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
        try {
          compileText(pieces.join(''));
        } catch (error) {
          expect((error as Error).message).toMatch(/^wanted one document/);
        }
      }),
      { numRuns: 1_000 },
    );
  });
});

describe('intervals', () => {
  const interval = fc
    .tuple(fc.integer({ min: 0, max: 30 }), fc.integer({ min: 0, max: 30 }))
    .map(([a, b]): Interval => [Math.min(a, b), Math.max(a, b)]);
  const has = (set: readonly Interval[], value: number) =>
    set.some(([low, high]) => low <= value && value <= high);
  const values = Array.from({ length: 33 }, (_, index) => index - 1);

  test('The normal form holds the same numbers, sorted and apart', () => {
    fc.assert(
      fc.property(fc.array(interval), (set) => {
        const normal = normalise(set);
        for (const value of values) expect(has(normal, value)).toBe(has(set, value));
        for (const [index, [low]] of normal.entries()) {
          if (index > 0) expect(low).toBeGreaterThan(normal[index - 1][1] + 1);
        }
      }),
    );
  });

  test('An intersection holds what both hold', () => {
    fc.assert(
      fc.property(fc.array(interval), fc.array(interval), (a, b) => {
        const both = intersect(normalise(a), normalise(b));
        for (const value of values) expect(has(both, value)).toBe(has(a, value) && has(b, value));
      }),
    );
  });
});
