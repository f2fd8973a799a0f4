import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { DigestLog, LogEntry } from '../../src/ports/digest-log.ts';

export interface DigestLogContract {
  readonly name: string;
  /** An empty log. */
  make(): Promise<DigestLog>;
}

/** What every digest log must do; run it on each implementation. */
export function runContract({ name, make }: DigestLogContract): void {
  describe(`${name} keeps the contract of a digest log`, () => {
    test('an entry is stored once and its redelivery is present', async () => {
      const log = await make();
      expect(await log.put(entry('k'))).toBe('stored');
      expect(await log.put(entry('k'))).toBe('present');
      expect(await keysOf(log, 0)).toEqual(['k']);
    });

    test('a redelivery changes neither the data nor the arrival of the first', async () => {
      const log = await make();
      await log.put(entry('k', { at: 1_000, data: bytes('first') }));
      await log.put(entry('k', { at: 2_000, data: bytes('second') }));
      expect(await all(log.read(0))).toEqual([
        { shard: 0, key: 'k', at: 1_000, data: bytes('first') },
      ]);
    });

    test('the same key in another shard, and another key in the same shard, are new entries', async () => {
      const log = await make();
      await log.put(entry('k'));
      expect(await log.put(entry('k', { shard: 1 }))).toBe('stored');
      expect(await log.put(entry('k2'))).toBe('stored');
    });

    test('a shard is read in key order, whatever the order of the puts, and alone', async () => {
      const log = await make();
      for (const key of ['b', 'a10', 'c', 'a9', 'a']) await log.put(entry(key));
      await log.put(entry('aa', { shard: 10 }));
      await log.put(entry('ab', { shard: 1 }));
      expect(await keysOf(log, 0)).toEqual(['a', 'a10', 'a9', 'b', 'c']);
      expect(await keysOf(log, 1)).toEqual(['ab']);
    });

    test('a range includes both its ends and nothing beside them', async () => {
      const log = await make();
      for (const key of ['a', 'b', 'c', 'd']) await log.put(entry(key));
      expect(await keysOf(log, 0, 'b', 'c')).toEqual(['b', 'c']);
      expect(await keysOf(log, 0, 'c')).toEqual(['c', 'd']);
      expect(await keysOf(log, 0, undefined, 'b')).toEqual(['a', 'b']);
      expect(await keysOf(log, 0, 'b', 'b')).toEqual(['b']);
      expect(await keysOf(log, 0, 'bb', 'bc')).toEqual([]);
    });

    test('a shard without entries reads as empty', async () => {
      const log = await make();
      await log.put(entry('k'));
      expect(await keysOf(log, 7)).toEqual([]);
    });

    test('any bytes come back as they were put', async () => {
      const log = await make();
      let count = 0;
      await fc.assert(
        fc.asyncProperty(fc.uint8Array({ minLength: 1, maxLength: 300 }), async (data) => {
          const key = `k${++count}`;
          await log.put(entry(key, { data }));
          const [found] = await all(log.read(0, key, key));
          expect([...found!.data]).toEqual([...data]);
        }),
        { numRuns: 25 },
      );
    });

    test('the buffer of a put may be used again at once', async () => {
      const log = await make();
      const data = bytes('before');
      await log.put(entry('k', { data }));
      data.fill(0);
      const [found] = await all(log.read(0));
      expect(found?.data).toEqual(bytes('before'));
    });

    test('of two writers of one key exactly one stores it', async () => {
      const log = await make();
      for (let round = 0; round < 10; round++) {
        const outcomes = await Promise.all([
          log.put(entry(`k${round}`, { data: bytes('one') })),
          log.put(entry(`k${round}`, { data: bytes('two') })),
        ]);
        expect(outcomes.sort()).toEqual(['present', 'stored']);
      }
    });

    test('a shard larger than any page is read whole and in order', async () => {
      const log = await make();
      const keys = Array.from({ length: 9 }, (_, index) => `k${index}`);
      for (const key of keys) await log.put(entry(key, { data: new Uint8Array(300_000).fill(7) }));
      const entries = await all(log.read(0));
      expect(entries.map(({ key }) => key)).toEqual(keys);
      expect(entries.every(({ data }) => data.length === 300_000)).toBe(true);
    });

    test('a reader may stop in the middle', async () => {
      const log = await make();
      for (const key of ['a', 'b', 'c']) await log.put(entry(key));
      const seen: string[] = [];
      for await (const { key } of log.read(0)) {
        seen.push(key);
        if (key === 'b') break;
      }
      expect(seen).toEqual(['a', 'b']);
    });
  });
}

function entry(key: string, rest: Partial<LogEntry> = {}): LogEntry {
  return { shard: 0, at: 1_790_000_000_000, data: bytes('digest'), ...rest, key };
}

/** A plain array, so that a Buffer is not told from it. */
function bytes(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

async function all(entries: AsyncIterable<LogEntry>): Promise<LogEntry[]> {
  const list: LogEntry[] = [];
  for await (const found of entries) list.push({ ...found, data: new Uint8Array(found.data) });
  return list;
}

async function keysOf(log: DigestLog, shard: number, from?: string, to?: string) {
  return (await all(log.read(shard, from, to))).map(({ key }) => key);
}
