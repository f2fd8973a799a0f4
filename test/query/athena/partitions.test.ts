import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { partitionsBetween } from '../../../src/query/athena/partitions.ts';

const at = (iso: string) => Date.parse(iso) / 1_000;

test('A span within a day asks for that day', () => {
  expect(partitionsBetween(at('2026-11-24T10:00:00Z'), at('2026-11-24T12:00:00Z'))).toBe(
    "(year = '2026' AND month = '11' AND day IN ('24'))",
  );
});

test('What ends shortly before midnight may have been delivered after it', () => {
  expect(partitionsBetween(at('2026-11-30T22:00:00Z'), at('2026-11-30T23:00:00Z'))).toBe(
    "(year = '2026' AND month = '11' AND day IN ('30')) OR (year = '2026' AND month = '12' AND day IN ('01'))",
  );
});

test('A span of years asks for no partition', () => {
  expect(partitionsBetween(at('2020-01-01T00:00:00Z'), at('2026-01-01T00:00:00Z'))).toBeUndefined();
});

test('Every day of a span is asked for, whatever the span', () => {
  const span = fc.record({
    from: fc.integer({ min: at('2019-01-01T00:00:00Z'), max: at('2040-01-01T00:00:00Z') }),
    length: fc.integer({ min: 1, max: 400 * 86_400 }),
    part: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
  });
  fc.assert(
    fc.property(span, ({ from, length, part }) => {
      const where = partitionsBetween(from, from + length) ?? '';
      const time = Math.floor(from + part * length);
      const [year, month, day] = new Date(time * 1_000).toISOString().slice(0, 10).split('-');
      const [, days] =
        new RegExp(`year = '${year}' AND month = '${month}' AND day IN \\(([^)]*)\\)`).exec(
          where,
        ) ?? [];
      expect(days).toContain(`'${day}'`);
    }),
  );
});
