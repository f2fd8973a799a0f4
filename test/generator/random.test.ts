import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Random } from '../../src/generator/random.ts';

describe('pseudo-random numbers', () => {
  test('are pinned: a change would change every generated file', () => {
    const random = new Random(1);
    expect([random.next(), random.next(), random.next(), random.next()]).toMatchInlineSnapshot(`
[
  393288148,
  2174103013,
  3814759091,
  2092745082,
]
`);
  });

  test('stay within their bounds', () => {
    fc.assert(
      fc.property(fc.integer(), fc.nat(1_000), fc.nat(1_000), (seed, first, width) => {
        const random = new Random(seed);
        const value = random.between(first, first + width);
        expect(value).toBeGreaterThanOrEqual(first);
        expect(value).toBeLessThanOrEqual(first + width);
      }),
    );
  });

  test('fall evenly', () => {
    const random = new Random(42);
    const counts = Array<number>(16).fill(0);
    for (let draw = 0; draw < 160_000; draw++) counts[random.below(16)]++;
    for (const count of counts) expect(Math.abs(count - 10_000)).toBeLessThan(500);
  });

  test('chance is per thousand', () => {
    const random = new Random(7);
    let hits = 0;
    for (let draw = 0; draw < 100_000; draw++) if (random.chance(250)) hits++;
    expect(Math.abs(hits - 25_000)).toBeLessThan(700);
    expect(random.chance(0)).toBe(false);
    expect(random.chance(1_000)).toBe(true);
  });
});
