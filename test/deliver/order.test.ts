import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { anAlert } from '../alerts/an-alert.ts';
import { hook, OK, World } from './world.ts';

/** Whatever receivers answer and whenever messages come: each once, in order, or parked. */
describe('On each channel', () => {
  test('an alert’s messages arrive once and in their order, whatever receivers do', async () => {
    const answers = fc.array(fc.constantFrom(200, 200, 429, 500, 503, -1), { maxLength: 6 });
    const arrivals = fc.array(
      fc.record({ seq: fc.integer({ min: 0, max: 3 }), after: fc.integer({ min: 0, max: 25 }) }),
      { maxLength: 10 },
    );
    await fc.assert(
      fc.asyncProperty(arrivals, answers, answers, async (coming, a, b) => {
        const world = new World();
        const script = (statuses: readonly number[]) => {
          const left = [...statuses];
          return () => {
            const status = left.shift() ?? 200;
            if (status < 0) throw new Error('ECONNRESET');
            return status === 200 ? OK : { status, body: '', retryAfter: '20' };
          };
        };
        world.webhook('a', script(a));
        world.webhook('b', script(b));
        // All of an alert's messages come within five minutes, in any order, some twice.
        const all = [...coming, ...[0, 1, 2, 3].map((seq) => ({ seq, after: 1 }))];
        for (const { seq, after } of all) {
          world.send(JSON.stringify(anAlert({ to: ['a', 'b'], seq })));
          await world.pass(after * 1000);
        }
        await world.pass(2 * 3_600_000);
        expect(world.queue).toEqual([]);
        for (const name of ['a', 'b']) {
          const taken = world.lines.filter(
            (line) => line.channel === name && line.outcome === 'delivered',
          );
          expect(taken.map(({ seq }) => seq)).toEqual(
            [...taken.map(({ seq }) => seq as number)].sort((x, y) => x - y),
          );
          expect(new Set(taken.map(({ seq }) => seq)).size).toBe(4);
          expect(taken).toHaveLength(4);
        }
        expect(world.posted.every(({ url }) => url === hook('a') || url === hook('b'))).toBe(true);
      }),
      { numRuns: 60 },
    );
  });
});
