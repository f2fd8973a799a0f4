import { describe, expect, test } from '@jest/globals';
import type { LogEntry } from '../../src/ports/digest-log.ts';
import type { ShardState } from '../../src/reduce/state.ts';
import { aFlow, NOON } from '../reduce/flows.ts';
import { rebuildOf } from '../reduce/rebuild/deployments.ts';
import { aCount, aRule, aSnapshot, by } from '../reduce/rules.ts';
import { delivery, LEASE, published, World } from './world.ts';

const SNAPSHOT = aSnapshot([
  aRule({ id: 'every', storm: 2 }),
  aCount(6, 300, { by: by() }),
  aRule({ id: 'sum', detect: { kind: 'sum', field: 'bytes', above: 5_000 }, window: 600 }),
]);

/** Twelve minutes, and the checkpoint at the end of each. */
async function twelveMinutes(
  snapshot = SNAPSHOT,
): Promise<{ world: World; checkpoints: Uint8Array[] }> {
  const world = new World(snapshot, (NOON + 60) * 1_000);
  const checkpoints: Uint8Array[] = [];
  for (let minute = 0; minute < 12; minute++) {
    const flows = Array.from({ length: 1 + (minute % 3) }, (_, i) =>
      aFlow(NOON + minute * 60, { srcaddr: `198.51.100.${(minute * 5 + i) % 7}` }),
    );
    world.now += 1;
    await world.deliver(delivery(flows));
    await world.stream();
    await world.minute();
    const stored = await world.checkpoints.load(0);
    if (stored) checkpoints.push(stored.body);
  }
  return { world, checkpoints };
}

/** The whole log in order of arrival, cut in pieces. */
function pieces(world: World, length: number): LogEntry[][] {
  const log = world.digests.entries(0).sort((a, b) => a.at - b.at);
  return Array.from({ length: Math.ceil(log.length / length) }, (_, i) =>
    log.slice(i * length, (i + 1) * length),
  );
}

async function restore(world: World, body: Uint8Array): Promise<void> {
  const present = await world.checkpoints.load(0);
  expect(await world.checkpoints.save(0, body, present?.tag)).not.toBe('conflict');
}

function remembered(memory: ShardState | undefined): object {
  const { metrics: _, metricsOutbox: __, applied, ...rest } = memory as ShardState;
  return { ...rest, applied: [...applied.keys()].sort() };
}

describe('an old checkpoint put back', () => {
  test('with the log run again ends where it was, with the same alerts under the same names', async () => {
    const { world, checkpoints } = await twelveMinutes();
    const memory = remembered(await world.memory());
    const names = [...published(world).keys()].sort();
    expect(names.length).toBeGreaterThan(5);
    for (const [minute, body] of checkpoints.entries()) {
      const before = world.topic.published.length;
      await restore(world, body);
      world.restart();
      for (const piece of pieces(world, 1 + (minute % 5))) await world.hand(piece);
      world.now += LEASE;
      await world.hand(pieces(world, 1_000)[0]);
      expect([minute, remembered(await world.memory())]).toEqual([minute, memory]);
      expect([...published(world).keys()].sort()).toEqual(names);
      const again = world.topic.published.slice(before).map(({ id, seq }) => `${id}#${seq}`);
      expect(new Set(again).size).toBe(again.length);
    }
  });

  test('is met by the instance that is warm when it saves next, and nothing new is lost', async () => {
    const { world, checkpoints } = await twelveMinutes();
    const sent = world.topic.published.length;
    await restore(world, checkpoints[5]);
    const flow = aFlow(NOON + 12 * 60, { srcaddr: '198.51.100.99' });
    await world.deliver(delivery([flow]));
    await world.stream();
    expect(world.topic.published.slice(sent).map(({ group }) => group.srcaddr)).toContain(
      '198.51.100.99',
    );
    expect((await world.memory())?.ticked).toBeLessThan(world.now - 300_000);
  });

  test('and an hour later made whole by rebuild is as if it had never been gone', async () => {
    const snapshot = aSnapshot(SNAPSHOT.rules.map((rule) => ({ ...rule, storm: 100 })));
    const [old, other] = [await twelveMinutes(snapshot), await twelveMinutes(snapshot)];
    await restore(old.world, old.checkpoints[3]);
    old.world.restart();
    for (const { world } of [old, other]) {
      await world.minute(62);
      await world.deliver(delivery([aFlow(NOON + 74 * 60, { action: 'REJECT' })]));
      await world.stream();
    }
    expect(await rebuildOf(old.world)).toMatchObject({ left: 0 });
    const [found, wanted] = [await old.world.memory(), await other.world.memory()].map(remembered);
    expect({ ...found, applied: [] }).toEqual({ ...wanted, applied: [] });
    await old.world.minute(5);
    expect([...published(old.world)]).toEqual([...published(other.world)]);
  });
});
