import { describe, expect, test } from '@jest/globals';
import { MemoryDigestLog } from '../../../src/adapters/local/memory-digest-log.ts';
import { batchKey, tickKey } from '../../../src/log/key.ts';
import { inArrivalOrder } from '../../../src/reduce/rebuild/arrival-order.ts';
import { NOON } from '../flows.ts';

type Arrival = readonly [shard: number, key: string, at: number];

/** Names of what is read, in its order; entries of one key together. */
async function read(arrivals: readonly Arrival[], from?: string): Promise<string[]> {
  const log = new MemoryDigestLog();
  for (const [shard, key, at] of arrivals) {
    await log.put({ shard, key, at: at * 1_000, data: new Uint8Array([1]) });
  }
  const reach = { shards: [0, 1, 2], now: (NOON + 7_200) * 1_000, ...(from ? { from } : {}) };
  const names: string[] = [];
  for await (const same of inArrivalOrder(log, reach)) {
    names.push(`${same[0].key.split('#')[2] ?? 'tick'}@${same.map(({ shard }) => shard).join('')}`);
  }
  return names;
}

const batch = (name: string, latest: number, at: number, shard = 0): Arrival => [
  shard,
  batchKey(NOON + latest, name, 0),
  NOON + at,
];

describe('the log in order of arrival', () => {
  test('is that of its keys where everything is in time', async () => {
    const log = [batch('c', 120, 180), batch('a', 0, 60), batch('b', 60, 120)];
    expect(await read(log)).toEqual(['a@0', 'b@0', 'c@0']);
  });

  test('puts a batch that came late where it came', async () => {
    const log = [
      batch('late', 0, 3_700),
      batch('b', 60, 120),
      batch('c', 3_600, 3_660),
      batch('d', 3_660, 3_720),
    ];
    expect(await read(log)).toEqual(['b@0', 'c@0', 'late@0', 'd@0']);
  });

  test('puts a batch with a time that is yet to come where it came', async () => {
    const log = [batch('a', 0, 60), batch('ahead', 86_400, 90), batch('c', 60, 120)];
    expect(await read(log)).toEqual(['a@0', 'ahead@0', 'c@0']);
  });

  test('has the entries of one key together, at the first arrival of any', async () => {
    const log = [
      batch('a', 0, 60, 2),
      batch('a', 0, 200, 0),
      batch('b', 0, 70, 1),
      batch('a', 0, 80, 1),
    ];
    expect(await read(log)).toEqual(['a@012', 'b@1']);
  });

  test('has a tick before what arrived with it, and after what arrived before it', async () => {
    const tick: Arrival = [0, tickKey(NOON + 60), NOON + 60];
    expect(await read([batch('b', 60, 60), tick, batch('a', 0, 59)])).toEqual([
      'a@0',
      'tick@0',
      'b@0',
    ]);
  });

  test('begins where it is told to', async () => {
    const log = [batch('a', 0, 60), batch('b', 60, 120), batch('ahead', 86_400, 90)];
    expect(await read(log, batchKey(NOON + 60, '', 0))).toEqual(['ahead@0', 'b@0']);
    expect(await read(log, batchKey(NOON + 80_000, '', 0))).toEqual(['ahead@0']);
  });
});
