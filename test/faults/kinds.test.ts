import { beforeAll, describe, expect, test } from '@jest/globals';
import type { CompiledRule, Match } from '../../src/rules/compiled.ts';
import { aFlow, type Flow, NOON } from '../reduce/flows.ts';
import { is, ruleOf, says } from '../reduce/kinds/rule.ts';
import { aSnapshot, by } from '../reduce/rules.ts';
import { expectSame, type Run } from './sweep.ts';
import { delivery, published, World } from './world.ts';

const ACCEPTED: Match = says('action', 'ACCEPT');
const REFUSED: Match = says('action', 'REJECT');

const BY_PORT: readonly CompiledRule[] = [
  ruleOf({ kind: 'count', above: 2, of: 'connections' }, { id: 'connections', window: 300 }),
  ruleOf({ kind: 'distinct', fields: ['srcaddr'], above: 2 }, { window: 300 }),
  ruleOf({ kind: 'ratio', of: REFUSED, above: 0.2, min: 3 }, { window: 120 }),
  ruleOf({ kind: 'spike', factor: 0.5, min: 0, baseline: 600 }, { window: 120, match: ACCEPTED }),
  ruleOf({ kind: 'beacon', min: 3, jitter: 2 }, { window: 120, match: ACCEPTED }),
  ruleOf({ kind: 'unanswered', min: 2 }, { window: 120, match: ACCEPTED }),
  ruleOf(
    {
      kind: 'sequence',
      steps: [
        { match: REFUSED, above: 0 },
        { rule: 'distinct' },
        { match: is('bytes', 840), above: 0, distinct: ['srcaddr'] },
      ],
    },
    { window: 300 },
  ),
];

const RULES: readonly CompiledRule[] = [
  ...BY_PORT.map((rule) => ({ ...rule, by: by('dstport') })),
  ruleOf({ kind: 'new', fields: ['srcaddr'], learn: 60, forget: 86_400 }),
  ruleOf({ kind: 'absent', for: 420, seen: 1 }, { resolve: true }),
];

/**
 * Three minutes of flows, five of silence, a flow, a long silence, one host back, and time for all to
 * be decided, sent and saved.
 */
async function scenario(world: World): Promise<void> {
  const flow = (minute: number, last: number, given: Partial<Flow> = {}) =>
    aFlow(NOON + minute * 60, { srcaddr: `198.51.100.${last}`, ...given });
  const pass = async (minutes: number) => {
    world.now += (minutes - 1) * 60_000;
    await world.minute();
  };
  await world.deliver(delivery([flow(0, 1), flow(0, 2, { action: 'REJECT' }), flow(0, 2)]));
  await world.stream();
  await pass(1);
  await world.deliver(delivery([flow(1, 1), flow(1, 3), flow(1, 4)], 'eni-2'));
  await world.stream();
  await pass(2);
  await world.deliver(delivery([flow(3, 1), flow(3, 5, { dstport: 22 })]));
  await pass(5);
  await world.deliver(delivery([flow(8, 9)]));
  // Longer than a lease each: what a dead process held is free.
  for (let i = 0; i < 4; i++) await pass(6);
  for (const minute of [32, 38, 44, 50]) {
    const back = minute >= 44 ? [flow(minute, 3)] : [];
    await world.deliver(delivery([flow(minute, 1, { action: 'REJECT' }), ...back]));
    await pass(6);
  }
  // Ticks that changed nothing need not be saved; this is.
  await world.deliver(delivery([flow(56, 1, { action: 'REJECT' })]));
  await world.stream();
}

const run: Run = async (fate) => {
  const world = new World(aSnapshot(RULES), (NOON + 30) * 1_000);
  if (fate) world.faults.onCall(fate);
  await scenario(world);
  return world;
};

describe('a fault at any call, with rules of every kind', () => {
  let expected: World;

  beforeAll(async () => {
    expected = await run();
  });

  test('the run without one alerts by every rule', async () => {
    const told = new Set([...published(expected).keys()].map((name) => name.split(' ')[0]));
    expect(told).toEqual(new Set(RULES.map(({ id }) => id)));
    expect(await expected.memory()).toMatchObject({ outbox: [] });
  });

  test.each(['fail-after', 'kill-before', 'kill-after'] as const)(
    '%s: memory and alerts are those of the run without it',
    (fate) => expectSame(run, expected, fate),
  );
});
