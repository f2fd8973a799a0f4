import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Alert } from '../../../src/alerts/alert.ts';
import { inOrder, logOf, SETTLE } from './delivery.ts';
import { namedGroup } from './named.ts';
import { openingsOf } from './oracle/episodes.ts';
import { ruleSetOf, Shard, tailOf } from './shards.ts';
import { KINDS, TRAFFIC } from './traffic/index.ts';
import type { Case } from './traffic/parts.ts';

const someLengths = fc.array(fc.constantFrom(1, 2, 3, 7, 20), { minLength: 1, maxLength: 4 });
const somePoints = fc.array(fc.nat(60), { maxLength: 4 });

/** What is sent for lines in order, batched by lengths, with restarts after some entries. */
function sent(some: Case, lengths: readonly number[], restarts: readonly number[] = []): Alert[] {
  const set = ruleSetOf(some);
  const shard = new Shard(set);
  const log = logOf(set, inOrder(some.lines, lengths), { still: true, tail: tailOf(some.rules) });
  return log.flatMap((entry, i) => {
    const alerts = shard.apply(entry);
    if (restarts.includes(i)) shard.restart();
    return alerts;
  });
}

/** By rule, group and episode, each episode's in the order in which they were sent. */
function byEpisode(some: Case, alerts: readonly Alert[]): string[] {
  const lines = alerts.map((alert) => ({
    name: `${namedGroup(some.rules, alert)} ${alert.id}`,
    told: `${alert.seq} ${alert.status}`,
  }));
  const episodes = [...Map.groupBy(lines, ({ name }) => name)];
  return episodes
    .map(([name, all]) => `${name} ${withoutEndless(all.map(({ told }) => told)).join(', ')}`)
    .sort();
}

/** What is absent for good is told of again for as long as the clock goes, which lag decides. */
function withoutEndless(all: readonly string[]): readonly string[] {
  return all.slice(0, all.findLastIndex((one) => !one.endsWith('updated')) + 1);
}

describe.each(KINDS)('for input in order, rules of kind %s', (kind) => {
  test('send the same notifications for every batching and with every restart', () => {
    fc.assert(
      fc.property(TRAFFIC[kind], someLengths, somePoints, (some, lengths, restarts) => {
        const one = byEpisode(some, sent(some, [1]));
        expect(byEpisode(some, sent(some, lengths))).toEqual(one);
        expect(byEpisode(some, sent(some, lengths, restarts))).toEqual(one);
      }),
      { numRuns: 15 },
    );
  });

  test('number the messages of an episode, from its firing to its one end', () => {
    fc.assert(
      fc.property(TRAFFIC[kind], someLengths, (some, lengths) => {
        const episodes = Map.groupBy(sent(some, lengths), ({ id }) => id);
        for (const [id, alerts] of episodes) {
          const { resolve } = some.rules.find((rule) => rule.id === alerts[0].rule.id) ?? {};
          const all = alerts.map(({ status }) => status);
          expect(alerts.map(({ seq }) => seq)).toEqual(all.map((_, i) => i));
          // What is absent may never come back.
          const ends = kind === 'absent' ? all.includes('resolved') : resolve;
          const last = ends ? ['resolved'] : [];
          const between = all.slice(1, all.length - last.length).map(() => 'updated');
          expect({ id, all }).toEqual({ id, all: ['firing', ...between, ...last] });
        }
      }),
      { numRuns: 15 },
    );
  });

  if (kind === 'absent') return;

  test('open the episodes that the windows which fire make up', () => {
    fc.assert(
      fc.property(TRAFFIC[kind], someLengths, (some, lengths) => {
        const firing = sent(some, lengths).filter(({ status }) => status === 'firing');
        const found = firing.map((alert) => `${namedGroup(some.rules, alert)} ${alert.id}`);
        const expected = openingsOf({ ...some, clock: Infinity }, SETTLE);
        expect(found.sort()).toEqual(expected.sort());
      }),
      { numRuns: 15 },
    );
  });
});
