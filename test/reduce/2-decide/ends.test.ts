/** An absence is over when the group is back, and its messages are the same however late that is known. */
import { describe, expect, test } from '@jest/globals';
import { ReplayEngine, type ReplayOptions } from '../../../src/replay/engine.ts';
import type { CompiledRule } from '../../../src/rules/compiled.ts';
import { batchOf } from '../kinds/delivery.ts';
import { aLine, anEmptyLine, FILE, NOON } from '../kinds/record.ts';
import { ruleOf } from '../kinds/rule.ts';
import { aSnapshot } from '../rules.ts';

const absent = (given: Partial<CompiledRule>) =>
  ruleOf({ kind: 'absent', for: 300, seen: 1 }, { cooldown: 0, resolve: false, ...given });

/** Status and minute of the messages: a group seen at these minutes, by a source that talks each minute. */
function told(rule: CompiledRule, seen: readonly number[], last: number, options?: ReplayOptions) {
  const lines = Array.from({ length: last + 1 }, (_, minute) => [
    anEmptyLine(NOON + minute * 60, 'NODATA'),
    ...(seen.includes(minute) ? [aLine(NOON + minute * 60)] : []),
  ]).flat();
  const engine = new ReplayEngine(aSnapshot([rule]), options);
  const decisions = lines.flatMap((line, i) => {
    engine.feed(batchOf([{ ...line, source: FILE }], String(i), { kind: 'file', name: FILE }));
    return engine.takeDecisions();
  });
  engine.settle();
  return [...decisions, ...engine.takeDecisions()].map(
    ({ alert, slot }) => `${alert.status} ${(slot - NOON) / 60}`,
  );
}

describe.each([
  ['at the end', undefined],
  ['as time passes', { settles: 'as time passes' }],
] as const)('judged %s, an absence', (_, options) => {
  test('is repeated until the group is back, though it is absent again since', () => {
    const rule = absent({ repeat: 300 });
    expect(told(rule, [0, 18], 32, options)).toEqual([
      'firing 5',
      'updated 10',
      'updated 15',
      'firing 23',
    ]);
  });

  test('is not repeated in the very second in which the group is back', () => {
    const rule = absent({ repeat: 300 });
    expect(told(rule, [0, 15], 24, options)).toEqual(['firing 5', 'updated 10', 'firing 20']);
  });

  test('is over when the group is back, though it is absent again within the cooldown', () => {
    const rule = absent({ resolve: true, cooldown: 3_600 });
    expect(told(rule, [0, 12], 24, options)).toEqual(['firing 5', 'resolved 12']);
  });

  test('that begins again after the cooldown is another alert, however often it came before', () => {
    const rule = absent({ cooldown: 900 });
    expect(told(rule, [0, 12, 24], 36, options)).toEqual(['firing 5', 'firing 29']);
  });

  test('is not over while the group stays away', () => {
    const rule = absent({ resolve: true, cooldown: 3_600 });
    expect(told(rule, [0], 24, options)).toEqual(['firing 5']);
  });
});
