import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Alert } from '../../../src/alerts/alert.ts';
import { ReplayEngine, type ReplayOptions } from '../../../src/replay/engine.ts';
import { aSnapshot } from '../rules.ts';
import { batchOf } from './delivery.ts';
import { namedGroup } from './named.ts';
import { alertedOf } from './oracle/firings.ts';
import { FILE, type Line } from './record.ts';
import { KINDS, TRAFFIC } from './traffic/index.ts';
import type { Case } from './traffic/parts.ts';

/** Pieces of the lines, and the order in which they come. */
const someOrder = fc.record({
  size: fc.constantFrom(1, 2, 5, 100),
  keys: fc.array(fc.nat(), { minLength: 1, maxLength: 13 }),
});

function pieces(lines: readonly Line[], { size, keys }: { size: number; keys: readonly number[] }) {
  const mixed = lines
    .map((line, i) => ({ line, key: (keys[i % keys.length] + i * 7) % 101 }))
    .sort((a, b) => a.key - b.key)
    .map(({ line }) => line);
  return Array.from({ length: Math.ceil(mixed.length / size) }, (_, i) =>
    mixed.slice(i * size, i * size + size),
  );
}

function replayed(
  { rules, filters }: Case,
  batches: readonly (readonly Line[])[],
  options?: ReplayOptions,
): Alert[] {
  const engine = new ReplayEngine({ ...aSnapshot(rules), filters }, options);
  const alerts = batches.flatMap((lines, i) => {
    engine.feed(batchOf(lines, String(i), { kind: 'file', name: FILE }));
    return engine.take();
  });
  return [...alerts, ...engine.finish()];
}

describe.each(KINDS)('a replay of rules of kind %s', (kind) => {
  test('alerts what the words of the rule say, whatever the batches and their order', () => {
    fc.assert(
      fc.property(TRAFFIC[kind], someOrder, (some, order) => {
        const lines = some.lines.map((line) => ({ ...line, source: FILE }));
        const clock = Math.max(...lines.map(({ start }) => start));
        const alerts = replayed(some, pieces(lines, order));
        const firing = alerts.filter(({ status }) => status === 'firing');
        const found = [...new Set(firing.map((alert) => namedGroup(some.rules, alert)))].sort();
        expect(found).toEqual(alertedOf({ ...some, lines, clock }));
      }),
      { numRuns: 80 },
    );
  });

  test('told as time passes, records in order give what they give at the end', () => {
    fc.assert(
      fc.property(TRAFFIC[kind], fc.constantFrom(1, 2, 5, 100), (some, size) => {
        const lines = some.lines
          .map((line) => ({ ...line, source: FILE }))
          .sort((a, b) => a.start - b.start);
        const cut = Array.from({ length: Math.ceil(lines.length / size) }, (_, i) =>
          lines.slice(i * size, i * size + size),
        );
        const messages = (options?: ReplayOptions) =>
          replayed(some, cut, options)
            .map(({ rule, id, seq, status }) => `${rule.id} ${id} ${seq} ${status}`)
            .sort();
        expect(messages({ settles: 'as time passes' })).toEqual(messages());
      }),
      { numRuns: 60 },
    );
  });
});
