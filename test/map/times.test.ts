import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { BATCH_ROWS } from '../../src/map/2-parse/parse.ts';
import { compileRuleSet } from '../../src/map/4-match/rule-set.ts';
import { type Mapped, Mapper } from '../../src/map/map.ts';
import { Minutes } from '../../src/map/minutes.ts';
import { ALWAYS, type InputOptions, inputOf, line, ruleOf, snapshotOf } from './inputs.ts';

/** Start of a minute. */
const T = 1_700_000_040;
const LATENESS = 1_800;

const mapper = new Mapper(compileRuleSet(snapshotOf([ruleOf('r', ALWAYS)])), Infinity);
const timesOf = (lines: readonly string[], options?: InputOptions): Mapped =>
  mapper.map(inputOf(lines, options));
const at = (start: number, more = {}) => line({ start, ...more });
const idle = (start: number, status: string) => line({ start, status });

describe('the times of an input', () => {
  test('are those of its flows and of its lines without one', () => {
    const lines = [
      at(T + 5),
      at(T + 70),
      idle(T + 130, 'NODATA'),
      idle(T - 1, 'SKIPDATA'),
      'bogus',
    ];
    expect(timesOf(lines)).toMatchObject({
      first: T + 5,
      last: T + 70,
      latest: T + 130,
      earliest: T + 5,
      minutes: [
        [T - 60, 1, 1],
        [T, 1, 0],
        [T + 60, 1, 0],
        [T + 120, 1, 0],
      ],
    });
  });

  test('of lines without a flow alone say that the source speaks', () => {
    expect(timesOf([idle(T, 'NODATA')])).toMatchObject({
      digest: undefined,
      first: Infinity,
      last: 0,
      latest: T,
      earliest: 0,
      minutes: [[T, 1, 0]],
    });
  });

  test('are in the digest as well', () => {
    const { digest } = timesOf([at(T + 5), at(T), idle(T + 9, 'NODATA')]);
    expect(digest).toMatchObject({ latest: T + 9, earliest: T });
  });

  test('leave out what is late beside the latest line, of whatever kind that is', () => {
    const lines = [at(T - LATENESS - 1), at(T - LATENESS), at(T - 5)];
    expect(timesOf([...lines, at(T)])).toMatchObject({ earliest: T - LATENESS });
    expect(timesOf([...lines, idle(T, 'NODATA')])).toMatchObject({
      first: T - LATENESS - 1,
      earliest: T - LATENESS,
    });
    expect(timesOf([at(T - LATENESS - 1), idle(T, 'NODATA')]).earliest).toBe(0);
  });

  test('tell how long the longest flow lasts; an absent end tells nothing', () => {
    const lines = [at(T, { end: T + 59 }), at(T, { end: T + 598 }), at(T, { end: '-' })];
    expect(timesOf(lines).longest).toBe(598);
    expect(timesOf([at(T, { end: T - 9 })]).longest).toBe(0);
    expect(timesOf(['5 22'], { formats: ['start dstport'] }).longest).toBe(0);
  });

  test('of lines that have no start are those of their events', () => {
    const formats = ['srcaddr log-status'];
    const lines = ['10.0.0.1 OK', '- NODATA', '- SKIPDATA'];
    const { latest, earliest, minutes } = timesOf(lines, { formats, times: [T, T + 60, T + 61] });
    expect([latest, earliest, minutes]).toEqual([
      T + 61,
      T,
      [
        [T, 1, 0],
        [T + 60, 2, 1],
      ],
    ]);
    expect(timesOf(['- NODATA'], { formats })).toMatchObject({ latest: 0, minutes: [] });
  });

  test('of an input that takes several turns are those of one', () => {
    const few = [
      at(T - LATENESS - 100),
      at(T - LATENESS + 1, { end: T }),
      idle(T - 61, 'SKIPDATA'),
    ];
    const many = Array<string>(2 * BATCH_ROWS).fill(at(T, { end: T + 1 }));
    expect(timesOf([...few, ...many])).toMatchObject({
      earliest: T - LATENESS + 1,
      latest: T,
      longest: LATENESS - 1,
      minutes: [
        [T - LATENESS - 120, 1, 0],
        [T - LATENESS, 1, 0],
        [T - 120, 1, 1],
        [T, 2 * BATCH_ROWS, 0],
      ],
    });
  });

  test('of the input before leave no trace', () => {
    timesOf([at(T + 999, { end: T + 9_999 })]);
    expect(timesOf([at(T)])).toMatchObject({ latest: T, longest: 59, minutes: [[T, 1, 0]] });
  });
});

describe('minutes', () => {
  test('count lines however far apart they are', () => {
    const minutes = new Minutes();
    const time = fc.oneof(fc.nat(900), fc.nat(60 * 256 * 3), fc.nat(100_000_000_000));
    fc.assert(
      fc.property(fc.array(fc.tuple(time, fc.boolean()), { maxLength: 60 }), (lines) => {
        const expected = new Map<number, [number, number]>();
        for (const [start, skipped] of lines) {
          minutes.add(start, skipped);
          const minute = start - (start % 60);
          const [all, lost] = expected.get(minute) ?? [0, 0];
          expected.set(minute, [all + 1, lost + Number(skipped)]);
        }
        expect(minutes.take()).toEqual(
          [...expected].sort(([a], [b]) => a - b).map(([minute, counts]) => [minute, ...counts]),
        );
        expect(minutes.take()).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  test('of lines counted together are those of each line', () => {
    const [each, together] = [new Minutes(), new Minutes()];
    const time = fc.oneof(fc.nat(300), fc.nat(60 * 256 * 3));
    fc.assert(
      fc.property(fc.array(time, { maxLength: 60 }), (times) => {
        for (const start of times) each.add(start, false);
        together.addAll(Float64Array.from(times), times.length);
        expect(together.take()).toEqual(each.take());
      }),
      { numRuns: 300 },
    );
  });
});
