import { describe, expect, test } from '@jest/globals';
import { CachedSnapshot } from '../../../src/adapters/local/cached-snapshot.ts';
import { MemorySnapshotStore } from '../../../src/adapters/local/memory-snapshot-store.ts';
import type { SnapshotStore } from '../../../src/ports/snapshot-store.ts';
import { snapshotWith } from '../../contracts/snapshot-store.ts';

function setUp(first?: number) {
  const memory = new MemorySnapshotStore(first === undefined ? undefined : snapshotWith(first));
  const asked: (string | undefined)[] = [];
  const logged: { event: string; fields: unknown }[] = [];
  const state = { now: 1_000_000, broken: false };
  const store: SnapshotStore = {
    async load(tag) {
      asked.push(tag);
      if (state.broken) throw new Error('no route to S3');
      return memory.load(tag);
    },
  };
  const cache = new CachedSnapshot({
    store,
    now: () => state.now,
    log: (_level, event, fields) => logged.push({ event, fields }),
  });
  return { memory, cache, asked, logged, state };
}

describe('CachedSnapshot', () => {
  test('within 30 seconds the store is asked once', async () => {
    const { cache, asked, state } = setUp(60);
    const first = await cache.get();
    state.now += 29_999;
    expect(await cache.get()).toBe(first);
    expect(asked).toEqual([undefined]);
  });

  test('after 30 seconds it is asked by tag, and an unchanged snapshot is the same object', async () => {
    const { cache, asked, state } = setUp(60);
    const first = await cache.get();
    state.now += 30_000;
    expect(await cache.get()).toBe(first);
    expect(asked).toEqual([undefined, '1']);
  });

  test('a newer snapshot takes the place of the old', async () => {
    const { memory, cache, state } = setUp(60);
    await cache.get();
    memory.publish(snapshotWith(90));
    state.now += 30_000;
    expect(await cache.get()).toEqual(snapshotWith(90));
  });

  test('when a refresh fails the old one stays, the log says so, and the next try waits', async () => {
    const { cache, asked, logged, state } = setUp(60);
    const first = await cache.get();
    state.broken = true;
    state.now += 45_000;
    expect(await cache.get()).toBe(first);
    state.now += 10_000;
    expect(await cache.get()).toBe(first);
    expect(asked).toHaveLength(2);
    expect(logged).toEqual([
      { event: 'snapshot.stale', fields: { reason: 'no route to S3', ageSeconds: 45 } },
    ]);
  });

  test('the age in the log counts from the last time the store confirmed it', async () => {
    const { cache, logged, state } = setUp(60);
    await cache.get();
    state.now += 40_000;
    await cache.get();
    state.broken = true;
    state.now += 50_000;
    await cache.get();
    expect(logged[0]?.fields).toMatchObject({ ageSeconds: 50 });
  });

  test('after a failed refresh a good one is taken', async () => {
    const { memory, cache, state } = setUp(60);
    await cache.get();
    state.broken = true;
    state.now += 30_000;
    await cache.get();
    state.broken = false;
    memory.publish(snapshotWith(90));
    state.now += 30_000;
    expect(await cache.get()).toEqual(snapshotWith(90));
  });

  test('a failed first load is thrown, and the next call asks again at once', async () => {
    const { cache, state } = setUp(60);
    state.broken = true;
    await expect(cache.get()).rejects.toThrow('no route to S3');
    state.broken = false;
    expect(await cache.get()).toEqual(snapshotWith(60));
  });

  test('before the first publication there is none, and each call asks', async () => {
    const { memory, cache, logged } = setUp();
    expect(await cache.get()).toBeUndefined();
    memory.publish(snapshotWith(60));
    expect(await cache.get()).toEqual(snapshotWith(60));
    expect(logged).toEqual([]);
  });

  test('a snapshot that was withdrawn stays in use, with a warning', async () => {
    const { memory, cache, logged, state } = setUp(60);
    const first = await cache.get();
    memory.withdraw();
    state.now += 30_000;
    expect(await cache.get()).toBe(first);
    expect(logged).toHaveLength(1);
  });

  test('calls at the same time share one question', async () => {
    const { cache, asked } = setUp(60);
    const [one, two] = await Promise.all([cache.get(), cache.get()]);
    expect(one).toBe(two);
    expect(asked).toHaveLength(1);
  });
});
