import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { ByteReader, ByteWriter } from '../../src/log/varint.ts';

function written(...values: number[]): Uint8Array {
  const writer = new ByteWriter();
  for (const value of values) writer.uint(value);
  return writer.finish();
}

describe('numbers as bytes', () => {
  test.each([
    [0, 1],
    [127, 1],
    [128, 2],
    [16_383, 2],
    [16_384, 3],
    [Number.MAX_SAFE_INTEGER, 8],
  ])('%i takes %i bytes and reads back', (value, size) => {
    const bytes = written(value);
    expect(bytes).toHaveLength(size);
    expect(new ByteReader(bytes).uint()).toBe(value);
  });

  test('any numbers in a row read back, sums beyond 2^53 as the doubles they are', () => {
    const amount = fc.oneof(
      fc.nat(),
      fc.maxSafeNat(),
      fc.maxSafeNat().map((value) => value * 4096),
    );
    fc.assert(
      fc.property(fc.array(amount, { maxLength: 200 }), (values) => {
        const reader = new ByteReader(written(...values));
        expect(values.map(() => reader.uint())).toEqual(values);
        expect(reader.ended).toBe(true);
      }),
    );
  });

  test.each([[-1], [Number.NaN], [Infinity], [1e40]])('%d cannot be written', (value) => {
    expect(() => written(value)).toThrow(RangeError);
  });

  test('a number that never ends is refused, as is one that breaks off', () => {
    expect(() => new ByteReader(new Uint8Array(100).fill(0x80)).uint()).toThrow('too long');
    expect(() => new ByteReader(Uint8Array.of(0x80)).uint()).toThrow('breaks off');
    expect(new ByteReader(Uint8Array.of(0x80, 1)).uint()).toBe(128);
  });
});

describe('text as bytes', () => {
  test('any text reads back, and what follows it as well', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 400 }), fc.nat(), (text, after) => {
        const writer = new ByteWriter();
        writer.text(text);
        writer.uint(after);
        const reader = new ByteReader(writer.finish());
        expect([reader.text(), reader.uint()]).toEqual([text, after]);
      }),
    );
  });

  test('a text longer than the bytes is refused', () => {
    expect(() => new ByteReader(Uint8Array.of(3, 65, 66)).text()).toThrow('breaks off');
    expect(new ByteReader(Uint8Array.of(2, 65, 66)).text()).toBe('AB');
  });

  test('reading may start in the middle', () => {
    expect(new ByteReader(Uint8Array.of(9, 9, 5), 2).uint()).toBe(5);
  });
});
