import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  formatBytes,
  formatClock,
  formatDuration,
  formatNumber,
  formatShare,
  formatSpan,
  plural,
} from '../../src/alerts/english.ts';

describe('numbers', () => {
  test.each([
    [0, '0'],
    [999, '999'],
    [1_000, '1,000'],
    [1_234_567, '1,234,567'],
    [-1_234.5, '-1,234.5'],
    [0.333_333, '0.33'],
    [1_000.001, '1,000'],
    [100, '100'],
  ])('%d reads %s', (value, text) => {
    expect(formatNumber(value)).toBe(text);
  });

  test('every integer reads back as itself', () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), (value) => {
        expect(Number(formatNumber(value).replaceAll(',', ''))).toBe(value);
      }),
    );
  });

  test('one of a thing is singular and only one', () => {
    expect([plural(0, 'record'), plural(1, 'record'), plural(1_200, 'record')]).toEqual([
      '0 records',
      '1 record',
      '1,200 records',
    ]);
  });
});

describe('bytes', () => {
  test.each([
    [0, '0 B'],
    [120, '120 B'],
    [999, '999 B'],
    [1_000, '1 kB'],
    [1_500_000, '1.5 MB'],
    [999_950, '1 MB'],
    [2_000_000_000, '2 GB'],
    [7.5e15, '7.5 PB'],
    [5e18, '5000 PB'],
  ])('%d reads %s', (bytes, text) => {
    expect(formatBytes(bytes)).toBe(text);
  });
});

describe('durations', () => {
  test.each([
    [0, '0 seconds'],
    [1, '1 second'],
    [90, '1 minute 30 seconds'],
    [300, '5 minutes'],
    [5_400, '1 hour 30 minutes'],
    [3_601, '1 hour'],
    [90_000, '1 day 1 hour'],
  ])('%d seconds read %s', (seconds, text) => {
    expect(formatDuration(seconds)).toBe(text);
  });
});

describe('shares', () => {
  test.each([
    [0, '0%'],
    [0.034, '3.4%'],
    [1, '100%'],
    [0.0001, 'under 0.1%'],
  ])('%d reads %s', (share, text) => {
    expect(formatShare(share)).toBe(text);
  });
});

describe('times', () => {
  test('a clock is UTC whatever offset the time was written with', () => {
    expect(formatClock('2026-11-23T12:31:02+02:00')).toBe('10:31:02');
  });

  test('a span names its day once, and twice when it crosses midnight', () => {
    expect(formatSpan('2026-11-23T10:31:02Z', '2026-11-23T10:35:00Z')).toBe(
      '2026-11-23 10:31:02 to 10:35:00 UTC',
    );
    expect(formatSpan('2026-11-23T23:59:00Z', '2026-11-24T00:01:00Z')).toBe(
      '2026-11-23 23:59:00 to 2026-11-24 00:01:00 UTC',
    );
    expect(formatSpan('2026-11-23T10:31:02Z', '2026-11-23T10:31:02Z')).toBe(
      '2026-11-23 10:31:02 UTC',
    );
  });
});
