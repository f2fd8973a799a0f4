import { describe, expect, test } from '@jest/globals';
import { parseRetryAfter, waitAfter } from '../../src/deliver/retry.ts';

const NOW = Date.parse('2026-11-23T12:00:00Z');

describe('Retry-After', () => {
  test.each([
    ['30', 30_000],
    [' 2 ', 2_000],
    ['1.5', 1_500],
    ['0', 1_000],
    ['Mon, 23 Nov 2026 12:01:00 GMT', 60_000],
    ['Mon, 23 Nov 2026 11:00:00 GMT', 1_000],
    ['86400', 3_600_000],
  ])('%j is read as a wait of at least a second and at most an hour', (text, ms) => {
    expect(parseRetryAfter(text, NOW)).toBe(ms);
  });

  test.each(['', 'soon', '-5', 'NaN', '1e9', '2026-11-23T12:01:00Z'])(
    '%j is neither seconds nor a date',
    (text) => {
      expect(parseRetryAfter(text, NOW)).toBeUndefined();
    },
  );

  test('a header that is not there asks for nothing', () => {
    expect(parseRetryAfter(undefined, NOW)).toBeUndefined();
  });
});

describe('The wait after a failure', () => {
  test('doubles from a minute to a quarter of an hour', () => {
    const minutes = [1, 2, 3, 4, 5, 6, 30].map((attempts) => waitAfter(attempts) / 60_000);
    expect(minutes).toEqual([1, 2, 4, 8, 15, 15, 15]);
  });

  test('is what the receiver asks, for five tries; then no less than usual', () => {
    expect(waitAfter(5, 3_000)).toBe(3_000);
    expect(waitAfter(6, 3_000)).toBe(15 * 60_000);
    expect(waitAfter(6, 3_600_000)).toBe(3_600_000);
  });
});
