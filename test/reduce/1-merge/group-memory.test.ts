import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { NOTHING } from '../../../src/detect/parts.ts';
import type { GroupDigest } from '../../../src/log/digest.ts';
import { groupKey, joinTop, mergeGroup } from '../../../src/reduce/1-merge/group-memory.ts';
import { topOfDigest } from '../../../src/reduce/1-merge/sample-top.ts';
import { newGroupState, type TopCounts } from '../../../src/reduce/state.ts';
import { NOON } from '../flows.ts';

const EMPTY = () => newGroupState([], NOON);

function aDigest(slot: number, given: Partial<GroupDigest> = {}): GroupDigest {
  return {
    slot,
    values: [],
    records: 1,
    bytes: 100,
    packets: 2,
    sum: 10,
    first: slot + 5,
    last: slot + 9,
    samples: [],
    top: {},
    part: [],
    ...given,
  };
}

const sample = (line: string) => ({ format: 'f', line });

describe('groupKey', () => {
  test('tells text from number and an absent value from both', () => {
    const keys = [['22'], [22], [null], []].map(groupKey);
    expect(new Set(keys).size).toBe(4);
  });
});

describe('mergeGroup', () => {
  test('one slot adds up', () => {
    const group = EMPTY();
    mergeGroup(group, aDigest(NOON, { samples: [sample('a')] }), 100, 0, NOTHING);
    const slot = mergeGroup(
      group,
      aDigest(NOON, { records: 3, first: NOON + 1, last: NOON + 3, samples: [sample('b')] }),
      90,
      1,
      NOTHING,
    );
    expect(group.slots).toEqual([slot]);
    expect(slot).toEqual({
      slot: NOON,
      arrival: 100,
      records: 4,
      bytes: 200,
      packets: 4,
      sum: 20,
      first: NOON + 1,
      last: NOON + 9,
      samples: [sample('a'), sample('b')],
      top: {},
      part: [],
      sources: [
        [0, 1],
        [1, 3],
      ],
    });
  });

  test('slots stay in order, however they come', () => {
    const group = EMPTY();
    for (const minutes of [3, 1, 2, 5, 0, 3, 4])
      mergeGroup(group, aDigest(NOON + minutes * 60), 0, 0, NOTHING);
    expect(group.slots.map(({ slot }) => (slot - NOON) / 60)).toEqual([0, 1, 2, 3, 4, 5]);
    expect(group.slots[3].records).toBe(2);
  });

  test('the first five samples stay', () => {
    const group = EMPTY();
    const many = ['a', 'b', 'c'].map(sample);
    mergeGroup(group, aDigest(NOON, { samples: many }), 0, 0, NOTHING);
    const slot = mergeGroup(
      group,
      aDigest(NOON, { samples: ['d', 'e', 'f'].map(sample) }),
      0,
      0,
      NOTHING,
    );
    expect(slot.samples.map(({ line }) => line).join('')).toBe('abcde');
  });
});

describe('joinTop', () => {
  test('counts add up by value, the most frequent first', () => {
    const joined = joinTop(
      { dstport: [[22, 3]] },
      {
        dstport: [
          [443, 2],
          [22, 1],
        ],
        srcaddr: [['a', 1]],
      },
    );
    expect(joined).toEqual({
      dstport: [
        [22, 4],
        [443, 2],
      ],
      srcaddr: [['a', 1]],
    });
    const other = joinTop(joined, { dstport: [[443, 3]] });
    expect(other.dstport).toEqual([
      [443, 5],
      [22, 4],
    ]);
  });

  test('ten values stay, and the lightest goes', () => {
    const ten = Array.from({ length: 10 }, (_, i) => [i, 20 - i] as const);
    const joined = joinTop({}, { dstport: [...ten, [99, 12] as const] });
    expect(joined.dstport).toHaveLength(10);
    expect(joined.dstport.map(([value]) => value)).not.toContain(9);
    expect(joined.dstport.map(([value]) => value)).toContain(99);
  });
});

describe('the top values of a digest', () => {
  const format = '${srcaddr} ${dstport}';
  const line = (text: string) => ({ format, line: text });

  test('are read from its samples where these are all of its records', () => {
    const samples = [line('10.0.0.1 22'), line('10.0.0.1 80'), line('10.0.0.2 22')];
    const slot = mergeGroup(EMPTY(), aDigest(NOON, { records: 3, samples }), 0, 0, NOTHING);
    expect(topOfDigest(slot)).toEqual({
      srcaddr: [
        ['10.0.0.1', 2],
        ['10.0.0.2', 1],
      ],
      dstport: [
        [22, 2],
        [80, 1],
      ],
    });
  });

  test('go on where samples are no longer all of the records', () => {
    const group = EMPTY();
    const samples = [line('10.0.0.1 22')];
    mergeGroup(group, aDigest(NOON, { samples }), 0, 0, NOTHING);
    expect(group.slots[0].top).toEqual({});
    const top = { srcaddr: [['10.0.0.1', 6] as const] };
    mergeGroup(group, aDigest(NOON, { records: 6, samples, top }), 0, 0, NOTHING);
    expect(group.slots[0].top.srcaddr).toEqual([['10.0.0.1', 7]]);
  });

  test('of lone records are what joining each of them comes to', () => {
    const address = fc.integer({ min: 1, max: 14 }).map((last) => `10.0.0.${last}`);
    const records = fc.array(fc.tuple(address, fc.integer({ min: 20, max: 34 })), { minLength: 6 });
    fc.assert(
      fc.property(records, (flows) => {
        const group = EMPTY();
        let expected: TopCounts = {};
        for (const [i, [srcaddr, dstport]] of flows.entries()) {
          const samples = [line(`${srcaddr} ${dstport}`)];
          const slot = mergeGroup(group, aDigest(NOON, { samples }), 0, 0, NOTHING);
          const top = { srcaddr: [[srcaddr, 1] as const], dstport: [[dstport, 1] as const] };
          expected = i === 5 ? joinTop(firstFive(flows), top) : joinTop(expected, top);
          if (i >= 5) expect(slot.top).toEqual(expected);
        }
      }),
    );
    function firstFive(flows: readonly (readonly [string, number])[]): TopCounts {
      const samples = flows.slice(0, 5).map(([srcaddr, dstport]) => line(`${srcaddr} ${dstport}`));
      return topOfDigest({ records: 5, samples, top: {} });
    }
  });

  test('are its own where it has more records than samples', () => {
    const top = { srcaddr: [['10.0.0.9', 4] as const] };
    const digest = aDigest(NOON, { records: 4, samples: [line('10.0.0.1 22')], top });
    expect(mergeGroup(EMPTY(), digest, 0, 0, NOTHING).top).toEqual({ srcaddr: [['10.0.0.9', 4]] });
  });
});
