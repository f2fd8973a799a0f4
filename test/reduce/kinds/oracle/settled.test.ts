import { describe, expect, test } from '@jest/globals';
import { by } from '../../rules.ts';
import { aLine } from '../record.ts';
import { ruleOf, says } from '../rule.ts';
import { fired, minute } from './fired.ts';

describe('ratio', () => {
  const of = says('action', 'REJECT');
  const rule = ruleOf({ kind: 'ratio', of, above: 0.5, min: 4 }, { window: 120 });
  const lines = (rejected: number, accepted: number) =>
    [...Array(rejected + accepted).keys()].map((i) =>
      aLine(minute(1), { action: i < rejected ? 'REJECT' : 'ACCEPT' }),
    );

  test('fires above the share of at least min records, in every window that holds them', () => {
    expect(fired(rule, lines(3, 1))).toEqual([1, 2]);
    expect(fired(rule, lines(2, 2))).toEqual([]);
    expect(fired(rule, lines(3, 0))).toEqual([]);
  });

  test('the rest of a window counts too', () => {
    const before = Array(3).fill(aLine(minute(0)));
    expect(fired(rule, [...before, ...lines(3, 1)])).toEqual([2]);
  });
});

describe('spike', () => {
  const rule = (given = {}) =>
    ruleOf({ kind: 'spike', factor: 2, min: 1, baseline: 1_200, ...given }, { window: 120 });
  const at = (...minutes: number[]) => minutes.map((one) => aLine(minute(one)));
  /** Another group: it only says when the first record came. */
  const first = aLine(minute(0), { srcaddr: '203.0.113.1' });

  test('fires above factor times the median of the aligned windows before', () => {
    const usual = at(0, 2, 4, 6, 8);
    expect(fired(rule(), [...usual, ...at(10, 10)])).toEqual([]);
    expect(fired(rule(), [...usual, ...at(10, 10, 10)])).toEqual([10, 11]);
    expect(fired(rule({ factor: 3 }), [...usual, ...at(10, 10, 10)])).toEqual([]);
    expect(fired(rule({ min: 3 }), [...usual, ...at(10, 10, 10)])).toEqual([]);
  });

  test('windows without the group are nothing in the median, of two the mean', () => {
    // Before minute 8 aligned windows hold 4, 4, 0, 0: the median is 2. Before minute 7 it is 4.
    const lines = [...at(0, 0, 0, 0, 2, 2, 2, 2), ...at(8, 8, 8, 8)];
    expect(fired(rule(), lines)).toEqual([]);
    expect(fired(rule(), [...lines, ...at(8)])).toEqual([9]);
  });

  test('is silent until a quarter of the baseline has passed', () => {
    const minutes = (one: number) => [first, ...at(one, one)];
    expect(fired(rule(), minutes(3))).toEqual([4]);
    expect(fired(rule(), minutes(4))).toEqual([4, 5]);
  });

  test('is silent without an aligned window wholly after the first record', () => {
    const short = rule({ baseline: 120 });
    expect(fired(short, at(2, 2))).toEqual([]);
    expect(fired(short, [first, ...at(2, 2)])).toEqual([3]);
    expect(fired(short, [{ ...first, start: minute(0, 1) }, ...at(2, 2)])).toEqual([]);
  });

  test('of a field compares sums', () => {
    const bytes = rule({ field: 'bytes', min: 100 });
    const lines = (size: number) => [first, aLine(minute(8), { bytes: size })];
    expect(fired(bytes, lines(100))).toEqual([]);
    expect(fired(bytes, lines(101))).toEqual([8, 9]);
  });
});

describe('new', () => {
  const fields = ['srcaddr', 'dstport'];
  const detect = { kind: 'new', fields, learn: 600, forget: 1_800 } as const;
  const rule = ruleOf(detect, { by: by(...fields) });
  const first = aLine(minute(0), { srcaddr: '203.0.113.1' });

  test('fires where a tuple comes up once learn has passed, not before', () => {
    expect(fired(rule, [first, aLine(minute(9, 59))])).toEqual([]);
    expect(fired(rule, [first, aLine(minute(10))])).toEqual([10]);
    expect(fired(rule, [first, aLine(minute(9)), aLine(minute(12))])).toEqual([]);
  });

  test('fires again where a tuple was not seen for forget', () => {
    const seen = [first, aLine(minute(10, 30))];
    expect(fired(rule, [...seen, aLine(minute(40, 29))])).toEqual([10]);
    expect(fired(rule, [...seen, aLine(minute(40, 30))])).toEqual([10, 40]);
  });

  test('learns from when the rule was evaluated, whether it matched or not', () => {
    const rare = { ...rule, match: says('action', 'REJECT') };
    const event = aLine(minute(10), { action: 'REJECT' });
    expect(fired(rare, [event])).toEqual([]);
    expect(fired(rare, [first, event])).toEqual([10]);
  });

  test('another value of one field is another tuple', () => {
    expect(fired(rule, [first, aLine(minute(9)), aLine(minute(12), { dstport: 80 })])).toEqual([
      12,
    ]);
  });
});
