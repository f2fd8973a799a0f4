import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { MemoryCheckpointStore } from '../../../src/adapters/local/memory-checkpoint-store.ts';
import { MemoryDigestLog } from '../../../src/adapters/local/memory-digest-log.ts';
import { decodeDigest, encodeDigest } from '../../../src/log/codec.ts';
import { packKey } from '../../../src/log/key.ts';
import type { LogEntry } from '../../../src/ports/digest-log.ts';
import { decodeCheckpoint, encodeCheckpoint } from '../../../src/reduce/3-checkpoint/checkpoint.ts';
import { RebuildError } from '../../../src/reduce/rebuild/run.ts';
import type { ShardState } from '../../../src/reduce/state.ts';
import { published, World } from '../../faults/world.ts';
import { aFlow, type Flow, NOON } from '../flows.ts';
import { aCount, aRule, aSnapshot, by } from '../rules.ts';
import { cut, outOfOrder, someFlows, someLengths, someRules } from '../traffic.ts';
import {
  arrive,
  calm,
  compared,
  memories,
  rebuildOf,
  redeployed,
  withoutSamples,
} from './deployments.ts';

const SNAPSHOT = aSnapshot([
  aRule({ id: 'every', storm: 2 }),
  aCount(4, 300, { by: by('dstport') }),
  aRule({ id: 'sum', detect: { kind: 'sum', field: 'bytes', above: 5_000 }, window: 600 }),
]);
const AT = (NOON + 60) * 1_000;

const flow = (minute: number, last: number, given: Partial<Flow> = {}) =>
  aFlow(NOON + minute * 60, { srcaddr: `198.51.100.${last}`, ...given });

/** Half an hour of some sources, with alerts, a storm, late flows and an entry that is unreadable. */
async function halfAnHour(world: World): Promise<void> {
  for (let minute = 0; minute < 30; minute++) {
    const flows = Array.from({ length: 1 + (minute % 4) }, (_, i) =>
      flow(minute - (i === 3 ? 12 : 0), 1 + ((minute * 7 + i) % 11), { dstport: 20 + (i % 3) }),
    );
    await arrive(world, flows, `eni-${minute % 2}`);
    if (minute === 5) {
      const broken = { shard: 0, key: '1795435500#batch#bad#0', at: world.now };
      await world.digests.put({ ...broken, data: Buffer.of(0x10) });
    }
    await world.minute();
  }
}

/** Takes batches as the function `stream` writes them. */
class PackingLog extends MemoryDigestLog {
  readonly #packs = new Map<string, number>();

  override async put(entry: LogEntry) {
    const [, kind, identity = ''] = entry.key.split('#');
    if (kind !== 'batch' || identity === 'bad') return super.put(entry);
    const digest = decodeDigest(entry.data);
    if (digest.kind !== 'batch') throw new Error('a batch was expected');
    const data = encodeDigest({ kind: 'pack', members: [{ identity, digest }] });
    const number = this.#packs.get(identity) ?? this.#packs.size;
    this.#packs.set(identity, number);
    const key = packKey(Math.floor(entry.at / 600_000) * 600, '0'.repeat(16), number);
    return super.put({ ...entry, key, data });
  }
}

async function halfHourOf(shards: number): Promise<World> {
  const world = new World(SNAPSHOT, AT, shards);
  await halfAnHour(world);
  return calm(world);
}

describe('memory made again', () => {
  test.each([1, 3])('with the same number of shards (%i) it is what it was', async (shards) => {
    const world = await halfHourOf(shards);
    const before = await memories(world);
    const { size } = published(world);
    const report = await rebuildOf(world);
    expect(await memories(world)).toEqual(before);
    expect(report).toMatchObject({ left: 0, unreadable: 1, outOfTurn: 0, foreign: new Map() });
    for (const { groups, before } of report.shards) expect(groups).toBe(before);
    await world.minute(3);
    expect(size).toBeGreaterThan(5);
    expect(published(world).size).toBe(size);
  });

  test.each([
    [1, 3],
    [3, 1],
    [2, 3],
  ])('of %i shards for %i it is what those would have had', async (from, to) => {
    const world = redeployed(await halfHourOf(from), to);
    world.fresh();
    await rebuildOf(world);
    expect(await memories(world)).toEqual(await memories(await halfHourOf(to)));
  });

  test.each([
    [1, 1],
    [3, 3],
    [3, 1],
    [2, 3],
  ])(
    'from packs of a stream, of %i shards for %i, it is what those would have had',
    async (from, to) => {
      const packed = async (shards: number) => {
        const world = new World(SNAPSHOT, AT, shards);
        Object.assign(world, { digests: new PackingLog() });
        await halfAnHour(world);
        return calm(world);
      };
      const world = redeployed(await packed(from), to);
      world.fresh();
      await rebuildOf(world);
      // Batches that two shards had each keep a name for each.
      const untold = async (one: World) =>
        (await memories(one)).map((memory) => ({ ...memory, applied: undefined }));
      expect(await untold(world)).toEqual(await untold(await packed(to)));
      if (from === to) expect(await memories(world)).toEqual(await memories(await packed(to)));
    },
  );

  test('it goes on as memory that was loaded', async () => {
    const [world, other] = [await halfHourOf(2), await halfHourOf(2)];
    await rebuildOf(world);
    for (const one of [world, other]) {
      one.restart();
      await arrive(one, [flow(30, 1), flow(31, 2), flow(31, 3)]);
      await calm(one);
    }
    expect(await memories(world)).toEqual(await memories(other));
    expect([...published(world)]).toEqual([...published(other)]);
  });

  test('any rules and traffic: of one number of shards for another, the alerts stay one a group', async () => {
    await fc.assert(
      fc.asyncProperty(
        someRules,
        someFlows(1_800),
        someLengths,
        fc.array(fc.nat(300), { minLength: 1, maxLength: 8 }),
        fc.constantFrom(1, 2, 3),
        fc.constantFrom(1, 2, 3),
        async (rules, flows, lengths, delays, from, to) => {
          const snapshot = aSnapshot(rules);
          const worlds = [from, to].map((shards) => new World(snapshot, AT, shards));
          for (const batch of cut(outOfOrder(flows, delays), lengths)) {
            for (const world of worlds) {
              world.now = Math.max(world.now, ...batch.map(({ start }) => (start + 60) * 1_000));
              await arrive(world, batch);
              await world.minute();
            }
          }
          const [old, wanted] = await Promise.all(worlds.map(calm));
          const world = redeployed(old, to);
          world.fresh();
          const sent = [...published(world)];
          await rebuildOf(world);
          expect([...published(world)]).toEqual(sent);
          for (let shard = 0; shard < to; shard++) {
            const [found, live] = [await world.memory(shard), await wanted.memory(shard)];
            if (live === undefined) continue;
            const what = from === to ? (one: ShardState) => one : withoutSamples;
            expect(compared(found && what(found))).toEqual(compared(what(live)));
          }
        },
      ),
      { numRuns: 40 },
    );
  });
});

describe('a change of the number of shards', () => {
  const rule = aCount(9, 600, { by: by('srcaddr') });
  const sources = [1, 2, 3, 4, 5, 6];
  const half = (minute: number, records: number) =>
    sources.flatMap((last) => Array.from({ length: records }, () => flow(minute, last)));

  async function half1(): Promise<World> {
    const world = new World(aSnapshot([rule]), AT, 1);
    await arrive(world, half(0, 6));
    await world.minute();
    const next = redeployed(world, 2);
    next.fresh();
    return next;
  }

  test('in the middle of a window loses nothing of it, once memory is made again', async () => {
    const world = await half1();
    await rebuildOf(world);
    await arrive(world, half(3, 4));
    expect([...published(world).values()]).toEqual(sources.map(() => 1));
  });

  test('without that, groups that moved begin anew', async () => {
    const world = await half1();
    await arrive(world, half(3, 4));
    expect(published(world).size).toBeLessThan(sources.length);
  });

  test('with memory made again only after more has come, both halves are one', async () => {
    const world = await half1();
    await arrive(world, half(3, 3));
    await rebuildOf(world);
    expect(published(world).size).toBe(0);
    await arrive(world, half(4, 1));
    expect([...published(world).values()]).toEqual(sources.map(() => 1));
  });

  test('does not count a batch twice that comes again after it', async () => {
    const world = await half1();
    await rebuildOf(world);
    await arrive(world, half(0, 6));
    expect(published(world).size).toBe(0);
    await rebuildOf(world);
    await arrive(world, half(3, 3));
    expect(published(world).size).toBe(0);
  });

  test('to fewer: what a shard that is no more has to send is sent by the first', async () => {
    const world = new World(aSnapshot([rule]), AT, 2);
    world.topic.down = true;
    await arrive(world, half(0, 10));
    const waiting = (await world.memory(1))?.outbox.length;
    const next = redeployed(world, 1);
    next.fresh();
    await rebuildOf(next);
    next.topic.down = false;
    await next.minute(20);
    expect(waiting).toBeGreaterThan(0);
    expect([...published(next).values()]).toEqual(sources.map(() => 1));
    expect(await next.memory(1)).toMatchObject({ outbox: [], rules: new Map() });
  });

  test('waits for digests of the former number that are not merged yet', async () => {
    const world = new World(aSnapshot([rule]), AT, 1);
    await arrive(world, half(0, 6));
    const next = redeployed(world, 2);
    next.fresh();
    await arriveUnmerged(world, half(1, 1));
    const before = await next.checkpoints.load(0);
    await expect(rebuildOf(next)).rejects.toThrow(
      '1 digests of another number of shards are not merged yet: wait until reduce has caught up',
    );
    expect(await next.checkpoints.load(0)).toEqual(before);
    await next.stream();
    await rebuildOf(next);
    expect((await next.memory(1))?.rules.size).toBe(1);
  });
});

async function stored(world: World) {
  const found = await world.checkpoints.load(0);
  if (!found) throw new Error('there is no checkpoint');
  return { state: decodeCheckpoint(found.body), tag: found.tag };
}

async function arriveUnmerged(world: World, flows: readonly Flow[]): Promise<void> {
  const { stream } = world;
  world.stream = async () => {};
  await arrive(world, flows);
  world.stream = stream;
}

describe('reducers at work meanwhile', () => {
  test('what one merges between reading and saving is in the new memory, and told of once', async () => {
    const world = await halfHourOf(2);
    const { size } = published(world);
    let saves = 0;
    const checkpoints = {
      load: (shard: number) => world.checkpoints.load(shard),
      async save(shard: number, body: Uint8Array, previous: string | undefined) {
        saves++;
        // Three times someone is first.
        if (saves <= 3) await arrive(world, [flow(30, 20 + saves), flow(20, 30 + saves)]);
        return world.checkpoints.save(shard, body, previous);
      },
    };
    await rebuildOf(world, { checkpoints });
    const other = await halfHourOf(2);
    for (let i = 1; i <= 3; i++) await arrive(other, [flow(30, 20 + i), flow(20, 30 + i)]);
    expect(saves).toBeGreaterThan(3);
    expect(published(other).size).toBeGreaterThan(size);
    expect(await memories(world)).toEqual(await memories(other));
    expect([...published(world)]).toEqual([...published(other)]);
  });

  test('what they have not merged is left to the stream', async () => {
    const world = await halfHourOf(1);
    const { size } = published(world);
    await arriveUnmerged(world, [flow(30, 99, { dstport: 25 })]);
    const report = await rebuildOf(world);
    expect(report.left).toBeGreaterThan(0);
    expect(published(world).size).toBe(size);
    await world.stream();
    expect(published(world).size).toBe(size + 1);
  });

  test('what one has to send stays its to send', async () => {
    const world = new World(SNAPSHOT, AT);
    world.topic.down = true;
    await arrive(world, [flow(0, 1)]);
    await rebuildOf(world);
    world.topic.down = false;
    await world.minute(3);
    expect([...published(world).values()]).toEqual([1]);
    expect((await world.memory())?.outbox).toEqual([]);
  });

  test('one that is always first makes it give up, and nothing is lost', async () => {
    const world = await halfHourOf(1);
    let last = 30;
    const checkpoints = {
      load: (shard: number) => world.checkpoints.load(shard),
      async save(shard: number, body: Uint8Array, previous: string | undefined) {
        await arrive(world, [flow(30, last++)]);
        return world.checkpoints.save(shard, body, previous);
      },
    };
    await expect(rebuildOf(world, { checkpoints })).rejects.toThrow(
      'the checkpoint of shard 0 was replaced 20 times meanwhile',
    );
    const before = await memories(world);
    await rebuildOf(world);
    expect(await memories(world)).toEqual(before);
  });
});

describe('a checkpoint that is lost', () => {
  test('and begun anew by the reducer is made whole again, and nothing is sent twice', async () => {
    const world = await halfHourOf(1);
    const { size } = published(world);
    Object.assign(world, { checkpoints: new MemoryCheckpointStore() });
    world.restart();
    // A source that was told of and is still in its cooldown.
    await arrive(world, [flow(30, 4)]);
    expect(published(world).size).toBe(size + 1);
    await world.minute(5);
    await arrive(world, [flow(35, 4)]);
    await rebuildOf(world);
    await arrive(world, [flow(36, 4)]);
    expect(published(world).size).toBe(size + 1);
    const other = await halfHourOf(1);
    await arrive(other, [flow(30, 4)]);
    await other.minute(5);
    for (const minute of [35, 36]) await arrive(other, [flow(minute, 4)]);
    const everAfter = (all: readonly object[]) => all.map((one) => ({ ...one, applied: [] }));
    expect(everAfter(await memories(world))).toEqual(everAfter(await memories(other)));
  });

  test('remembers since when its rules are at work, where the log no longer reaches so far', async () => {
    const world = await halfHourOf(1);
    const { state, tag } = await stored(world);
    const since = NOON - 20 * 86_400;
    for (const rule of state.rules.values()) rule.since = since;
    await world.checkpoints.save(0, encodeCheckpoint(state), tag);
    await rebuildOf(world);
    const rules = [...((await world.memory())?.rules.values() ?? [])];
    expect(rules.map((rule) => rule.since)).toEqual([since, since, since]);
  });

  test('and not begun anew yet is an error: how far its reducer had come is not known', async () => {
    const world = await halfHourOf(2);
    const [kept] = [await world.checkpoints.load(0)];
    const checkpoints = new MemoryCheckpointStore();
    Object.assign(world, { checkpoints });
    await expect(rebuildOf(world)).rejects.toThrow('there is no checkpoint of any shard');
    await checkpoints.save(0, kept?.body ?? new Uint8Array(), undefined);
    await expect(rebuildOf(world)).rejects.toThrow('shard 1 has digests but no checkpoint');
    await expect(rebuildOf(world)).rejects.toBeInstanceOf(RebuildError);
  });

  test('of a newer format stays as it is', async () => {
    const world = await halfHourOf(1);
    const body = Buffer.from('H4sIAAAAAAAAA6tWSssvyk0sUbIyqgUAVsgvKAwAAAA=', 'base64');
    await world.checkpoints.save(0, body, (await world.checkpoints.load(0))?.tag);
    await expect(rebuildOf(world)).rejects.toThrow('checkpoint');
    expect((await world.checkpoints.load(0))?.body).toEqual(new Uint8Array(body));
  });
});

describe('what is left out', () => {
  test('digests of a rule as it was before a change, which are counted', async () => {
    const world = await halfHourOf(1);
    const match = {
      field: 'dstport',
      test: { in: { numbers: [[20, 21]] } },
      path: 'match',
    } as const;
    const [every, ...others] = SNAPSHOT.rules;
    world.snapshot = aSnapshot([{ ...every, match }, ...others]);
    await arrive(world, [flow(31, 1, { dstport: 20 })]);
    const before = await world.memory();
    const { foreign } = await rebuildOf(world);
    expect([...foreign.keys()]).toEqual(['every']);
    expect(foreign.get('every')).toBeGreaterThan(30);
    expect((await world.memory())?.rules.get('every')?.groups).toEqual(
      before?.rules.get('every')?.groups,
    );
  });

  test('nothing is saved where only a look is asked for', async () => {
    const world = await halfHourOf(1);
    const before = await world.checkpoints.load(0);
    const { shards } = await rebuildOf(redeployed(world, 3), { save: false });
    expect(shards.map(({ groups }) => groups > 0)).toEqual([true, true, true]);
    expect(await world.checkpoints.load(0)).toEqual(before);
    expect(await world.checkpoints.load(1)).toBeUndefined();
  });

  test('an interrupt ends it before anything is replaced', async () => {
    const world = await halfHourOf(1);
    const before = await world.checkpoints.load(0);
    await expect(rebuildOf(world, { stop: AbortSignal.abort() })).rejects.toThrow('aborted');
    expect(await world.checkpoints.load(0)).toEqual(before);
  });
});
