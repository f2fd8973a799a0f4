import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { TopValues } from '../../../src/map/5-digest/top-values.ts';

function ranked(values: readonly number[]): [number, number][] {
  const top = new TopValues();
  for (const [row, value] of values.entries()) top.add(value, row);
  return top.ranked().map(({ row, count }) => [values[row], count]);
}

describe('top values', () => {
  test('of up to eight different ones are exact and descend', () => {
    expect(ranked([5, 6, 6, 7, 6, 7])).toEqual([
      [6, 3],
      [7, 2],
      [5, 1],
    ]);
  });

  test('have any value above a ninth of all, never counted more often than it came', () => {
    const stream = fc.array(fc.oneof(fc.nat(3), fc.nat(40)), { maxLength: 200 });
    fc.assert(
      fc.property(stream, (values) => {
        const top = new Map(ranked(values));
        for (const value of new Set(values)) {
          const share = values.filter((other) => other === value).length;
          if (share > values.length / 9) expect([...top.keys()]).toContain(value);
          expect(top.get(value) ?? 0).toBeLessThanOrEqual(share);
        }
        expect(top.size).toBeLessThanOrEqual(8);
      }),
    );
  });
});
