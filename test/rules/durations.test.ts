import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { formatDuration, LONGEST_DURATION, parseDuration } from '../../src/rules/duration.ts';
import { effectiveWindow, slotCount, slotSeconds } from '../../src/rules/windows.ts';

describe('durations', () => {
  test.each([
    ['30s', 30],
    ['5m', 300],
    ['1h', 3_600],
    ['7d', 604_800],
    ['1h30m', 5_400],
    ['1d2h3m4s', 93_784],
    ['90', 90],
    [90, 90],
    [0, 0],
    ['0s', 0],
    ['366d', LONGEST_DURATION],
    [' 5m ', 300],
  ])('%j is %i seconds', (written, seconds) => {
    expect(parseDuration(written)).toBe(seconds);
  });

  test.each(['', 'm', '5', '5 m', '30m1h', '1h1h', '5M', '1.5h', '-5m', '1w', '5m30', '1h 30m'])(
    '%j is none, or is plain seconds',
    (written) => {
      expect(parseDuration(written)).toBe(written === '5' ? 5 : undefined);
    },
  );

  test.each([-1, 1.5, Number.NaN, LONGEST_DURATION + 1])('%d is none', (written) => {
    expect(parseDuration(written)).toBeUndefined();
  });

  test('367d is longer than any', () => {
    expect(parseDuration('367d')).toBeUndefined();
  });

  test('What is printed reads back', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: LONGEST_DURATION }), (seconds) => {
        expect(parseDuration(formatDuration(seconds))).toBe(seconds);
      }),
    );
  });
});

describe('slots', () => {
  test.each([
    [61, 60, 2],
    [120, 60, 2],
    [121, 60, 3],
    [900, 60, 15],
    [901, 120, 8],
    [1_020, 120, 9],
    [3_600, 240, 15],
    [86_400, 5_760, 15],
    [604_800, 40_320, 15],
  ])('a window of %i s has slots of %i s, %i of them', (window, slot, count) => {
    expect([slotSeconds(window), slotCount(window)]).toEqual([slot, count]);
    expect(effectiveWindow(window)).toBe(slot * count);
  });

  test('Slots are whole minutes, 15 at most, cover the window and exceed it by less than one', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: LONGEST_DURATION }), (window) => {
        const slot = slotSeconds(window);
        expect(slot % 60).toBe(0);
        expect(slotCount(window)).toBeLessThanOrEqual(15);
        expect(effectiveWindow(window)).toBeGreaterThanOrEqual(window);
        expect(effectiveWindow(window) - window).toBeLessThan(slot);
      }),
    );
  });
});
