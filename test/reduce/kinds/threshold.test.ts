import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { CompiledRule, Detect } from '../../../src/rules/compiled.ts';
import { deliveries, logAround, SETTLE, somePlan } from './delivery.ts';
import { namedGroup } from './named.ts';
import { alertedOf, firingsOf } from './oracle/firings.ts';
import { slottingOf } from './oracle/windows.ts';
import { groupOf, matching } from './oracle/world.ts';
import { ruleSetOf, Shard, tailOf } from './shards.ts';
import { type Looked, TRAFFIC } from './traffic/index.ts';

const NEVER = 1_000_000;

/** The same detection with a threshold that nothing meets. */
function unmet(detect: Detect): Detect {
  switch (detect.kind) {
    case 'count':
    case 'sum':
      return { ...detect, above: NEVER };
    case 'ratio':
    case 'spike':
    case 'beacon':
    case 'unanswered':
      return { ...detect, min: NEVER };
    default:
      return detect;
  }
}

const LOOKED: readonly (readonly [Looked, string])[] = [
  ['count', 'records'],
  ['sum', 'sum'],
  ['ratio', 'ratio'],
  ['spike', 'spike'],
  ['beacon', 'beacon'],
  ['unanswered', 'unanswered'],
];

describe.each(LOOKED)('traffic for %s: a new threshold of rule %s', (kind, id) => {
  test('is applied to what was remembered under the old one', () => {
    const someShare = fc.constantFrom(0.2, 0.5, 0.8);
    fc.assert(
      fc.property(TRAFFIC[kind], somePlan, someShare, ({ rules, filters, lines }, plan, share) => {
        const rule = rules.find((one) => one.id === id) as CompiledRule;
        const batches = deliveries(lines, plan);
        const from = Math.floor(batches.length * share);
        const set = ruleSetOf({ rules: [{ ...rule, detect: unmet(rule.detect) }], filters });
        const next = ruleSetOf({ rules: [rule], filters });
        const change = { from, set: next };
        const [before, after] = logAround(set, batches, { tail: tailOf(rules), change });
        const shard = new Shard(set);
        expect(before.flatMap((entry) => shard.apply(entry))).toEqual([]);
        shard.restart(next);
        const sent = after
          .flatMap((entry) => shard.apply(entry))
          .filter(({ status }) => status === 'firing')
          .map((alert) => namedGroup(rules, alert));

        const world = { rules: [rule], filters, lines, clock: Infinity };
        expect(sent.filter((name) => !alertedOf(world).includes(name))).toEqual([]);
        const later = new Set(batches.slice(from).flatMap((batch) => batch.lines));
        const seen = matching(world, rule, rule.match).filter((line) => later.has(line));
        const { slot } = slottingOf(rule);
        const open = firingsOf(world).filter((firing) =>
          kind === 'count' || kind === 'sum'
            ? // Looked at again, as a record comes.
              seen.some(
                (line) =>
                  groupOf(rule, line) === firing.group &&
                  Math.floor(line.start / slot) * slot === firing.slot,
              )
            : firing.slot + slot + SETTLE >= (batches[from]?.at ?? 0),
        );
        expect(sent).toEqual(expect.arrayContaining(open.map(({ group }) => `${id} ${group}`)));
      }),
      { numRuns: 15 },
    );
  });
});
