import { beforeEach, describe, expect, test } from '@jest/globals';
import type { Snapshot } from '../../src/config/snapshot.ts';
import { decodeDigest } from '../../src/log/codec.ts';
import { compileRuleSet } from '../../src/map/4-match/rule-set.ts';
import { Ingest } from '../../src/map/ingest.ts';
import type { LogEntry } from '../../src/ports/digest-log.ts';
import type { DeadLetters } from '../../src/ports/notifier.ts';
import { eventsOf, packed, payloadOf } from './1-decode/payloads.ts';
import { line, port, ruleOf, snapshotOf } from './inputs.ts';

type Letter = Parameters<DeadLetters['park']>[0];

const SNAPSHOT = snapshotOf([ruleOf('ssh', port(22))]);
const eventOf = (payload: Buffer) => ({ awslogs: { data: packed(payload).toString('base64') } });
const SSH = eventOf(payloadOf(eventsOf([line({ dstport: 22, start: 1_700_000_045 }), line()])));

let entries: Map<string, LogEntry>;
let letters: Letter[];
let logged: { event: string; fields: Readonly<Record<string, unknown>> | undefined }[];
let snapshot: Snapshot | undefined;
let now: number;
let refuse: (entry: LogEntry) => boolean;

beforeEach(() => {
  entries = new Map();
  letters = [];
  logged = [];
  snapshot = SNAPSHOT;
  now = 1_700_000_100_000;
  refuse = () => false;
});

function ingestOf(shards = 1): Ingest {
  return new Ingest(
    {
      digests: {
        async put(entry) {
          if (refuse(entry)) throw new Error('the table is away');
          const name = `${entry.shard} ${entry.key}`;
          if (entries.has(name)) return 'present';
          entries.set(name, entry);
          return 'stored';
        },
        async *read() {},
      },
      deadLetters: { park: async (letter) => void letters.push(letter) },
      log: (_, event, fields) => void logged.push({ event, fields }),
      snapshot: async () => snapshot,
      now: () => now,
    },
    { shards, instance: 'i-1', region: 'eu-west-1' },
  );
}

const kinds = () => [...entries.values()].map(({ data }) => decodeDigest(data).kind);

describe('a delivered payload', () => {
  test('becomes a digest and the first heartbeat of the instance', async () => {
    const { records, malformed, digests } = await ingestOf().subscription(SSH);
    expect([records, malformed, digests]).toEqual([
      2,
      0,
      [{ shard: 0, key: expect.stringMatching(/^1700000040#batch#/) }],
    ]);
    expect(kinds()).toEqual(['batch', 'heartbeat']);
    const [batch, beat] = [...entries.values()];
    expect(decodeDigest(batch.data)).toMatchObject({
      source: { kind: 'logGroup', name: '/vpc/flow', account: '123456789012', region: 'eu-west-1' },
      rules: [{ rule: 'ssh', records: 1 }],
    });
    expect(decodeDigest(beat.data)).toMatchObject({ sources: [{ records: 2, batches: 1 }] });
    expect([batch.at, beat.key]).toEqual([now, '1700000100#beat#i-1']);
  });

  test('has its heartbeat in every shard, by the rules it was mapped by', async () => {
    await ingestOf(3).subscription(SSH);
    const beats = [...entries.values()].filter(({ key }) => key.includes('#beat#'));
    expect(beats.map(({ shard, key }) => [shard, key])).toEqual(
      [0, 1, 2].map((shard) => [shard, '1700000100#beat#i-1']),
    );
    const { fingerprint } = compileRuleSet(SNAPSHOT);
    for (const { data } of beats) {
      expect(decodeDigest(data)).toMatchObject({
        rules: fingerprint,
        sources: [{ latest: 1_700_000_045, earliest: 1_700_000_000, longest: 59 }],
      });
    }
  });

  test('begins a new least time with other rules', async () => {
    const ingest = ingestOf();
    await ingest.subscription(SSH);
    snapshot = snapshotOf([ruleOf('telnet', port(23))]);
    now += 60_000;
    await ingest.subscription(eventOf(payloadOf(eventsOf([line({ status: 'NODATA' })]))));
    const [, last] = [...entries.values()].filter(({ key }) => key.includes('#beat#'));
    expect(decodeDigest(last.data)).toMatchObject({
      rules: compileRuleSet(snapshot).fingerprint,
      sources: [{ earliest: 0, minutes: [[1_699_999_980, 1, 0]] }],
    });
  });

  test('that comes again, to whatever instance, writes nothing new', async () => {
    const first = await ingestOf().subscription(SSH);
    const before = new Map(entries);
    now += 30_000;
    const again = await ingestOf().subscription(structuredClone(SSH));
    expect(again.digests).toEqual(first.digests);
    expect([...entries.values()].filter(({ key }) => key.includes('#batch#'))).toEqual(
      [...before.values()].filter(({ key }) => key.includes('#batch#')),
    );
  });

  test('of which nothing matches leaves no digest', async () => {
    const ingest = ingestOf();
    await ingest.subscription(SSH);
    const size = entries.size;
    const { digests } = await ingest.subscription(eventOf(payloadOf(eventsOf([line()]))));
    expect([digests, entries.size]).toEqual([[], size]);
  });

  test('with malformed lines is counted and told once, with reasons and samples', async () => {
    const payload = payloadOf(
      eventsOf(['bogus', line({ dstport: 22 }), line({ dstport: 70_000 })]),
    );
    expect(await ingestOf().subscription(eventOf(payload))).toMatchObject({
      records: 1,
      malformed: 2,
    });
    expect(logged).toEqual([
      {
        event: 'lines-malformed',
        fields: {
          logGroup: '/vpc/flow',
          malformed: 2,
          records: 1,
          reasons: { 'too-few-fields': 1, 'out-of-range': 1 },
          samples: expect.arrayContaining([{ reason: 'too-few-fields', line: 'bogus' }]),
        },
      },
    ]);
  });

  test('that cannot be read is parked with its reason, as it came', async () => {
    for (const [event, reason] of [
      [{ awslogs: { data: 'bm90IGd6aXA=' } }, 'bad-gzip'],
      [{ awslogs: { data: '%%%' } }, 'bad-base64'],
      [{}, 'not-a-payload'],
      [eventOf(Buffer.from('{"a":1}')), 'not-a-payload'],
    ] as const) {
      letters = [];
      expect(await ingestOf().subscription(event)).toMatchObject({
        records: 0,
        unreadable: reason,
      });
      expect(letters).toMatchObject([{ kind: 'batch', body: JSON.stringify(event) }]);
      expect(letters[0].reason).toMatch(new RegExp(`^${reason}: .{10}`));
    }
    expect(entries.size).toBe(0);
  });

  test('that is a control message leaves nothing', async () => {
    const control = payloadOf([], { messageType: 'CONTROL_MESSAGE' });
    expect(await ingestOf().subscription(eventOf(control))).toEqual({
      records: 0,
      malformed: 0,
      digests: [],
    });
    expect([entries.size, letters, logged]).toEqual([0, [], []]);
  });

  test('fails where there is no configuration or no log, so that it comes again', async () => {
    snapshot = undefined;
    await expect(ingestOf().subscription(SSH)).rejects.toThrow('no configuration');
    snapshot = SNAPSHOT;
    refuse = ({ key }) => key.includes('#batch#');
    await expect(ingestOf().subscription(SSH)).rejects.toThrow('the table is away');
    expect(letters).toEqual([]);
  });

  test('does not fail for a heartbeat, which stays due', async () => {
    refuse = ({ key }) => key.includes('#beat#');
    const ingest = ingestOf();
    expect((await ingest.subscription(SSH)).records).toBe(2);
    expect(logged).toMatchObject([{ event: 'heartbeat-not-written' }]);
    refuse = () => false;
    await ingest.subscription(eventOf(payloadOf(eventsOf([line()]))));
    const beat = [...entries.values()].find(({ key }) => key.includes('#beat#'));
    expect(decodeDigest(beat!.data)).toMatchObject({ sources: [{ records: 3, batches: 2 }] });
  });
});

describe('the formats of a log group', () => {
  const custom = payloadOf(eventsOf(['22 ::1 1700000045']));

  test('are those that the snapshot has for it, else the default', async () => {
    snapshot = { ...SNAPSHOT, formats: { '/vpc/*': ['dstport srcaddr start'] } };
    expect(await ingestOf().subscription(eventOf(custom))).toMatchObject({
      records: 1,
      malformed: 0,
    });
    snapshot = { ...SNAPSHOT, formats: { '/other/*': ['dstport srcaddr start'] } };
    expect(await ingestOf().subscription(eventOf(custom))).toMatchObject({
      records: 0,
      malformed: 1,
    });
    expect(await ingestOf().subscription(SSH)).toMatchObject({ records: 2, malformed: 0 });
  });

  test('that cannot be used are told, and the others stand', async () => {
    snapshot = { ...SNAPSHOT, formats: { '/vpc/flow': ['a a', 'dstport srcaddr start'] } };
    expect(await ingestOf().subscription(eventOf(custom))).toMatchObject({ records: 1 });
    expect(logged).toMatchObject([{ event: 'format-unusable', fields: { format: 'a a' } }]);
  });

  test('a new snapshot is in force from the next payload on', async () => {
    const ingest = ingestOf();
    await ingest.subscription(SSH);
    snapshot = snapshotOf([ruleOf('https', port(443))]);
    const { digests } = await ingest.subscription(eventOf(payloadOf(eventsOf([line()]))));
    const written = [...entries.values()].find(({ key }) => key === digests[0].key);
    expect(decodeDigest(written!.data)).toMatchObject({ rules: [{ rule: 'https' }] });
  });
});
