import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { LogEntry } from '../../../src/ports/digest-log.ts';
import { deliveries, logOf, type Plan, somePlan } from './delivery.ts';
import { namedGroup } from './named.ts';
import { alertedOf } from './oracle/firings.ts';
import { lateRecords, recent, ruleSetOf, Shard, tailOf } from './shards.ts';
import { KINDS, TRAFFIC } from './traffic/index.ts';
import type { Case } from './traffic/parts.ts';

/** Ways of delivery that one case is tried in. */
const WAYS = 3;

const someWay = fc.record({
  plan: somePlan,
  shards: fc.integer({ min: 1, max: 4 }),
  again: fc.array(fc.nat(60), { maxLength: 6 }),
  restarts: fc.array(fc.nat(60), { maxLength: 4 }),
});

describe.each(KINDS)('rules of kind %s', (kind) => {
  test('alert what their words say, whatever the batches, order, shards and restarts', () => {
    fc.assert(
      fc.property(
        TRAFFIC[kind],
        fc.array(someWay, { minLength: WAYS, maxLength: WAYS }),
        (some, ways) => {
          const expected = alertedOf({ ...some, clock: Infinity });
          const set = ruleSetOf(some);
          for (const { plan, shards: count, again, restarts } of ways) {
            const tail = tailOf(some.rules);
            const log = logOf(set, deliveries(some.lines, plan), { shards: count, tail });
            const shards = Array.from({ length: count }, (_, i) => new Shard(set, undefined, i));
            const alerted = new Set<string>();
            const apply = (entry: LogEntry) => {
              for (const alert of shards[entry.shard].apply(entry)) {
                if (alert.status === 'firing') alerted.add(namedGroup(some.rules, alert));
              }
            };
            log.forEach((entry, i) => {
              apply(entry);
              if (again.includes(i)) log.slice(0, i).filter(recent(entry)).forEach(apply);
              if (restarts.includes(i)) for (const shard of shards) shard.restart();
            });
            expect(shards.map(({ state }) => lateRecords(state))).toEqual(shards.map(() => 0));
            expect([...alerted].sort()).toEqual(expected);
          }
        },
      ),
      { numRuns: 30 },
    );
  });

  const somePoints = fc.array(fc.record({ after: fc.nat(60), from: fc.nat(60), to: fc.nat(60) }), {
    minLength: 1,
    maxLength: 5,
  });
  const loggedBy = ({ rules, lines, filters }: Case, plan: Plan) => {
    const set = ruleSetOf({ rules, filters });
    return { set, log: logOf(set, deliveries(lines, plan), { tail: 1_200 }) };
  };

  test('remember the same where entries come again, and where memory was saved and loaded', () => {
    fc.assert(
      fc.property(TRAFFIC[kind], somePlan, somePoints, (some, plan, points) => {
        const { set, log } = loggedBy(some, plan);
        const [once, often, lost] = [new Shard(set), new Shard(set), new Shard(set)];
        log.forEach((entry, i) => {
          const alerts = once.apply(entry);
          expect(often.apply(entry)).toEqual(alerts);
          expect(lost.apply(entry)).toEqual(alerts);
          for (const { after, from, to } of points) {
            if (after !== i) continue;
            lost.restart();
            expect(lost.state).toEqual(once.state);
            const old = log.slice(Math.min(from, i), Math.min(to, i) + 1).filter(recent(entry));
            expect(old.flatMap((one) => often.apply(one))).toEqual([]);
          }
        });
        expect(often.state).toEqual(once.state);
        expect(lost.state).toEqual(once.state);
      }),
      { numRuns: 30 },
    );
  });
});
