import { describe, expect, test } from '@jest/globals';
import { by } from '../../rules.ts';
import { aLine, type Line } from '../record.ts';
import { ruleOf } from '../rule.ts';
import { fired, minute } from './fired.ts';

/** Five minutes. */
const WINDOW = { window: 300 };

describe('count', () => {
  const rule = ruleOf({ kind: 'count', above: 2 }, WINDOW);

  test('fires with one record more than above in a window, not with as many', () => {
    const at = (...minutes: number[]) => minutes.map((one) => aLine(minute(one)));
    expect(fired(rule, at(0, 2))).toEqual([]);
    expect(fired(rule, at(0, 2, 4))).toEqual([4]);
    expect(fired(rule, at(0, 2, 5))).toEqual([]);
    expect(fired(rule, at(0, 2, 4, 6, 7))).toEqual([4, 6, 7]);
  });

  test('takes whole slots: 4:59 apart may be one window, and 4:01 apart two', () => {
    const lines = (first: number, last: number) =>
      [first, first, last].map((start) => aLine(start));
    expect(fired(rule, lines(minute(0), minute(4, 59)))).toEqual([4]);
    expect(fired(rule, lines(minute(0, 59), minute(5)))).toEqual([]);
  });

  test('counts a group for itself, and none for a record without the field', () => {
    const lines = (srcaddr: string | null) => [
      aLine(minute(0)),
      aLine(minute(0)),
      aLine(minute(0), { srcaddr }),
    ];
    expect(fired(rule, lines('198.51.100.7'))).toEqual([0]);
    expect(fired(rule, lines('198.51.100.8'))).toEqual([]);
    expect(fired(rule, lines(null))).toEqual([]);
    expect(fired({ ...rule, by: by('srcaddr?') }, lines(null))).toEqual([]);
  });

  test('of connections takes records of one five-tuple for one', () => {
    const tuples = ruleOf({ kind: 'count', above: 2, of: 'connections' }, WINDOW);
    const ports = (...srcports: (number | null)[]) =>
      srcports.map((srcport) => aLine(minute(0), { srcport }));
    expect(fired(tuples, ports(50_001, 50_001, 50_002, 50_002))).toEqual([]);
    expect(fired(tuples, ports(50_001, 50_002, null))).toEqual([]);
    expect(fired(tuples, ports(50_001, 50_002, 50_003))).toEqual([0]);
  });

  test('slots of windows over 15 minutes are a fifteenth in whole minutes', () => {
    const long = ruleOf({ kind: 'count', above: 1 }, { window: 1_000 });
    expect(fired(long, [aLine(minute(1)), aLine(minute(17))])).toEqual([16]);
    expect(fired(long, [aLine(minute(1)), aLine(minute(18))])).toEqual([]);
  });
});

describe('sum', () => {
  const rule = ruleOf({ kind: 'sum', field: 'bytes', above: 300 }, WINDOW);
  const lines = (...sizes: (number | null)[]) =>
    sizes.map((bytes, i) => aLine(minute(i), { bytes }));

  test('fires above the sum, not at it, and a record without the field adds nothing', () => {
    expect(fired(rule, lines(100, 100, 100, null))).toEqual([]);
    expect(fired(rule, lines(100, 100, 101, null))).toEqual([2, 3]);
  });
});

describe('distinct', () => {
  const rule = ruleOf({ kind: 'distinct', fields: ['dstport', 'dstaddr'], above: 2 }, WINDOW);
  const lines = (...tuples: (readonly [number | null, string])[]): Line[] =>
    tuples.map(([dstport, dstaddr]) => aLine(minute(0), { dstport, dstaddr }));

  test('fires with more than above different tuples', () => {
    const [a, b] = ['10.0.0.1', '10.0.0.2'];
    expect(fired(rule, lines([22, a], [22, a], [22, b]))).toEqual([]);
    expect(fired(rule, lines([22, a], [22, b], [23, b]))).toEqual([0]);
  });

  test('does not count records that lack one of the fields', () => {
    const a = '10.0.0.1';
    expect(fired(rule, lines([22, a], [23, a], [null, a]))).toEqual([]);
  });
});
