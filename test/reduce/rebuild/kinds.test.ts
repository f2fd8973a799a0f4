import { describe, expect, jest, test } from '@jest/globals';
import type { Match } from '../../../src/rules/compiled.ts';
import { published, World } from '../../faults/world.ts';
import { aFlow, NOON } from '../flows.ts';
import { aCount, aRule, aSnapshot, by } from '../rules.ts';
import { arrive, calm, memories, rebuildOf, redeployed } from './deployments.ts';

jest.setTimeout(60_000);

const ports = (...numbers: readonly [number, number][]): Match => ({
  field: 'dstport',
  test: { in: { numbers } },
  path: 'match.dstport',
});

/** One of every kind; `after` joins two of them in one shard. */
const RULES = [
  aRule({ id: 'every' }),
  aCount(9, 600, { id: 'count' }),
  aRule({ id: 'sum', detect: { kind: 'sum', field: 'bytes', above: 4_000 }, window: 300 }),
  aRule({
    id: 'distinct',
    detect: { kind: 'distinct', fields: ['dstport'], above: 3 },
    window: 300,
  }),
  aRule({
    id: 'ratio',
    detect: { kind: 'ratio', of: ports([20, 20]), above: 0.3, min: 3 },
    window: 300,
  }),
  aRule({
    id: 'spike',
    detect: { kind: 'spike', factor: 2, min: 3, baseline: 1_200 },
    window: 300,
  }),
  aRule({
    id: 'new',
    detect: { kind: 'new', fields: ['srcaddr', 'dstport'], learn: 600, forget: 86_400 },
    by: by('srcaddr', 'dstport'),
  }),
  aRule({ id: 'absent', match: ports([24, 24]), detect: { kind: 'absent', for: 240, seen: 2 } }),
  aRule({ id: 'beacon', detect: { kind: 'beacon', min: 4, jitter: 0.9 }, window: 1_800 }),
  aRule({ id: 'unanswered', detect: { kind: 'unanswered', min: 2 }, window: 300 }),
  aRule({
    id: 'after',
    detect: {
      kind: 'sequence',
      steps: [{ rule: 'distinct' }, { match: ports([22, 22]), above: 1 }],
    },
    window: 600,
  }),
];

async function threeQuarters(shards: number): Promise<World> {
  const world = new World(aSnapshot(RULES), (NOON + 60) * 1_000, shards);
  for (let minute = 0; minute < 45; minute++) {
    const many = 1 + (minute % 4) + (minute === 30 ? 20 : 0);
    const flows = Array.from({ length: many }, (_, i) =>
      aFlow(NOON + minute * 60 + i, {
        srcaddr: `198.51.100.${(minute * 7 + i) % 5}`,
        dstport: 20 + ((i + minute) % 6),
      }),
    );
    await arrive(world, flows, `eni-${minute % 2}`);
    await world.minute();
  }
  return calm(world);
}

describe('memory of rules of every kind, made again', () => {
  test.each([
    [2, 2],
    [1, 2],
    [3, 2],
  ])('of %i shards for %i, is what those would have had', async (from, to) => {
    const world = redeployed(await threeQuarters(from), to);
    world.fresh();
    const sent = [...published(world).keys()];
    await rebuildOf(world);
    expect(await memories(world)).toEqual(await memories(await threeQuarters(to)));
    expect([...new Set(sent.map((name) => name.split(' ')[0]))].sort()).toEqual(
      RULES.map(({ id }) => id).sort(),
    );
    expect([...published(world).keys()]).toEqual(sent);
  });
});
