/** Deployed worlds, their memory made again, and what of it can be compared. */
import type { Snapshot } from '../../../src/config/snapshot.ts';
import { compileRuleSet } from '../../../src/map/4-match/rule-set.ts';
import type { Rebuilt } from '../../../src/reduce/rebuild/report.ts';
import { type RebuildPorts, type RunOptions, rebuild } from '../../../src/reduce/rebuild/run.ts';
import type { ShardState } from '../../../src/reduce/state.ts';
import { delivery, World } from '../../faults/world.ts';
import { aFlow, type Flow } from '../flows.ts';

/** A batch arrives, and the stream brings its digest to the reducer. */
export async function arrive(world: World, flows: readonly Flow[], stream = 'eni-1') {
  // No two batches arrive at once: which would then be first is not in the log.
  world.now++;
  await world.deliver(delivery(flows, stream));
  await world.stream();
}

/**
 * Two minutes of silence, then a record that no rule is about: its heartbeat goes to every shard, and
 * so every shard saves how far it has come. Ticks alone are not worth a checkpoint.
 */
export async function calm(world: World): Promise<World> {
  await world.minute(2);
  const start = Math.floor(world.now / 1_000) - 60;
  await arrive(world, [aFlow(start, { action: 'REJECT', dstport: 9 })], 'eni-calm');
  return world;
}

/** The same deployment with another number of shards: functions are new, what is stored stays. */
export function redeployed(world: World, shards: number): World {
  const next = new World(world.snapshot, world.now, shards);
  const { digests, checkpoints, topic, metrics, letters } = world;
  Object.assign(next, { digests, checkpoints, topic, metrics, letters });
  return next;
}

/** `flowlog-alerts rebuild` without its command line. */
export function rebuildOf(
  world: World,
  over: Partial<RunOptions> & Partial<RebuildPorts> = {},
): Promise<Rebuilt> {
  const { digests = world.digests, checkpoints = world.checkpoints, ...options } = over;
  return rebuild(
    compileRuleSet(world.snapshot as Snapshot),
    { digests, checkpoints },
    {
      stage: 'test',
      shards: world.shards,
      mostShards: 8,
      save: true,
      now: () => world.now,
      ...options,
    },
  );
}

/** Memory but what is on its way out; names of moved entries are those that they had. */
export function compared(memory: ShardState | undefined): object {
  if (memory === undefined) return {};
  const { outbox: _, metrics: __, metricsOutbox: ___, applied, ...rest } = memory;
  return { ...rest, applied: [...applied.keys()].map((key) => key.replace(/@$/, '')).sort() };
}

/** Without sample lines: how many a digest has room for depends on how many shards share a batch. */
export function withoutSamples(memory: ShardState): ShardState {
  const copy = structuredClone(memory);
  for (const { groups } of copy.rules.values()) {
    for (const group of groups.values()) {
      for (const slot of group.slots) Object.assign(slot, { samples: [], top: {} });
    }
  }
  return copy;
}

export async function memories(world: World): Promise<object[]> {
  const all: object[] = [];
  for (let shard = 0; shard < world.shards; shard++) {
    all.push(compared(await world.memory(shard)));
  }
  return all;
}
