import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { alertedOf } from '../oracle/firings.ts';
import { KINDS, TRAFFIC } from './index.ts';

const CASES = 300;

describe.each(KINDS)('random traffic for %s', (kind) => {
  test('makes the rule fire in a fair part of the cases, and not in another', () => {
    const cases = fc.sample(TRAFFIC[kind], { numRuns: CASES, seed: 1 });
    const firing = cases.filter((one) =>
      alertedOf({ ...one, clock: Infinity }).some((line) => line.startsWith(`${kind} [`)),
    );
    expect(firing.length).toBeGreaterThan(CASES * 0.2);
    expect(firing.length).toBeLessThan(CASES * 0.8);
  });
});
