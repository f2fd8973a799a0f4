import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { DECIMAL, HEXADECIMAL, patternsOf } from '../../src/query/number-pattern.ts';
import { MOST_SPREAD, sharedPattern } from '../../src/query/port-pattern.ts';
import { normalise } from '../../src/rules/intervals.ts';

const port = fc.oneof(
  fc.integer({ min: 0, max: MOST_SPREAD }),
  fc.constantFrom(0, 1, 9, 10, 99, 100, 1_023, 1_024, 32_767, 32_768, MOST_SPREAD),
);
const interval = fc.tuple(port, port).map(([a, b]) => [Math.min(a, b), Math.max(a, b)] as const);

test('a shared pattern matches exactly the numbers of its set', () => {
  fc.assert(
    fc.property(fc.array(interval, { minLength: 1, maxLength: 6 }), (given) => {
      const intervals = normalise(given);
      const pattern = new RegExp(`^${sharedPattern(intervals)}$`);
      for (let number = 0; number <= MOST_SPREAD + 10; number++) {
        const wanted = intervals.some(([low, high]) => low <= number && number <= high);
        if (pattern.test(String(number)) !== wanted) {
          throw new Error(`${pattern} is wrong about ${number}`);
        }
      }
    }),
    { numRuns: 20 },
  );
});

test('a shared pattern takes no other spelling of a number', () => {
  const pattern = new RegExp(`^${sharedPattern([[0, 443]])}$`);
  expect(['0', '443', '00', '022', '-', '', '44a'].filter((text) => pattern.test(text))).toEqual([
    '0',
    '443',
  ]);
});

test.each([
  [DECIMAL, 10],
  [HEXADECIMAL, 16],
])('patterns of a range match exactly its numbers, in either number system', (system, base) => {
  fc.assert(
    fc.property(fc.nat(5_000), fc.nat(5_000), (a, b) => {
      const [low, high] = [Math.min(a, b), Math.max(a, b)];
      const pattern = new RegExp(
        patternsOf(low, high, system)
          .map((one) => `^${one}$`)
          .join('|'),
      );
      for (let number = 0; number <= 5_100; number++) {
        const wanted = low <= number && number <= high;
        if (pattern.test(number.toString(base)) !== wanted) {
          throw new Error(`${pattern} is wrong about ${number.toString(base)}`);
        }
      }
    }),
    { numRuns: 100 },
  );
});
