import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { heaviest } from '../../../src/map/5-digest/heavy-groups.ts';

/** Counts a stream as the digester does: too many at once, and the light ones go. */
function counted(stream: readonly number[], bound: number): Set<number> {
  const weights = new Map<number, number>();
  for (const key of stream) {
    weights.set(key, (weights.get(key) ?? 0) + 1);
    if (weights.size > 2 * bound) heaviest(weights, bound);
  }
  return new Set(weights.keys());
}

describe('the heaviest groups', () => {
  test('are as many as the bound, of equal ones the first', () => {
    const weights = new Map([
      ['a', 1],
      ['b', 5],
      ['c', 3],
      ['d', 3],
      ['e', 1],
    ]);
    expect(heaviest(weights, 2).gone).toEqual(['d', 'a', 'e']);
    expect([...weights]).toEqual([
      ['b', 2],
      ['c', 0],
    ]);
  });

  test('are all of them where there are not too many', () => {
    const weights = new Map([
      ['a', 1],
      ['b', 5],
    ]);
    expect(heaviest(weights, 2).gone).toEqual([]);
    expect([...weights]).toEqual([
      ['a', 1],
      ['b', 5],
    ]);
  });

  test('hold any key above its share of a stream, in whatever order it comes', () => {
    const burst = fc.tuple(fc.nat(60), fc.integer({ min: 1, max: 9 }));
    const stream = fc
      .array(burst, { maxLength: 60 })
      .map((bursts) => bursts.flatMap(([key, times]) => Array<number>(times).fill(key)));
    fc.assert(
      fc.property(stream, fc.integer({ min: 1, max: 6 }), (keys, bound) => {
        const kept = counted(keys, bound);
        for (const key of new Set(keys)) {
          const share = keys.filter((other) => other === key).length;
          if (share > keys.length / bound) expect([...kept]).toContain(key);
        }
      }),
      { numRuns: 1000 },
    );
  });

  test('hold a key that comes in small parts after others grew heavy', () => {
    const early = [1, 2].flatMap((key) => Array<number>(100).fill(key));
    const late = Array.from({ length: 100 }, (_, i) => [
      ...Array<number>(90).fill(7),
      ...[0, 1, 2].map((j) => 1_000 + 3 * i + j),
    ]);
    expect([...counted([...early, ...late.flat()], 2)]).toContain(7);
  });
});
