import { beforeAll, describe, expect, test } from '@jest/globals';
import { aFlow, asLogEntry, type Flow, NOON } from '../reduce/flows.ts';
import { aCount, aRule, aSnapshot, by } from '../reduce/rules.ts';
import { FATES } from './faults.ts';
import { expectSame, type Run } from './sweep.ts';
import { delivery, published, World } from './world.ts';

const SNAPSHOT = aSnapshot([
  aRule({ id: 'every', storm: 2 }),
  aCount(4, 300, { by: by() }),
  aRule({ id: 'refused', by: by('dstport') }),
]);

/** Five minutes of two streams, an unreadable batch, an unreadable digest, storms and their end. */
async function scenario(world: World): Promise<void> {
  world.topic.refused.add('refused');
  const flow = (minute: number, last: number, given: Partial<Flow> = {}) =>
    aFlow(NOON + minute * 60, { srcaddr: `198.51.100.${last}`, ...given });
  await world.deliver(delivery([flow(0, 1), flow(0, 2, { action: 'REJECT' })]));
  await world.deliver(delivery([flow(0, 2)], 'eni-2'));
  await world.stream();
  await world.minute();
  await world.deliver(delivery([flow(1, 1), flow(1, 3), flow(1, 4)]));
  await world.deliver({ awslogs: { data: 'bm8gZ3ppcA==' } });
  const unreadable = { shard: 0, key: `${NOON}#batch#bad#0`, at: world.now, data: Buffer.of(0x10) };
  await world.digests.put(unreadable);
  await world.stream();
  await world.minute();
  await world.deliver(delivery([flow(3, 5, { dstport: 22 }), flow(3, 1)], 'eni-2'));
  await world.minute(3);
  // Longer than a lease: what a dead process held is free.
  await world.minute(12);
  await world.deliver(delivery([flow(18, 9)]));
  await world.minute(8);
  await world.deliver(delivery([flow(26, 9)]));
  await world.minute();
}

const run: Run = async (fate) => {
  const world = new World(SNAPSHOT, (NOON + 30) * 1_000);
  if (fate) world.faults.onCall(fate);
  await scenario(world);
  return world;
};

describe('a fault at any call', () => {
  let calls: readonly string[];
  let expected: World;

  beforeAll(async () => {
    expected = await run();
    calls = expected.faults.calls;
  });

  test('the run without one alerts, folds, parks and counts', async () => {
    expect([...published(expected)].map(([name, count]) => [name.split(' ')[0], count])).toEqual([
      ['every', 1],
      ['every', 1],
      ['count', 1],
      ['every', 1],
      ['every', 1],
    ]);
    expect(expected.topic.published.map(({ type }) => type)).toContain('summary');
    expect(expected.letters.letters.map(({ kind }) => kind).sort()).toEqual([
      'batch',
      'digest',
      'notification',
      'notification',
    ]);
    const failures = expected.metrics.points.filter(({ name }) => name === 'DeliveryFailures');
    expect(failures.reduce((sum, { value }) => sum + value, 0)).toBe(2);
    expect(await expected.memory()).toMatchObject({ outbox: [], metricsOutbox: [] });
  });

  test('the scenario calls every port of both loops', () => {
    expect([...new Set(calls)].sort()).toEqual([
      'map.digests.put',
      'map.letters.park',
      'map.snapshot',
      'reduce.checkpoints.load',
      'reduce.checkpoints.save',
      'reduce.letters.park',
      'reduce.metrics.publish',
      'reduce.notifier.publish',
      'reduce.snapshot',
    ]);
    expect(calls.length).toBeGreaterThan(60);
  });

  test.each(FATES)('%s: memory and alerts are those of the run without it', async (fate) => {
    await expectSame(run, expected, fate);
  });
});

test('an entry in the log keeps the arrival of its first put', async () => {
  const world = new World(SNAPSHOT, NOON * 1_000);
  const entry = asLogEntry({ key: 'a', at: 1, digest: { kind: 'tick' } });
  expect(await world.digests.put(entry)).toBe('stored');
  expect(await world.digests.put({ ...entry, at: 2 })).toBe('present');
  expect(world.digests.entries(0)[0].at).toBe(1);
});
