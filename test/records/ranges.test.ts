import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  boundsAtMost,
  complement,
  contains,
  intersection,
  type Ranges,
  union,
} from '../../src/records/ranges.ts';

const LEAST = 0;
const MOST = 40;
const point = fc.integer({ min: LEAST, max: MOST });
const pairs = fc.array(fc.tuple(point, point), { maxLength: 8 });

/** The same set, one number at a time. */
function members(list: readonly (readonly [number, number])[]): Set<number> {
  const out = new Set<number>();
  for (const [from, to] of list) for (let i = from; i < to; i++) out.add(i);
  return out;
}

function listed(set: Ranges<number>): number[] {
  const out: number[] = [];
  for (let i = LEAST - 1; i <= MOST; i++) if (contains(set, i)) out.push(i);
  return out;
}

const sorted = (set: Set<number>): number[] => [...set].sort((a, b) => a - b);

/** Sorted, disjoint, and with a hole between any two ranges. */
function expectNormal(set: Ranges<number>): void {
  for (let i = 1; i < set.length; i++) expect(set[i]).toBeGreaterThan(set[i - 1]);
  expect(set.length % 2).toBe(0);
}

describe('ranges', () => {
  test('touching ranges become one, a hole keeps them apart', () => {
    expect(
      union([
        [5, 8],
        [1, 5],
      ]),
    ).toEqual([1, 8]);
    expect(
      union([
        [6, 8],
        [1, 5],
      ]),
    ).toEqual([1, 5, 6, 8]);
    expect(union([[3, 3]])).toEqual([]);
  });

  test('a union has what any of its ranges has', () => {
    fc.assert(
      fc.property(pairs, (list) => {
        const set = union(list);
        expectNormal(set);
        expect(listed(set)).toEqual(sorted(members(list)));
      }),
    );
  });

  test('an intersection has what both have', () => {
    fc.assert(
      fc.property(pairs, pairs, (a, b) => {
        const set = intersection(union(a), union(b));
        expectNormal(set);
        const right = members(b);
        const both = new Set([...members(a)].filter((value) => right.has(value)));
        expect(listed(set)).toEqual(sorted(both));
      }),
    );
  });

  test('a complement has what the set lacks, and twice gives the set again', () => {
    fc.assert(
      fc.property(pairs, (list) => {
        const set = union(list);
        const rest = complement(set, LEAST, MOST);
        expectNormal(rest);
        const inside = members(list);
        const expected = Array.from({ length: MOST }, (_, i) => i).filter((i) => !inside.has(i));
        expect(listed(rest)).toEqual(expected);
        expect(complement(rest, LEAST, MOST)).toEqual(set);
      }),
    );
  });

  test('integers of 128 bits obey the same algebra', () => {
    const big = 1n << 100n;
    const wide = fc.array(fc.tuple(point, point), { maxLength: 6 });
    fc.assert(
      fc.property(wide, wide, (a, b) => {
        const lift = (list: readonly (readonly [number, number])[]) =>
          union(list.map(([from, to]) => [big + BigInt(from), big + BigInt(to)] as const));
        const expected = intersection(union(a), union(b)).map((bound) => big + BigInt(bound));
        expect(intersection(lift(a), lift(b))).toEqual(expected);
      }),
    );
  });

  test('the count of bounds at most a value is found by search as by counting', () => {
    fc.assert(
      fc.property(fc.uniqueArray(point), point, (bounds, value) => {
        const ascending = bounds.sort((a, b) => a - b);
        const expected = ascending.filter((bound) => bound <= value).length;
        expect(boundsAtMost(ascending, value)).toBe(expected);
      }),
    );
  });
});
