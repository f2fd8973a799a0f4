import { describe, expect, test } from '@jest/globals';
import type { ObjectReader, StoredObject } from '../../src/ports/object-reader.ts';

export interface ObjectReaderContract {
  readonly name: string;
  /** A reader whose pieces have 1,000 bytes, and a way to put objects before it. */
  make(): Promise<{
    readonly reader: ObjectReader;
    readonly bucket: string;
    put(key: string, bytes: Uint8Array): Promise<void>;
  }>;
}

const BYTES = Buffer.from(Array.from({ length: 3_500 }, (_, i) => i % 251));

async function piecesOf(object: StoredObject | undefined): Promise<Buffer[]> {
  const pieces: Buffer[] = [];
  for await (const piece of object?.pieces() ?? []) pieces.push(Buffer.from(piece));
  return pieces;
}

/** What every reader of objects must do; run it on each implementation. */
export function runContract({ name, make }: ObjectReaderContract): void {
  describe(`${name} keeps the contract of a reader of objects`, () => {
    test('an object is read whole, in pieces that are the same each time', async () => {
      const { reader, bucket, put } = await make();
      await put('a', BYTES);
      const object = await reader.open(bucket, 'a');
      expect(object).toMatchObject({ bucket, key: 'a', size: BYTES.length });
      const pieces = await piecesOf(object);
      expect(pieces.map(({ length }) => length)).toEqual([1_000, 1_000, 1_000, 500]);
      expect(Buffer.concat(pieces)).toEqual(BYTES);
      expect(await piecesOf(await reader.open(bucket, 'a'))).toEqual(pieces);
      expect(await piecesOf(object)).toEqual(pieces);
    });

    test('any range is read, within a piece, over several, and none', async () => {
      const { reader, bucket, put } = await make();
      await put('a', BYTES);
      const object = await reader.open(bucket, 'a');
      for (const [from, to] of [
        [0, 10],
        [990, 1_010],
        [3_492, 3_500],
        [0, 3_500],
        [7, 7],
      ] as const) {
        const range = await object?.range(from, to);
        expect(Buffer.from(range ?? new ArrayBuffer(1))).toEqual(BYTES.subarray(from, to));
      }
    });

    test('other bytes have another etag, the same bytes the same', async () => {
      const { reader, bucket, put } = await make();
      await put('a', BYTES);
      const first = (await reader.open(bucket, 'a'))?.etag;
      await put('a', BYTES);
      expect((await reader.open(bucket, 'a'))?.etag).toBe(first);
      await put('a', BYTES.subarray(1));
      expect((await reader.open(bucket, 'a'))?.etag).not.toBe(first);
    });

    test('an empty object has nothing in it, and one that is not there is none', async () => {
      const { reader, bucket, put } = await make();
      await put('empty', new Uint8Array(0));
      const empty = await reader.open(bucket, 'empty');
      expect([empty?.size, await piecesOf(empty)]).toEqual([0, []]);
      expect(await reader.open(bucket, 'missing')).toBeUndefined();
    });

    test('a key may have any characters', async () => {
      const { reader, bucket, put } = await make();
      const key = "hive/day=1/a b+c%2F(é)*'!~/x.log.gz";
      await put(key, BYTES);
      expect((await reader.open(bucket, key))?.size).toBe(BYTES.length);
    });
  });
}
