import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { compileRuleSet } from '../../src/map/4-match/rule-set.ts';
import type { LogEntry } from '../../src/ports/digest-log.ts';
import type { ReduceLoop } from '../../src/reduce/run.ts';
import { aFlow, type Flow, logEntries, NOON } from '../reduce/flows.ts';
import { aCount, aRule, aSnapshot, by } from '../reduce/rules.ts';
import type { Process } from './faults.ts';
import { schedule } from './scheduled.ts';
import { LEASE, published, World } from './world.ts';

const SNAPSHOT = aSnapshot([aRule({ id: 'every', storm: 100 }), aCount(9, 300, { by: by() })]);
const AT = (NOON + 60) * 1_000;

/** Ten batches; every group alerts once whatever the order, and `count` needs them all but one. */
const LOG: readonly LogEntry[] = Array.from({ length: 10 }, (_, i) => {
  const flows: Flow[] = [aFlow(NOON, { srcaddr: `198.51.100.${i}` })];
  return logEntries(compileRuleSet(SNAPSHOT), flows, AT, { name: String(i) });
}).flat();

/** What a writer is given to do: runs, each of some entries of the log. */
const someRuns = fc.array(fc.uniqueArray(fc.nat(LOG.length - 1), { minLength: 1, maxLength: 6 }), {
  minLength: 1,
  maxLength: 4,
});

const batch = (run: readonly number[]) => run.map((i) => LOG[i]);

/** Hands a writer its runs, each again until it succeeds. */
async function work(loop: ReduceLoop, runs: readonly (readonly number[])[]): Promise<void> {
  for (const run of runs) {
    for (;;) {
      const failed = await loop.run(batch(run)).then(
        () => false,
        (error: Error) => {
          if (!error.message.includes('by another writer')) throw error;
          return true;
        },
      );
      if (!failed) break;
    }
  }
}

async function expectAllAlertedOnce(world: World, twice: boolean): Promise<void> {
  const memory = await world.memory();
  const slots = [...(memory?.rules.get('count')?.groups.values() ?? [])].map(({ slots }) =>
    slots.map(({ records }) => records),
  );
  expect(slots).toEqual([[LOG.length]]);
  expect(memory?.applied.size).toBe(LOG.length);
  expect(memory?.outbox).toEqual([]);
  const sent = published(world);
  expect([...sent.keys()].filter((name) => name.startsWith('every '))).toHaveLength(LOG.length);
  expect([...sent.keys()].filter((name) => name.startsWith('count '))).toHaveLength(1);
  if (!twice) expect([...sent.values()].every((count) => count === 1)).toBe(true);
}

describe('two reducers on one shard at once', () => {
  test('lose no update and no alert, and send each once, however their calls fall', async () => {
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), someRuns, someRuns, async (scheduler, one, other) => {
        const world = schedule(new World(SNAPSHOT, AT), scheduler);
        const alive = () => ({ dead: false });
        const work1 = work(world.newReduce(alive()), one);
        const work2 = work(world.newReduce(alive()), other);
        await scheduler.waitFor(Promise.all([work1, work2]));
        // The stream hands the rest to one of them.
        await scheduler.waitFor(work(world.newReduce(alive()), [LOG.map((_, i) => i)]));
        await expectAllAlertedOnce(world, false);
      }),
      { numRuns: 150 },
    );
  });

  test('where one dies the other goes on, and what the dead one held is sent after its lease', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.scheduler(),
        someRuns,
        someRuns,
        fc.nat(25),
        fc.boolean(),
        async (scheduler, one, other, killAt, after) => {
          const world = schedule(new World(SNAPSHOT, AT), scheduler);
          const [first, second, third]: Process[] = [1, 2, 3].map(() => ({ dead: false }));
          world.faults.onCall((_, index) =>
            index === killAt ? (after ? 'kill-after' : 'kill-before') : 'pass',
          );
          const work1 = work(world.newReduce(first), one).catch(() => {});
          const work2 = work(world.newReduce(second), other).catch(() => {});
          await scheduler.waitFor(Promise.all([work1, work2]));
          world.now += LEASE;
          await scheduler.waitFor(
            work(world.newReduce(third), [LOG.map((_, i) => i)]).catch(() => {}),
          );
          world.now += LEASE;
          world.faults.onCall(() => 'pass');
          await scheduler.waitFor(work(world.newReduce({ dead: false }), [LOG.map((_, i) => i)]));
          await expectAllAlertedOnce(world, true);
          const doubles = [...published(world).values()].filter((count) => count > 1);
          if (!first.dead && !second.dead && !third.dead) expect(doubles).toEqual([]);
          expect(doubles.every((count) => count === 2)).toBe(true);
        },
      ),
      { numRuns: 150 },
    );
  });

  test('a writer that never gets its turn gives up and loses nothing', async () => {
    const world = new World(SNAPSHOT, AT);
    const save = world.checkpoints.save.bind(world.checkpoints);
    let other = 0;
    const loop = world.newReduce(
      { dead: false },
      {
        checkpoints: {
          load: (shard) => world.checkpoints.load(shard),
          async save(shard, body, previous) {
            // Someone else is always first.
            await world.newReduce({ dead: false }).run([LOG[other++ % LOG.length]]);
            return save(shard, body, previous);
          },
        },
      },
    );
    await expect(loop.run(LOG)).rejects.toThrow(
      'the checkpoint of shard 0 was replaced 8 times by another writer',
    );
    world.now += LEASE;
    await world.hand(LOG);
    await expectAllAlertedOnce(world, false);
  });
});
