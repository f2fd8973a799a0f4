import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { seriesText, sparkline } from '../../src/alerts/sparkline.ts';

const series = (values: readonly number[], slot = 60) => ({
  start: '2026-11-23T10:31:00Z',
  slot,
  values,
});

describe('a sparkline', () => {
  test('draws each value as a block, the greatest as the tallest', () => {
    expect(sparkline([0, 1, 2, 3, 4, 5, 6, 7])).toBe('▁▂▃▄▅▆▇█');
    expect(sparkline([5, 5])).toBe('██');
    expect(sparkline([])).toBe('');
  });

  test('nothing alone looks like nothing', () => {
    expect(sparkline([0, 1, 1_000_000])).toBe('▁▂█');
    expect(sparkline([0, 0])).toBe('▁▁');
  });

  test('is one block a value, whatever the values', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 1e15, noNaN: true })), (values) => {
        expect(sparkline(values)).toMatch(/^[▁-█]*$/);
        expect(sparkline(values)).toHaveLength(values.length);
      }),
    );
  });
});

describe('the line of a series', () => {
  test('says what the tallest block stands for', () => {
    expect(seriesText(series([4, 12, 64]))).toBe('▂▂█ up to 64 records a minute');
    expect(seriesText(series([0, 1], 120))).toBe('▁█ up to 1 record in 2 minutes');
    expect(seriesText(series([1_200, 600], 3_600))).toBe('█▅ up to 1,200 records in 1 hour');
  });

  test('is empty where there is no course: none, one slot, or nothing in them', () => {
    expect(seriesText(undefined)).toBe('');
    expect(seriesText(series([5]))).toBe('');
    expect(seriesText(series([0, 0, 0]))).toBe('');
    expect(seriesText(series([1, 2], 0))).toBe('');
  });

  test('a long series is drawn coarser, with the sums of its slots', () => {
    const text = seriesText(series(Array.from({ length: 60 }, (_, n) => (n < 2 ? 5 : 0))));
    expect(text).toBe(`█${'▁'.repeat(29)} up to 10 records in 2 minutes`);
  });
});
