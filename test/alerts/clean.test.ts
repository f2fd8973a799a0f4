import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { cleanLine, cleanValue, cut, toAscii } from '../../src/alerts/clean.ts';

const anything = fc.string({ unit: 'binary', maxLength: 300 });

describe('cleanValue', () => {
  test('escape sequences lose the escape that makes them one', () => {
    expect(cleanValue('\u001b[31mred\u009b2J')).toBe('?[31mred?2J');
  });

  test('line breaks, columns and marks that turn text around become question marks', () => {
    expect(cleanValue('a\r\nb\u2028c|d\u202ee\u200bf')).toBe('a??b?c?d?e?f');
  });

  test('letters of any language, blanks and punctuation stay', () => {
    expect(cleanValue('Größe 東京 {x} <b> 100%')).toBe('Größe 東京 {x} <b> 100%');
  });

  test('a long value is cut with a mark, one of just the length is not', () => {
    expect(cleanValue('x'.repeat(120))).toBe('x'.repeat(120));
    expect(cleanValue('x'.repeat(121))).toBe(`${'x'.repeat(119)}…`);
  });

  test('no control character, line break or lone surrogate survives', () => {
    fc.assert(
      fc.property(anything, (text) => {
        expect(cleanValue(text)).not.toMatch(/[\p{Cc}\p{Cs}\u2028\u2029|]/u);
        expect(cleanLine(text)).not.toMatch(/[\p{Cc}\p{Cs}\u2028\u2029]/u);
      }),
    );
  });
});

describe('cleanLine', () => {
  test('joins lines with one blank and keeps column marks that authors wrote', () => {
    expect(cleanLine('  one |\n  two\r\n\r\nthree\n')).toBe('one | two three');
  });
});

describe('toAscii', () => {
  test('accents are dropped and what has no ASCII form is marked', () => {
    expect(toAscii('Größe: café → 東 …')).toBe('Gro?e: cafe -> ? ...');
  });

  test('only printable ASCII comes out', () => {
    fc.assert(fc.property(anything, (text) => expect(toAscii(text)).toMatch(/^[\x20-\x7e]*$/)));
  });
});

describe('cut', () => {
  test('leaves what fits and marks what does not', () => {
    expect(cut('abcdefghij', 10)).toBe('abcdefghij');
    expect(cut('abcdefghijk', 10)).toBe('abcdefg...');
  });

  test('never leaves half a character', () => {
    expect(cut('abcdef😀😀😀', 10)).toBe('abcdef...');
  });
});
