import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { isAlways, isNever } from '../../src/query/constants.ts';
import { countedBy, matchOver } from '../../src/query/over-format.ts';
import { DEFAULT_LAYOUT, parseLayout } from '../../src/records/layout.ts';
import type { Match } from '../../src/rules/compiled.ts';
import { fieldsIn } from '../../src/rules/match.ts';
import { worldOf } from '../map/4-match/worlds.ts';
import { ruleOf, snapshotOf } from '../map/inputs.ts';
import { layoutOf, parsed } from './worlds.ts';

const leg = (...strings: string[]): Match => ({
  field: 'leg',
  test: { in: { strings } },
  path: 'match.leg',
});
const number = (field: string, ...values: number[]): Match => ({
  field,
  test: { in: { numbers: values.map((value) => [value, value] as const) } },
  path: field,
});
const config = snapshotOf([]);

describe('a match over the fields of a format', () => {
  test('holds for the same records as the rule itself, derived fields included', () => {
    fc.assert(
      fc.property(worldOf(3), (world) => {
        const { batch, holds } = parsed(world);
        for (const { match } of world.snapshot.rules) {
          const over = matchOver(match, layoutOf(world), world.snapshot);
          for (let row = 0; row < batch.count; row++) {
            expect(holds(over, row)).toBe(holds(match, row));
          }
        }
      }),
      { numRuns: 200 },
    );
  }, 120_000);

  test('of a transit gateway does too, whose flags and directions mean something else', () => {
    fc.assert(
      fc.property(worldOf(2), (world) => {
        const transit = { ...world, format: `tgw-id ${world.format}` };
        const { batch, holds } = parsed(transit);
        for (const match of [
          ...transit.snapshot.rules.map((rule) => rule.match),
          ...['request', 'reply', 'unknown'].map((name) => leg(name)),
        ]) {
          const over = matchOver(match, layoutOf(transit), transit.snapshot);
          for (let row = 0; row < batch.count; row++) {
            expect(holds(over, row)).toBe(holds(match, row));
          }
        }
      }),
      { numRuns: 150 },
    );
  }, 120_000);

  test('with the filters holds for the records that the rule sees', () => {
    fc.assert(
      fc.property(worldOf(1), (world) => {
        const { snapshot } = world;
        const [rule] = snapshot.rules;
        const { batch, holds } = parsed(world);
        const over = countedBy(rule, layoutOf(world), snapshot);
        for (let row = 0; row < batch.count; row++) {
          // Where neither start nor end is there, nothing in the line tells when it was.
          const timed = batch.value('start', row) ?? batch.value('end', row);
          if (timed === undefined && snapshot.filters.some(({ until }) => until !== undefined)) {
            continue;
          }
          const hidden = snapshot.filters.some(
            ({ rules, match, until = Infinity }) =>
              rules.includes(rule.id) && batch.times[row] < until && holds(match, row),
          );
          expect(holds(over, row)).toBe(holds(rule.match, row) && !hidden);
        }
      }),
      { numRuns: 150 },
    );
  }, 60_000);

  test('names logged fields alone', () => {
    fc.assert(
      fc.property(worldOf(2), (world) => {
        const names = new Set([...layoutOf(world).fields.map(({ name }) => name), 'duration']);
        for (const { match } of world.snapshot.rules) {
          const over = matchOver(match, layoutOf(world), world.snapshot);
          expect(fieldsIn(over).filter((name) => !names.has(name))).toEqual([]);
        }
      }),
      { numRuns: 100 },
    );
  });

  test('that asks for a field the format lacks never holds, and one that asks for its absence may', () => {
    const flags = (exists: boolean): Match => ({ field: 'tcp-flags', test: { exists }, path: '' });
    expect(isNever(matchOver(flags(true), DEFAULT_LAYOUT, config))).toBe(true);
    expect(isAlways(matchOver(flags(false), DEFAULT_LAYOUT, config))).toBe(true);
  });

  test('leaves out what a service port decides: nothing but SYN-ACK makes its records replies', () => {
    const match: Match = { all: [number('dstport', 22), { not: leg('reply') }] };
    const byPorts = matchOver(match, DEFAULT_LAYOUT, config);
    expect(byPorts).toEqual(number('dstport', 22));
    const layout = parseLayout('srcport dstport protocol tcp-flags');
    expect(fieldsIn(matchOver(match, layout, config))).toEqual(['dstport', 'tcp-flags']);
  });

  test('still asks for the ports where the rule names none', () => {
    expect(fieldsIn(matchOver(leg('request'), DEFAULT_LAYOUT, config))).toEqual([
      'dstport',
      'protocol',
      'srcport',
    ]);
  });

  test('asks for the fields of the group, unless they may be absent', () => {
    const match: Match = { field: 'action', test: { in: { strings: ['REJECT'] } }, path: 'action' };
    const grouped = (optional: boolean) => ({
      ...ruleOf('r', match),
      by: [{ field: 'srcaddr', optional }],
    });
    expect(fieldsIn(countedBy(grouped(false), DEFAULT_LAYOUT, config))).toEqual([
      'action',
      'srcaddr',
    ]);
    expect(fieldsIn(countedBy(grouped(true), DEFAULT_LAYOUT, config))).toEqual(['action']);
  });
});
