import { describe, expect, test } from '@jest/globals';
import type { CheckpointStore } from '../../src/ports/checkpoint-store.ts';

export interface CheckpointStoreContract {
  readonly name: string;
  /** An empty place, and a way to open any number of writers on it. */
  make(): Promise<() => CheckpointStore>;
}

/** What every checkpoint store must do; run it on each implementation. */
export function runContract({ name, make }: CheckpointStoreContract): void {
  describe(`${name} keeps the contract of a checkpoint store`, () => {
    test('a shard without a checkpoint loads as undefined', async () => {
      const store = (await make())();
      expect(await store.load(0)).toBeUndefined();
    });

    test('what is saved is loaded by another writer, under the tag that the save gave', async () => {
      const open = await make();
      const tag = await saved(open(), 'state', undefined);
      const found = await open().load(0);
      expect(found?.tag).toBe(tag);
      expect(text(found?.body)).toBe('state');
    });

    test('a first save conflicts when there is a checkpoint, and leaves it as it is', async () => {
      const open = await make();
      await saved(open(), 'first', undefined);
      expect(await open().save(0, bytes('second'), undefined)).toBe('conflict');
      expect(text((await open().load(0))?.body)).toBe('first');
    });

    test('a save under the newest tag replaces; under an older one it conflicts', async () => {
      const open = await make();
      const first = await saved(open(), 'one', undefined);
      const second = await saved(open(), 'two', first);
      expect(second).not.toBe(first);
      expect(await open().save(0, bytes('three'), first)).toBe('conflict');
      expect(text((await open().load(0))?.body)).toBe('two');
    });

    test('a save under a tag conflicts when there is nothing', async () => {
      const open = await make();
      const tag = await saved(open(), 'elsewhere', undefined, 5);
      expect(await open().save(0, bytes('state'), tag)).toBe('conflict');
      expect(await open().load(0)).toBeUndefined();
    });

    test('shards do not touch one another', async () => {
      const open = await make();
      await saved(open(), 'of 1', undefined, 1);
      await saved(open(), 'of 11', undefined, 11);
      expect(text((await open().load(1))?.body)).toBe('of 1');
      expect(text((await open().load(11))?.body)).toBe('of 11');
    });

    test('of two writers at once exactly one wins, and its state stays', async () => {
      const open = await make();
      let tag = await saved(open(), 'start', undefined);
      for (let round = 0; round < 8; round++) {
        const states = [`a${round}`, `b${round}`];
        const outcomes = await Promise.all(
          states.map((state) => open().save(0, bytes(state), tag)),
        );
        expect(outcomes.filter((outcome) => outcome === 'conflict')).toHaveLength(1);
        const winner = outcomes[0] === 'conflict' ? 1 : 0;
        const found = await open().load(0);
        expect(text(found?.body)).toBe(states[winner]);
        tag = found!.tag;
        expect(outcomes[winner]).toEqual({ tag });
      }
    });

    test('of two first writers at once exactly one wins', async () => {
      const open = await make();
      for (let shard = 0; shard < 5; shard++) {
        const outcomes = await Promise.all([
          open().save(shard, bytes('a'), undefined),
          open().save(shard, bytes('b'), undefined),
        ]);
        expect(outcomes.filter((outcome) => outcome === 'conflict')).toHaveLength(1);
      }
    });

    test('one writer saves on and on without loading', async () => {
      const open = await make();
      const store = open();
      let tag: string | undefined;
      for (let round = 0; round < 12; round++) tag = await saved(store, `state ${round}`, tag);
      expect(await open().load(0)).toMatchObject({ tag });
      expect(text((await open().load(0))?.body)).toBe('state 11');
    });

    test('a large checkpoint comes back byte for byte', async () => {
      const open = await make();
      const body = new Uint8Array(9_000_000).map((_, index) => (index * 31) & 255);
      await open().save(0, body, undefined);
      const found = await open().load(0);
      expect(Buffer.compare(found!.body, body)).toBe(0);
    });
  });
}

async function saved(
  store: CheckpointStore,
  state: string,
  previous: string | undefined,
  shard = 0,
): Promise<string> {
  const outcome = await store.save(shard, bytes(state), previous);
  if (outcome === 'conflict') throw new Error(`Saving ${state} met a conflict`);
  return outcome.tag;
}

function bytes(state: string): Uint8Array {
  return new TextEncoder().encode(state);
}

function text(body: Uint8Array | undefined): string | undefined {
  return body === undefined ? undefined : new TextDecoder().decode(body);
}
