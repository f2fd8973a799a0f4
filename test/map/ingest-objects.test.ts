import { gzipSync } from 'node:zlib';
import { afterAll, beforeEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parquetMetadata } from 'hyparquet';
import { MemoryDigestLog } from '../../src/adapters/local/memory-digest-log.ts';
import { MemoryObjects } from '../../src/adapters/local/memory-objects.ts';
import type { Snapshot } from '../../src/config/snapshot.ts';
import { decodeDigest } from '../../src/log/codec.ts';
import type { BatchDigest } from '../../src/log/digest.ts';
import { messageOf } from '../../src/map/1-decode/object-events.ts';
import { IngestObjects } from '../../src/map/ingest-objects.ts';
import type { LogEntry } from '../../src/ports/digest-log.ts';
import type { QueueMessage } from '../../src/ports/message-queue.ts';
import type { DeadLetters } from '../../src/ports/notifier.ts';
import { DEFAULT_LAYOUT } from '../../src/records/layout.ts';
import { line, port, ruleOf, snapshotOf } from './inputs.ts';
import { closeParquet, parquetOf } from './parquet/write.ts';

type Letter = Parameters<DeadLetters['park']>[0];

const FIELDS = DEFAULT_LAYOUT.fields.map(({ name }) => name);
const HEADER = FIELDS.join(' ');
const PREFIX = 'AWSLogs/123456789012/vpcflowlogs/eu-west-1';
const SNAPSHOT = snapshotOf([ruleOf('ssh', port(22))]);
const FAR = Number.MAX_SAFE_INTEGER;
/** Small, so that a test has many. */
const CHUNK = 96 * 1024;

let objects: MemoryObjects;
let digests: MemoryDigestLog;
let letters: Letter[];
let logged: { event: string; fields: Readonly<Record<string, unknown>> | undefined }[];
let hidden: (readonly [id: string, seconds: number])[];
let snapshot: Snapshot | undefined;
let now: number;
let refuse: (entry: LogEntry) => boolean;
let opened: number;

beforeEach(() => {
  objects = new MemoryObjects(16 * 1024);
  digests = new MemoryDigestLog();
  letters = [];
  logged = [];
  hidden = [];
  snapshot = SNAPSHOT;
  now = 1_700_000_900_000;
  refuse = () => false;
  opened = 0;
});

afterAll(closeParquet);

function ingestOf(): IngestObjects {
  return new IngestObjects(
    {
      objects: {
        open: async (bucket, key) => {
          opened++;
          if (bucket === 'denied') throw new Error('S3 refuses s3://denied');
          return objects.open(bucket, key);
        },
      },
      digests: {
        put: async (entry) => {
          if (refuse(entry)) throw new Error('the table is away');
          return digests.put(entry);
        },
        read: (shard) => digests.read(shard),
      },
      queue: { hide: async ({ id }, seconds) => void hidden.push([id, seconds]) },
      deadLetters: { park: async (letter) => void letters.push(letter) },
      log: (_, event, fields) => void logged.push({ event, fields }),
      snapshot: async () => snapshot,
      now: () => now,
    },
    { shards: 1, instance: 'i-1', chunk: CHUNK },
  );
}

const messageFor = (body: string, id = 'm', receives = 1): QueueMessage => ({
  id,
  receipt: `r-${id}`,
  body,
  sentAt: now,
  receives,
});
const of = (key: string, id?: string) => messageFor(messageOf('logs', key), id);

const batchesIn = (): BatchDigest[] =>
  digests.entries(0).flatMap(({ data }) => {
    const digest = decodeDigest(data);
    return digest.kind === 'batch' ? [digest] : [];
  });
const matches = () => batchesIn().reduce((sum, { rules }) => sum + rules[0].records, 0);
const reasons = () => letters.map(({ reason }) => reason.split(':')[0]);

/** Text of many chunks, every tenth record to port 22. */
const manyLines = (count: number) =>
  Array.from({ length: count }, (_, i) => line({ srcport: i, dstport: i % 10 === 0 ? 22 : 80 }));
const textOf = (lines: readonly string[]) => `${[HEADER, ...lines].join('\n')}\n`;
const put = (name: string, bytes: Uint8Array | string) => {
  const key = `${PREFIX}/2026/11/23/${name}`;
  objects.put('logs', key, Buffer.from(bytes));
  return key;
};

describe('an object', () => {
  const flows = [line({ dstport: 22, start: 1_700_000_045 }), line()];

  test('becomes a digest and a heartbeat of the account and region it lies under', async () => {
    const key = put('a.log.gz', gzipSync(textOf(flows)));
    expect(await ingestOf().run([of(key)], FAR)).toEqual([]);
    const source = {
      kind: 'bucket',
      name: `logs/${PREFIX}`,
      account: '123456789012',
      region: 'eu-west-1',
    };
    expect(batchesIn()).toMatchObject([{ source, rules: [{ rule: 'ssh', records: 1 }] }]);
    const beat = digests.entries(0).find((entry) => entry.key.includes('#beat#'));
    expect(decodeDigest(beat!.data)).toMatchObject({ sources: [{ source, records: 2 }] });
    expect(logged).toContainEqual({
      event: 'object',
      fields: expect.objectContaining({ object: `s3://logs/${key}`, records: 2, digests: 1 }),
    });
  });

  test('comes to the same packed, plain and in Parquet', async () => {
    const rules = [];
    for (const bytes of [gzipSync(textOf(flows)), textOf(flows), await parquetOf(FIELDS, flows)]) {
      digests = new MemoryDigestLog();
      await ingestOf().run([of(put('a', bytes))], FAR);
      rules.push(batchesIn().map(({ rules: found }) => found));
    }
    expect(rules[0]).toHaveLength(1);
    expect(rules[1]).toEqual(rules[0]);
    expect(rules[2]).toEqual(rules[0]);
  });

  test('is read by its own header, whatever order it has', async () => {
    const key = put('a.log', 'start dstport srcaddr\n1700000045 22 ::1\n');
    await ingestOf().run([of(key)], FAR);
    expect(matches()).toBe(1);
  });

  test('without a header has the format that settings give its prefix, else the default', async () => {
    await ingestOf().run([of(put('default.log', `${flows.join('\n')}\n`))], FAR);
    expect(matches()).toBe(1);
    snapshot = { ...SNAPSHOT, formats: { 'logs/AWSLogs/*': ['dstport srcaddr start'] } };
    await ingestOf().run([of(put('custom.log', '22 ::1 1700000045\n'))], FAR);
    expect(matches()).toBe(2);
    expect(letters).toEqual([]);
  });

  test('that is empty or was made to check permissions leaves nothing', async () => {
    const keys = [
      put('empty', ''),
      put('empty.gz', gzipSync('')),
      put('aws-logs-write-test', 'Permission Check Successful'),
    ];
    expect(
      await ingestOf().run(
        keys.map((key) => of(key)),
        FAR,
      ),
    ).toEqual([]);
    expect([digests.entries(0), letters]).toEqual([[], []]);
  });

  test('of several members of gzip, headers between them, is read to its end', async () => {
    const key = put('a.gz', Buffer.concat([gzipSync(textOf(flows)), gzipSync(textOf(flows))]));
    await ingestOf().run([of(key)], FAR);
    expect(matches()).toBe(2);
  });
});

describe('an object of many chunks', () => {
  const bytes = gzipSync(textOf(manyLines(6_000)));

  test('comes again, to whatever instance, without a change', async () => {
    const key = put('a.gz', bytes);
    await ingestOf().run([of(key)], FAR);
    const before = digests.entries(0);
    expect(matches()).toBe(600);
    expect(batchesIn().length).toBeGreaterThan(3);
    now += 30_000;
    await ingestOf().run([of(key), of(key)], FAR);
    const batches = (entries: readonly LogEntry[]) =>
      entries.filter((entry) => entry.key.includes('#batch#'));
    expect(batches(digests.entries(0))).toEqual(batches(before));
  });

  test('counts once though its writer died at any chunk', async () => {
    const key = put('a.gz', bytes);
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 1, max: 8 }), { maxLength: 3 }),
        async (deaths) => {
          digests = new MemoryDigestLog();
          for (const after of deaths) {
            let left = after;
            refuse = (entry) => entry.key.includes('#batch#') && left-- <= 0;
            await ingestOf().run([of(key)], FAR);
          }
          refuse = () => false;
          expect(await ingestOf().run([of(key)], FAR)).toEqual([]);
          expect(matches()).toBe(600);
        },
      ),
      { numRuns: 12 },
    );
  });

  test('whose bytes were replaced is another', async () => {
    const key = put('a.gz', bytes);
    await ingestOf().run([of(key)], FAR);
    put('a.gz', gzipSync(textOf(manyLines(10))));
    await ingestOf().run([of(key)], FAR);
    expect(matches()).toBe(601);
  });
});

describe('an object that is broken', () => {
  const whole = gzipSync(textOf(manyLines(6_000)), { level: 0 });
  const packed = gzipSync(textOf(manyLines(6_000)));

  test.each([
    ['cut short', whole.subarray(0, 300_000), 'truncated'],
    [
      'with another checksum than it says',
      Buffer.concat([packed.subarray(0, -8), Buffer.alloc(8)]),
      'bad-gzip',
    ],
  ])(
    '(%s) is parked with what was counted before, which stays so when it comes again',
    async (_, bytes, reason) => {
      const key = put('a.gz', bytes);
      expect(await ingestOf().run([of(key)], FAR)).toEqual([]);
      const counted = matches();
      expect(counted).toBeGreaterThan(100);
      expect(counted).toBeLessThanOrEqual(600);
      expect(reasons()).toEqual([reason]);
      expect(letters[0].reason).toMatch(
        /s3:\/\/logs\/AWSLogs.*; \d+ records before it are counted$/,
      );
      const again = { ...letters[0], kind: 'batch' };
      await ingestOf().run([messageFor(JSON.stringify(again))], FAR);
      expect(matches()).toBe(counted);
      expect(reasons()).toEqual([reason, reason]);
    },
  );

  test('in a later row group of Parquet is parked with what was counted before it', async () => {
    const bytes = await parquetOf(FIELDS, manyLines(6_000), { rowGroup: 2_048 });
    const { row_groups: groups } = parquetMetadata(new Uint8Array(bytes).buffer);
    const column = groups[2]!.columns[5]!.meta_data!;
    const at = Number(column.dictionary_page_offset ?? column.data_page_offset);
    bytes.fill(0xff, at, at + Number(column.total_compressed_size));
    const key = put('a.parquet', bytes);
    await ingestOf().run([of(key)], FAR);
    expect(reasons()).toEqual(['bad-parquet']);
    const counted = matches();
    // Two of the three groups.
    expect(counted).toBe(410);
    await ingestOf().run([of(key)], FAR);
    expect(matches()).toBe(counted);
  });

  test.each([
    ['JSON', '{"Records":[]}'],
    ['a picture', Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 1, 2, 3, 4, 5, 6, 7, 8])],
    ['text', 'a log of something else\nand more of it\n'],
    [
      'a log of a load balancer',
      'h2 2026-11-23T10:00:00.0Z app/x 192.0.2.1:1 10.0.0.1:80 0.1 0.1 200\n',
    ],
    ['gzip of text', gzipSync('a log of something else\n')],
  ])('or no flow log at all (%s) is parked, and counted nowhere', async (_, bytes) => {
    expect(await ingestOf().run([of(put('a', bytes))], FAR)).toEqual([]);
    expect([reasons(), digests.entries(0)]).toEqual([['not-a-flow-log'], []]);
  });

  test('with some lines that are no records is counted, the lines as malformed', async () => {
    await ingestOf().run([of(put('a', textOf(['bogus', line({ dstport: 22 })])))], FAR);
    expect([matches(), letters]).toEqual([1, []]);
    expect(logged).toContainEqual({
      event: 'lines-malformed',
      fields: expect.objectContaining({ bucket: `logs/${PREFIX}`, malformed: 1 }),
    });
  });
});

describe('a message', () => {
  test('of an object that is not there any more is parked, and would bring it again', async () => {
    expect(await ingestOf().run([of('gone.log.gz')], FAR)).toEqual([]);
    expect(reasons()).toEqual(['no-such-object']);
    expect(letters[0].body).toBe(messageOf('logs', 'gone.log.gz'));
  });

  test('finds its object by the second form of its key', async () => {
    objects.put('logs', 'day%3D1/a', Buffer.from(textOf([line({ dstport: 22 })])));
    const record = {
      eventSource: 'aws:s3',
      eventName: 'ObjectCreated:Put',
      s3: { bucket: { name: 'logs' }, object: { key: 'day%3D1/a' } },
    };
    await ingestOf().run([messageFor(JSON.stringify({ Records: [record] }))], FAR);
    expect([matches(), opened, letters]).toEqual([1, 2, []]);
  });

  test('that tells of no object is parked as it came, a test event is not', async () => {
    const test = JSON.stringify({ Event: 's3:TestEvent' });
    expect(await ingestOf().run([messageFor('nonsense'), messageFor(test)], FAR)).toEqual([]);
    expect(letters).toMatchObject([{ kind: 'batch', body: 'nonsense' }]);
    expect(reasons()).toEqual(['not-an-object-event']);
  });

  test('that fails comes again, later each time, and its neighbours are done', async () => {
    const good = of(put('a', textOf([line({ dstport: 22 })])), 'good');
    const denied = (receives: number) =>
      messageFor(messageOf('denied', 'a'), `denied-${receives}`, receives);
    const again = await ingestOf().run([denied(1), good, denied(3)], FAR);
    expect([again, matches(), letters]).toEqual([['denied-1', 'denied-3'], 1, []]);
    expect(hidden).toEqual([
      ['denied-1', 60],
      ['denied-3', 240],
    ]);
  });

  test('of which one object fails parks nothing yet: it would be parked again', async () => {
    const record = (bucket: string, key: string) => ({
      eventSource: 'aws:s3',
      eventName: 'ObjectCreated:Put',
      s3: { bucket: { name: bucket }, object: { key } },
    });
    const Records = [record('logs', 'gone'), record('denied', 'a')];
    const message = messageFor(JSON.stringify({ Records }));
    expect(await ingestOf().run([message], FAR)).toEqual(['m']);
    expect(letters).toEqual([]);
  });

  test('waits where there is no configuration yet', async () => {
    snapshot = undefined;
    await expect(ingestOf().run([of('a')], FAR)).rejects.toThrow('no configuration');
  });
});

describe('time', () => {
  const bytes = gzipSync(textOf(manyLines(6_000)));

  test('that is over lets the rest come again at once', async () => {
    const keys = [put('a', textOf([line({ dstport: 22 })])), put('b', bytes)];
    const messages = keys.map((key, i) => of(key, `m${i}`));
    const writer = ingestOf();
    refuse = () => {
      now += 1_000;
      return false;
    };
    expect(await writer.run(messages, now + 2_500)).toEqual(['m1']);
    expect([hidden, letters]).toEqual([[['m1', 1]], []]);
    refuse = () => false;
    await ingestOf().run([messages[1]], FAR);
    expect(matches()).toBe(601);
  });

  test('that does not suffice for an object alone gets it parked', async () => {
    refuse = () => {
      now += 1_000;
      return false;
    };
    expect(await ingestOf().run([of(put('b', bytes))], now + 2_500)).toEqual([]);
    expect(reasons()).toEqual(['too-large']);
  });
});
