import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { beforeEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { MemoryDigestLog } from '../../src/adapters/local/memory-digest-log.ts';
import { decodeDigest, encodeDigest } from '../../src/log/codec.ts';
import { batchesOf } from '../../src/log/digest.ts';
import { compileRuleSet } from '../../src/map/4-match/rule-set.ts';
import { Ingest } from '../../src/map/ingest.ts';
import { IngestStream, type StreamRecord } from '../../src/map/ingest-stream.ts';
import type { DigestLog, LogEntry } from '../../src/ports/digest-log.ts';
import type { DeadLetters } from '../../src/ports/notifier.ts';
import { Reducer } from '../../src/reduce/reducer.ts';
import { eventsOf, payloadOf } from './1-decode/payloads.ts';
import { line, port, ruleOf, snapshotOf } from './inputs.ts';

type Letter = Parameters<DeadLetters['park']>[0];

const BY = [{ field: 'srcaddr', optional: false }];
const SNAPSHOT = snapshotOf([ruleOf('ssh', port(22), { by: BY })]);
const AT = 1_700_000_100_000;
const STREAM = 'arn:aws:kinesis:eu-west-1:111122223333:stream/flows';

/** A batch of one interface; `n` makes it another. */
function payload(n: number, lines = [line({ dstport: 22, srcaddr: `198.51.100.${n % 256}` })]) {
  return payloadOf(eventsOf(lines), { logStream: `eni-${n}-all`, logGroup: `/vpc/${n % 3}` });
}

function record(
  n: number,
  data: Uint8Array = gzipSync(payload(n)),
  arrival = 1_700_000_090,
): StreamRecord {
  return {
    data,
    streamArn: STREAM,
    shardId: 'shardId-000000000000',
    sequenceNumber: String(n).padStart(56, '4'),
    arrival: arrival + n,
    event: { eventID: n },
  };
}

/** A log that refuses puts when told to, and may lose the answer of one that it took. */
class Log implements DigestLog {
  readonly entries = new MemoryDigestLog();
  refuse: () => 'before' | 'after' | undefined = () => undefined;
  puts = 0;

  async put(entry: LogEntry) {
    this.puts++;
    const refused = this.refuse();
    if (refused === 'before') throw new Error('the table is away');
    const answer = await this.entries.put(entry);
    if (refused === 'after') throw new Error('the answer is lost');
    return answer;
  }

  read(shard: number, from?: string, to?: string) {
    return this.entries.read(shard, from, to);
  }
}

let log: Log;
let letters: Letter[];
let logged: string[];

beforeEach(() => {
  log = new Log();
  letters = [];
  logged = [];
});

function streamOf(shards = 1, snapshot: typeof SNAPSHOT | undefined = SNAPSHOT): IngestStream {
  return new IngestStream(portsOf(snapshot), { shards, instance: 'i-1', region: 'eu-west-1' });
}

function portsOf(snapshot: typeof SNAPSHOT | undefined) {
  return {
    digests: log,
    deadLetters: { park: async (letter: Letter) => void letters.push(letter) },
    log: (_: string, event: string) => void logged.push(event),
    snapshot: async () => snapshot,
    now: () => AT,
  };
}

async function entries(shards = 1): Promise<LogEntry[]> {
  const all: LogEntry[] = [];
  for (let shard = 0; shard < shards; shard++) {
    for await (const entry of log.read(shard)) all.push(entry);
  }
  return all.filter(({ key }) => !key.includes('#beat#'));
}

/** Records that a reducer of each shard counts, from all entries in the given order. */
async function counted(shards = 1, order: <T>(list: T[]) => T[] = (list) => list) {
  const set = compileRuleSet(SNAPSHOT);
  let records = 0;
  for (let shard = 0; shard < shards; shard++) {
    const reducer = new Reducer(set, { stage: 'test', shard });
    const own = (await entries(shards)).filter((entry) => entry.shard === shard);
    for (const { key, at, data } of order(own))
      reducer.apply({ key, at, digest: decodeDigest(data) });
    for (const group of reducer.state.rules.get('ssh')?.groups.values() ?? [])
      records += group.total;
  }
  return records;
}

describe('the records of an invocation', () => {
  test('become one entry of the log, each batch under its own name', async () => {
    const ingest = streamOf();
    expect(await ingest.run([record(1), record(2), record(3)])).toEqual([]);
    const [pack, ...rest] = await entries();
    expect(rest).toEqual([]);
    const digest = decodeDigest(pack.data);
    expect(digest.kind === 'pack' && digest.members.map((one) => one.digest.source.name)).toEqual([
      '/vpc/1',
      '/vpc/2',
      '/vpc/0',
    ]);
    expect(pack.key).toMatch(/^1699999800#pack#[0-9a-f]{16}#000000$/);
    expect(await counted()).toBe(3);
  });

  test('take less room together than each by itself', async () => {
    const records = Array.from({ length: 40 }, (_, n) => record(n));
    await streamOf().run(records);
    const [pack] = await entries();
    const digest = decodeDigest(pack.data);
    const alone =
      digest.kind === 'pack'
        ? digest.members.map((one) => encodeDigest(one.digest).length + 120)
        : [];
    expect(pack.data.length).toBeLessThan(alone.reduce((a, b) => a + b) / 3);
  });

  test('of which nothing matches leave no entry, but are counted in the heartbeat', async () => {
    await streamOf().run([record(1, gzipSync(payload(1, [line()])))]);
    expect(await entries()).toEqual([]);
    const beats: LogEntry[] = [];
    for await (const entry of log.read(0)) beats.push(entry);
    expect(beats.map(({ data }) => decodeDigest(data))).toMatchObject([
      { kind: 'heartbeat', sources: [{ records: 1, batches: 1, source: { name: '/vpc/1' } }] },
    ]);
  });

  test('go to the shards of their groups', async () => {
    await streamOf(3).run(Array.from({ length: 30 }, (_, n) => record(n)));
    expect((await entries(3)).map(({ shard }) => shard)).toEqual([0, 1, 2]);
    expect(await counted(3)).toBe(30);
  });

  test('that name no log group are of the stream', async () => {
    const data = Buffer.from(JSON.stringify({ message: line({ dstport: 22 }) }));
    await streamOf().run([record(1, data)]);
    const [pack] = await entries();
    expect(decodeDigest(pack.data)).toMatchObject({
      members: [
        {
          digest: {
            source: {
              kind: 'stream',
              name: 'flows',
              account: '111122223333',
              region: 'eu-west-1',
            },
          },
        },
      ],
    });
  });

  test('wait for the configuration', async () => {
    await expect(
      new IngestStream(
        { ...portsOf(undefined), snapshot: async () => undefined },
        { shards: 1, instance: 'i', region: 'eu-west-1' },
      ).run([record(1)]),
    ).rejects.toThrow('no configuration has been published yet');
  });
});

describe('a record that nobody can read', () => {
  test('is parked as it came, with its reason, and holds nothing up', async () => {
    const bad = record(2, Buffer.from('hello'));
    expect(await streamOf().run([record(1), bad, record(3)])).toEqual([]);
    expect(await counted()).toBe(2);
    expect(letters).toEqual([
      {
        kind: 'batch',
        reason: expect.stringContaining('not-a-payload: '),
        body: JSON.stringify({ Records: [{ eventID: 2 }] }),
      },
    ]);
    expect(logged).toContain('record-unreadable');
  });

  test('has its good part counted once, also when a person sends it back', async () => {
    const mixed = record(1, Buffer.concat([payload(1), Buffer.from('{"messageType":"?"}')]));
    await streamOf().run([mixed]);
    await streamOf().run([mixed]);
    expect(await counted()).toBe(1);
    expect(letters).toHaveLength(2);
  });

  test('is not parked before the others are written', async () => {
    log.refuse = () => 'before';
    await expect(streamOf().run([record(1), record(2, Buffer.from('?'))])).rejects.toThrow('away');
    expect(letters).toEqual([]);
  });
});

describe('a log that cannot be reached', () => {
  test('brings the records of the row again, and not those that were written', async () => {
    let puts = 0;
    log.refuse = () => (++puts === 2 ? 'before' : undefined);
    const later = record(5, gzipSync(payload(5)), 1_700_000_790);
    const again = await streamOf().run([record(1), later]);
    expect(again).toEqual([later.sequenceNumber]);
    log.refuse = () => undefined;
    await streamOf().run([later]);
    expect(await counted()).toBe(2);
  });

  test('whose answer was lost has the pack once', async () => {
    let puts = 0;
    log.refuse = () => (++puts === 1 ? 'after' : undefined);
    const ingest = streamOf();
    await expect(ingest.run([record(1), record(2)])).rejects.toThrow('lost');
    await ingest.run([record(1), record(2), record(3)]);
    expect(await counted()).toBe(3);
    expect(await entries()).toHaveLength(2);
  });
});

describe('a batch counts once', () => {
  test('whatever the transport: the same batch by a subscription of its own', async () => {
    const options = { shards: 1, instance: 'i-2', region: 'eu-west-1' };
    const direct = new Ingest(portsOf(SNAPSHOT), options);
    await direct.subscription({ awslogs: { data: gzipSync(payload(1)).toString('base64') } });
    await streamOf().run([record(1), record(2)]);
    expect(await entries()).toHaveLength(2);
    expect(await counted()).toBe(2);
    expect(await counted(1, (list) => list.reverse())).toBe(2);
  });

  test('but two batches that only look alike are two', async () => {
    const other = payloadOf(eventsOf([line({ dstport: 22 })]), { logStream: 'eni-9-all' });
    await streamOf().run([
      record(1, gzipSync(payload(1, [line({ dstport: 22 })]))),
      record(2, gzipSync(other)),
    ]);
    expect(await counted()).toBe(2);
  });

  test('however it is batched, bisected, delivered again or written by two at once', async () => {
    const step = fc.record({
      from: fc.nat(29),
      length: fc.integer({ min: 1, max: 30 }),
      cold: fc.boolean(),
      refusal: fc.constantFrom(undefined, undefined, 'before' as const, 'after' as const),
      refusedPut: fc.nat(3),
      beside: fc.option(fc.nat(29), { nil: undefined }),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { maxLength: 12 }),
        fc.integer({ min: 1, max: 3 }),
        async (steps, shards) => {
          log = new Log();
          // Sixty seconds between them: the thirty lie in four rows of packs.
          const all = Array.from({ length: 30 }, (_, n) =>
            record(n, undefined, 1_700_000_090 + n * 59),
          );
          let warm = streamOf(shards);
          for (const { from, length, cold, refusal, refusedPut, beside } of steps) {
            if (cold) warm = streamOf(shards);
            let puts = 0;
            log.refuse = () => (puts++ === refusedPut ? refusal : undefined);
            const runs = [warm.run(all.slice(from, from + length)).catch(() => [])];
            if (beside !== undefined) {
              runs.push(
                streamOf(shards)
                  .run(all.slice(beside))
                  .catch(() => []),
              );
            }
            await Promise.all(runs);
          }
          log.refuse = () => undefined;
          await streamOf(shards).run(all);
          const members = (await entries(shards)).flatMap(({ shard, data }) => {
            const digest = decodeDigest(data);
            return digest.kind === 'pack'
              ? digest.members.map(({ identity }) => `${shard} ${identity}`)
              : [];
          });
          expect(new Set(members).size).toBe(members.length);
          expect(await counted(shards)).toBe(30);
        },
      ),
      { numRuns: 40 },
    );
  });

  test('where a row of packs has more than an item holds', async () => {
    const records = Array.from({ length: 60 }, (_, n) =>
      record(n, gzipSync(payload(n, strangers(n, 450)))),
    );
    await streamOf().run(records);
    await streamOf().run(records.slice(7));
    const all = await entries();
    expect(all.length).toBeGreaterThan(1);
    for (const { data } of all) expect(data.length).toBeLessThan(400 * 1024);
    expect(recordsIn(all)).toBe(60 * 450);
  });

  test('where it alone has more than an item holds', async () => {
    const settings = { ...SNAPSHOT.settings, maxGroups: 30_000 };
    const ingest = streamOf(1, { ...SNAPSHOT, settings });
    const large = record(1, gzipSync(payload(1, strangers(1, 24_000))));
    await ingest.run([large, record(2)]);
    const before = await entries();
    await ingest.run([record(2), large]);
    expect(await entries()).toEqual(before);
    expect(before.map(({ key }) => key.split('#')[1])).toEqual(
      expect.arrayContaining(['batch', 'pack']),
    );
    expect(recordsIn(before)).toBe(24_001);
  });
});

/** By what the digests say: a reducer would let most of so many groups go. */
function recordsIn(entries: readonly LogEntry[]): number {
  return entries
    .flatMap(({ data }) => batchesOf(decodeDigest(data)))
    .reduce((sum, { rules }) => sum + (rules[0]?.records ?? 0), 0);
}

/** Lines of so many addresses, which nothing makes smaller. */
function strangers(n: number, count: number): string[] {
  const random = createHash('sha512');
  let bytes = random.update(String(n)).digest();
  return Array.from({ length: count }, (_, i) => {
    if (i % 8 === 0) bytes = createHash('sha512').update(bytes).digest();
    const at = (i % 8) * 8;
    return line({
      dstport: 22,
      srcaddr: `${11 + n}.${bytes.subarray(at, at + 3).join('.')}`,
      bytes: bytes.readUInt32BE(at + 3),
    });
  });
}
