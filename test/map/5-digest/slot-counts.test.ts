import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { SlotCounts } from '../../../src/map/5-digest/slot-counts.ts';

test('counts of slots are those of a map, however they alternate', () => {
  const counts = new SlotCounts();
  const change = fc.tuple(fc.nat(3), fc.integer({ min: -2, max: 3 }));
  fc.assert(
    fc.property(fc.array(change), (changes) => {
      counts.clear();
      const expected = new Map<number, number>();
      for (const [slot, count] of changes) {
        expected.set(slot, (expected.get(slot) ?? 0) + count);
        expect(counts.add(slot, count)).toBe(expected.get(slot));
      }
    }),
  );
});
