import { describe, expect, test } from '@jest/globals';
import type { ListedObject, ObjectListing } from '../../src/ports/object-listing.ts';

export interface ListingBench {
  readonly listing: ObjectListing;
  readonly bucket: string;
  /** Puts an object of so many bytes. */
  put(key: string, size: number): Promise<void>;
}

/** What every listing of a bucket must do. */
export function describesObjectListing(name: string, make: () => Promise<ListingBench>): void {
  describe(name, () => {
    const all = async ({ listing, bucket }: ListingBench, prefix: string, folders: boolean) => {
      const objects: ListedObject[] = [];
      const below: string[] = [];
      for await (const page of listing.pages(bucket, { prefix, folders })) {
        objects.push(...page.objects);
        below.push(...page.folders);
      }
      return { keys: objects.map(({ key }) => key), objects, below };
    };

    test('lists what begins with a prefix, with sizes and ETags', async () => {
      const bench = await make();
      for (const key of ['a/1', 'a/b/2', 'ab', 'b']) await bench.put(key, key.length);
      const { keys, objects, below } = await all(bench, 'a', false);
      expect(keys.sort()).toEqual(['a/1', 'a/b/2', 'ab']);
      expect(below).toEqual([]);
      for (const { key, size, etag, archived } of objects) {
        expect([size, archived]).toEqual([key.length, false]);
        expect(etag).not.toBe('');
      }
    });

    test('with folders lists one level, and the folders below it', async () => {
      const bench = await make();
      for (const key of ['a/1', 'a/b/2', 'a/b/c/3', 'a/d/4', 'a?e/5']) await bench.put(key, 1);
      expect(await all(bench, 'a/', true)).toMatchObject({
        keys: ['a/1'],
        below: ['a/b/', 'a/d/'],
      });
      expect((await all(bench, '', true)).below.sort()).toEqual(['a/', 'a?e/']);
    });

    test('goes on after the first page', async () => {
      const bench = await make();
      const keys = Array.from({ length: 1_005 }, (_, i) => `k/${String(i).padStart(5, '0')}`);
      for (let i = 0; i < keys.length; i += 50) {
        await Promise.all(keys.slice(i, i + 50).map((key) => bench.put(key, 1)));
      }
      expect((await all(bench, 'k/', false)).keys).toEqual(keys);
    }, 60_000);

    test('has nothing where there is nothing, and says which bucket is none', async () => {
      const bench = await make();
      expect(await all(bench, 'nothing', false)).toMatchObject({ keys: [], below: [] });
      const other = { ...bench, bucket: 'there-is-no-such-bucket' };
      await expect(all(other, '', false)).rejects.toThrow(/there is no bucket there-is-no-such/);
    });
  });
}
