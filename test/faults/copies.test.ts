import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { aFlow, NOON } from '../reduce/flows.ts';
import { aCount, aRule, aSnapshot, by } from '../reduce/rules.ts';
import { only } from './faults.ts';
import { schedule } from './scheduled.ts';
import { delivery, published, World } from './world.ts';

const SNAPSHOT = aSnapshot([
  aRule({ id: 'every', storm: 100 }),
  aCount(5, 300, { by: by('srcaddr') }),
  aCount(40, 300, { id: 'all', by: by() }),
]);
const AT = (NOON + 60) * 1_000;
const SHARDS = 3;
/** Eight sources with six flows each: `all` is exceeded by 8, and by no fewer than 41 of the 48. */
const BATCH = delivery(
  Array.from({ length: 48 }, (_, i) => aFlow(NOON + i, { srcaddr: `198.51.100.${i % 8}` })),
);

async function batches(world: World): Promise<string[]> {
  const found: string[] = [];
  for (let shard = 0; shard < SHARDS; shard++) {
    for (const { key, data } of world.digests.entries(shard)) {
      if (key.includes('#batch#'))
        found.push(`${shard} ${key} ${Buffer.from(data).toString('hex')}`);
    }
  }
  return found;
}

async function once(): Promise<{ batches: string[]; alerts: string[] }> {
  const world = new World(SNAPSHOT, AT, SHARDS);
  await world.deliver(BATCH);
  await world.stream();
  return { batches: await batches(world), alerts: [...published(world).keys()] };
}

async function expectOnce(world: World): Promise<void> {
  const expected = await once();
  expect(await batches(world)).toEqual(expected.batches);
  await world.stream();
  expect([...published(world).keys()].sort()).toEqual(expected.alerts.sort());
  expect([...published(world).values()].every((times) => times === 1)).toBe(true);
}

describe('copies of one batch', () => {
  test('one alone fills several shards and alerts', async () => {
    const { batches, alerts } = await once();
    expect(batches).toHaveLength(SHARDS);
    expect(alerts.map((name) => name.split(' ')[0]).sort()).toEqual([
      'all',
      ...Array(8).fill('count'),
      ...Array(8).fill('every'),
    ]);
  });

  test('that come to three instances at once count once, however their calls fall', async () => {
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), async (scheduler) => {
        const world = schedule(new World(SNAPSHOT, AT, SHARDS), scheduler);
        const copies = [1, 2, 3].map(() => world.newIngest({ dead: false }).subscription(BATCH));
        await scheduler.waitFor(Promise.all(copies));
        // The stream is read without waiting.
        world.faults.wrap = new World(SNAPSHOT, AT).faults.wrap;
        await expectOnce(world);
      }),
      { numRuns: 30 },
    );
  });

  test('of which one died half-way, wherever that was, count once', async () => {
    const world = new World(SNAPSHOT, AT, SHARDS);
    await world.deliver(BATCH);
    const calls = world.faults.calls.length;
    for (let index = 0; index < calls; index++) {
      for (const fate of ['kill-before', 'kill-after', 'fail-after'] as const) {
        const half = new World(SNAPSHOT, AT, SHARDS);
        half.faults.onCall(only(index, fate));
        await half
          .newIngest({ dead: false })
          .subscription(BATCH)
          .catch(() => undefined);
        // What it wrote is merged before the batch comes again, an hour of retries later.
        await half.stream();
        half.now += 3_600_000;
        await half.deliver(BATCH);
        await expectOnce(half);
      }
    }
    expect(calls).toBeGreaterThan(SHARDS);
  });
});
