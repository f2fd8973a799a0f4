import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  LARGEST_BATCH,
  LARGEST_BATCH_BYTES,
  metricBatches,
} from '../../src/adapters/aws/metric-batches.ts';

const sizesOf = (data: readonly unknown[]) => [...metricBatches(data)].map(({ length }) => length);

test('a thousand points are one request, one more is a second', () => {
  expect(sizesOf(Array(1_000).fill(0))).toEqual([1_000]);
  expect(sizesOf(Array(1_001).fill(0))).toEqual([1_000, 1]);
  expect(sizesOf([])).toEqual([]);
});

test('points that are large together are split by their size in bytes', () => {
  const half = 'é'.repeat(LARGEST_BATCH_BYTES / 4 - 2);
  expect(sizesOf([half, half, half])).toEqual([2, 1]);
  expect(sizesOf([`${half}éé`, half])).toEqual([1, 1]);
});

test('every point comes once, in order, in requests within both limits', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 400_000 }), { maxLength: 12 }), (lengths) => {
      const data = lengths.map((length, index) => `${index}:${'x'.repeat(length)}`);
      const batches = [...metricBatches(data)];
      expect(batches.flat()).toEqual(data);
      for (const batch of batches) {
        expect(batch.length).toBeLessThanOrEqual(LARGEST_BATCH);
        expect(Buffer.byteLength(JSON.stringify(batch))).toBeLessThanOrEqual(
          LARGEST_BATCH_BYTES + 2,
        );
      }
    }),
    { numRuns: 30 },
  );
});
