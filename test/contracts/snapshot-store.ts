import { describe, expect, test } from '@jest/globals';
import { DEFAULT_ENGINE_SETTINGS, type Snapshot } from '../../src/config/snapshot.ts';
import type { SnapshotStore } from '../../src/ports/snapshot-store.ts';

export interface SnapshotStoreContract {
  readonly name: string;
  /** An empty store with the publisher's side of it. */
  make(): Promise<{
    readonly store: SnapshotStore;
    publish(snapshot: Snapshot): Promise<void>;
    withdraw(): Promise<void>;
  }>;
}

/** A snapshot that differs from others by its lateness. */
export function snapshotWith(lateness: number): Snapshot {
  return {
    version: 1,
    settings: { ...DEFAULT_ENGINE_SETTINGS, lateness },
    rules: [],
    filters: [],
    lists: {},
    formats: { 'größe/*': [`\${version} \${srcaddr}`] },
  };
}

/** What every snapshot store must do; run it on each implementation. */
export function runContract({ name, make }: SnapshotStoreContract): void {
  describe(`${name} keeps the contract of a snapshot store`, () => {
    test('before the first snapshot there is none, whatever tag is asked with', async () => {
      const { store } = await make();
      expect(await store.load()).toBeUndefined();
      expect(await store.load('"0123456789abcdef0123456789abcdef"')).toBeUndefined();
    });

    test('a published snapshot is loaded whole, with a tag', async () => {
      const { store, publish } = await make();
      await publish(snapshotWith(60));
      const answer = await store.load();
      expect(answer).toEqual({ snapshot: snapshotWith(60), tag: expect.any(String) });
    });

    test('its own tag finds it unchanged, a foreign one finds it', async () => {
      const { store, publish } = await make();
      await publish(snapshotWith(60));
      expect(await store.load(await tagOf(store))).toBe('unchanged');
      const answer = await store.load('"0123456789abcdef0123456789abcdef"');
      expect(answer).toMatchObject({ snapshot: snapshotWith(60) });
    });

    test('a newer snapshot is loaded under the tag of the older, and has another', async () => {
      const { store, publish } = await make();
      await publish(snapshotWith(60));
      const older = await tagOf(store);
      await publish(snapshotWith(90));
      expect(await store.load(older)).toMatchObject({ snapshot: snapshotWith(90) });
      expect(await tagOf(store)).not.toBe(older);
    });

    test('a withdrawn snapshot is gone, also for who has its tag', async () => {
      const { store, publish, withdraw } = await make();
      await publish(snapshotWith(60));
      const tag = await tagOf(store);
      await withdraw();
      expect(await store.load(tag)).toBeUndefined();
    });
  });
}

async function tagOf(store: SnapshotStore): Promise<string> {
  const answer = await store.load();
  if (typeof answer !== 'object') throw new Error('There is no snapshot to have a tag');
  return answer.tag;
}
