import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { compileList, mergeLists } from '../../../src/config/lists.ts';
import {
  documentsOf,
  parametersOf,
  STANDARD_BYTES,
  wholeText,
} from '../../../src/config/plan/parameters.ts';
import type { CompiledList } from '../../../src/rules/compiled.ts';

const valuesOf = (text: string) => compileList({ path: 'lists/l', text, origin: 'l' }, 'l').list;
const stored = (parameters: readonly { path: string; text: string }[]) =>
  parameters.map((one, i) => ({ ...one, origin: one.path, version: i + 1 }));
const block = (count: number, head = '') =>
  `${head}values:\n${Array.from({ length: count }, (_, i) => `  - 10.${i >> 8}.${i & 255}.0/24\n`).join('')}`;

describe('A document', () => {
  test('of any other kind is one parameter, whatever its length', () => {
    const text = `# ${'x'.repeat(9_000)}`;
    for (const path of ['rules/a', 'settings', 'filters/f', 'lists/a/1', 'rules/lists']) {
      expect(parametersOf(path, text)).toEqual([{ path, text }]);
    }
  });

  test('is one parameter where a list fits a standard one', () => {
    const text = block(100);
    expect(parametersOf('lists/a', text)).toEqual([{ path: 'lists/a', text }]);
  });

  test('that cannot be read as a list is left whole, to be told of', () => {
    const text = `values: [${'10.0.0.1/8, '.repeat(500)}]`;
    expect(parametersOf('lists/a', text)).toEqual([{ path: 'lists/a', text }]);
  });
});

describe('A long list', () => {
  test('goes in parts of a standard parameter each, which are lists by themselves', () => {
    const text = block(1_000, '# ours\ndescription: all of them\n');
    const parts = parametersOf('lists/ours', text);
    expect(parts.map(({ path }) => path)).toEqual(parts.map((_, i) => `lists/ours/${i + 1}`));
    for (const part of parts) {
      expect(Buffer.byteLength(part.text)).toBeLessThanOrEqual(STANDARD_BYTES);
      expect(valuesOf(part.text)).toBeDefined();
    }
    const merged = mergeLists(parts.map((part) => valuesOf(part.text) as CompiledList));
    expect(merged).toEqual(valuesOf(text));
  });

  test('with a value a line comes back as it was written, comments and line ends included', () => {
    const value = fc.oneof(
      fc.ipV4(),
      fc.nat(99_999),
      fc.constantFrom('"012345678901"', "'it is'", 'vpc-1 # why', '"- x"'),
    );
    const line = fc.oneof(
      { weight: 9, arbitrary: value.map((text) => `  - ${text}`) },
      fc.constantFrom('', '# note', '  # indented'),
    );
    const list = fc.record({
      head: fc.constantFrom('', '# a list\n', 'description: d\n'),
      lines: fc.array(line, { minLength: 10, maxLength: 40 }),
      end: fc.constantFrom('\n', '\r\n'),
      closed: fc.boolean(),
    });
    fc.assert(
      fc.property(list, ({ head, lines, end, closed }) => {
        // Long by repetition: what is drawn stands at the end of one part and the beginning of others.
        const all = Array.from({ length: 40 }, (_, i) => [
          ...lines,
          `  - vpc-${i}-${'0'.repeat(100)}`,
        ]).flat();
        const text = `${head}values:\n${all.join('\n')}${closed ? '\n' : ''}`.replaceAll('\n', end);
        const parts = parametersOf('lists/long', text);
        expect(parts.length).toBeGreaterThan(1);
        expect(wholeText(parts)).toBe(text);
        const merged = mergeLists(parts.map((part) => valuesOf(part.text) as CompiledList));
        expect(merged).toEqual(valuesOf(text));
      }),
      { numRuns: 20, endOnFailure: true },
    );
  });

  test('whose values go over several lines is written anew, none cut', () => {
    const text = `values:\n${Array.from({ length: 500 }, (_, i) => `  - "a\n    b${i}"\n`).join('')}`;
    const parts = parametersOf('lists/long', text);
    expect(parts.length).toBeGreaterThan(1);
    expect(valuesOf(wholeText(parts))).toEqual(valuesOf(text));
  });

  test('of another form keeps its values and description', () => {
    const values = Array.from({ length: 1_500 }, (_, i) => i + 1);
    const text = `{"description": "ports: all", "values": [${values.join(',')}, "012345678901"]}`;
    const parts = parametersOf('lists/long', text);
    expect(parts.length).toBeGreaterThan(1);
    expect(valuesOf(wholeText(parts))).toEqual(valuesOf(text));
    expect(wholeText(parts)).toContain('description: "ports: all"\n');
  });

  test("that is AWS's file of ranges goes as its blocks", () => {
    const prefixes = Array.from({ length: 500 }, (_, i) => ({
      ip_prefix: `3.${i >> 8}.${i & 255}.0/24`,
      region: 'eu-west-1',
      service: 'AMAZON',
    }));
    const text = JSON.stringify({ syncToken: '1', prefixes, ipv6_prefixes: [] });
    expect(valuesOf(wholeText(parametersOf('lists/aws', text)))).toEqual(valuesOf(text));
  });

  test('has parts of which each begins with a value, so that none is empty', () => {
    const text = `values:\n  - 1\n${'  # long\n'.repeat(800)}  - 2\n`;
    for (const { text: part } of parametersOf('lists/a', text)) {
      expect(valuesOf(part)?.numbers.length).toBeGreaterThan(0);
    }
  });
});

describe('Parameters as documents', () => {
  const parts = parametersOf('lists/long', block(600));

  test('join the parts that push made, in their order', () => {
    const many = parametersOf('lists/long', block(3_000));
    expect(many.length).toBeGreaterThan(10);
    const [document, ...rest] = documentsOf(stored([...many].reverse()));
    expect(rest).toEqual([]);
    expect(document).toMatchObject({ path: 'lists/long', text: block(3_000) });
    expect(document.torn).toBeUndefined();
  });

  test('leave parts that somebody wrote by hand as they are', () => {
    const byHand = [
      { path: 'lists/long/1', text: 'values: [1]' },
      { path: 'lists/long/2', text: 'values: [2]' },
    ];
    expect(documentsOf(stored(byHand)).map(({ path }) => path)).toEqual([
      'lists/long/1',
      'lists/long/2',
    ]);
    const beside = { path: 'lists/long/extra', text: 'values: [9]' };
    expect(documentsOf(stored([...parts, beside])).map(({ path, torn }) => [path, torn])).toEqual([
      ['lists/long', undefined],
      ['lists/long/extra', undefined],
    ]);
  });

  test.each([
    ['one is missing', parts.slice(1)],
    ['there is one of a longer list', [...parts, { ...parts[0], path: 'lists/long/9' }]],
    ['the whole is there too', [...parts, { path: 'lists/long', text: 'values: [1]' }]],
  ])('are torn where %s', (_, parameters) => {
    expect(documentsOf(stored(parameters))).toMatchObject([{ path: 'lists/long', torn: true }]);
  });
});
