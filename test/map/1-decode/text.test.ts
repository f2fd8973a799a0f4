import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { linesOfText, MAX_LINE } from '../../../src/map/1-decode/text.ts';
import { linesIn } from './payloads.ts';

const read = (text: string, from?: number, to?: number) =>
  linesIn(linesOfText(Buffer.from(text), from, to));

describe('lines of a text', () => {
  test.each([
    ['end at \\n', 'a\nb\n', ['a', 'b']],
    ['end at \\r\\n', 'a\r\nb\r\n', ['a', 'b']],
    ['may end in both ways', 'a\r\nb\nc', ['a', 'b', 'c']],
    ['keep a return that is not at the end', 'a\rb\n', ['a\rb']],
    ['need no final newline', 'a\nb', ['a', 'b']],
    ['are none where all are blank', '\n\r\n\n', []],
    ['are none in nothing', '', []],
    ['keep their blanks', ' a \n', [' a ']],
  ])('%s', (_, text, expected) => {
    expect(read(text)).toEqual(expected);
  });

  test('a part of a buffer ends where it is told to', () => {
    expect(read('one\ntwo\nthree', 2, 9)).toEqual(['e', 'two', 't']);
    expect(read('one\ntwo', 0, 3)).toEqual(['one']);
  });

  test('a line of 64 KiB is read, a longer one is counted and its neighbours stay', () => {
    const fits = 'x'.repeat(MAX_LINE);
    const lines = linesOfText(Buffer.from(`before\n${fits}\nbetween\n${fits}y\r\nafter`));
    expect(linesIn(lines)).toEqual(['before', fits, 'between', 'after']);
    expect(lines.faults).toEqual({ 'line-too-long': 1 });
    expect(linesOfText(Buffer.from('short')).faults).toEqual({});
  });

  test('a line of 10 MB is counted, wherever it stands', () => {
    const huge = 'x'.repeat(10_000_000);
    for (const text of [`${huge}\nb\nc`, `b\n${huge}\nc`, `b\nc\n${huge}`]) {
      const lines = linesOfText(Buffer.from(text));
      expect(linesIn(lines)).toEqual(['b', 'c']);
      expect(lines.faults).toEqual({ 'line-too-long': 1 });
    }
  });

  test('any bytes come out as splitting their text would have it', () => {
    const bytes = fc
      .array(
        fc.oneof(
          { weight: 1, arbitrary: fc.constantFrom(10, 13) },
          { weight: 2, arbitrary: fc.nat(255) },
        ),
      )
      .map((list) => Buffer.from(list));
    fc.assert(
      fc.property(bytes, (text) => {
        const expected = text
          .toString('latin1')
          .split('\n')
          .map((line, i, all) => (i < all.length && line.endsWith('\r') ? line.slice(0, -1) : line))
          .filter((line) => line !== '');
        expect(linesIn(linesOfText(text))).toEqual(expected);
      }),
      { numRuns: 1000 },
    );
  });

  test('short lines of a large text all fit', () => {
    expect(linesOfText(Buffer.from('a\n'.repeat(5_000))).count).toBe(5_000);
  });
});
