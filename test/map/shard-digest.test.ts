import { createHash } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { decodeDigest } from '../../src/log/codec.ts';
import type { BatchDigest, GroupDigest, RuleDigest } from '../../src/log/digest.ts';
import { shardDigest as entriesOf, shardOf } from '../../src/map/shard-digest.ts';
import type { LogEntry } from '../../src/ports/digest-log.ts';
import { SOURCE } from './inputs.ts';

const IDENTITY = 'c'.repeat(32);
const SLOT = 1_700_000_040;

/** Rules that tell of every match; they keep a sample of each group. */
const ALL = new Set(['a', 'b', 'c', 'r']);

const shardDigest = (digest: BatchDigest, identity: string, shards: number, at: number) =>
  entriesOf(digest, identity, shards, at, ALL);

function group(i: number, more: Partial<GroupDigest> = {}): GroupDigest {
  return {
    slot: SLOT,
    values: [`10.0.${i >> 8}.${i & 255}`, i],
    records: 1 + (i % 7),
    bytes: i,
    packets: i,
    sum: i,
    first: SLOT + 1,
    last: SLOT + 2,
    samples: [],
    top: {},
    ...more,
  };
}

function rule(id: string, groups: readonly GroupDigest[]): RuleDigest {
  const records = groups.reduce((sum, one) => sum + one.records, 0);
  return { rule: id, memory: 'm', records: records + 5, sum: 9, dropped: 2, groups };
}

const digestOf = (...rules: RuleDigest[]): BatchDigest => ({
  kind: 'batch',
  source: SOURCE,
  latest: SLOT + 2,
  rules,
});

function read(entry: LogEntry): BatchDigest {
  const digest = decodeDigest(entry.data);
  if (digest.kind !== 'batch') throw new Error('no batch');
  return digest;
}

/** All groups and totals of entries, to be compared with what was cut up. */
function sumOf(entries: readonly LogEntry[]) {
  const groups = new Map<string, GroupDigest[]>();
  const totals = new Map<string, number[]>();
  for (const entry of entries) {
    for (const one of read(entry).rules) {
      groups.set(one.rule, [...(groups.get(one.rule) ?? []), ...one.groups]);
      const known = totals.get(one.rule) ?? [0, 0, 0];
      totals.set(one.rule, [known[0] + one.records, known[1] + one.sum, known[2] + one.dropped]);
    }
  }
  return { groups, totals };
}

const byValues = (groups: readonly GroupDigest[] = []): GroupDigest[] =>
  [...groups].sort((a, b) => Number(a.values[1]) - Number(b.values[1]));

/** A line that no compression makes shorter. */
function noise(length: number): string {
  let text = '';
  while (text.length < length) {
    text += createHash('sha512').update(`${length} ${noises++}`).digest('base64');
  }
  return text.slice(0, length);
}
let noises = 0;
const sample = (length: number) => ({ format: 'f', line: noise(length) });

describe('a digest as log entries', () => {
  test('is one entry for one shard, under the minute, the identity and the part', () => {
    const entries = shardDigest(digestOf(rule('r', [group(1)])), IDENTITY, 1, 77);
    expect(entries).toEqual([
      { shard: 0, key: `${SLOT}#batch#${IDENTITY}#0`, at: 77, data: expect.any(Uint8Array) },
    ]);
    expect(read(entries[0])).toEqual(digestOf(rule('r', [group(1)])));
  });

  test('goes to shards: every group once, where its hash says; every total once', () => {
    const count = fc.nat(12);
    fc.assert(
      fc.property(count, count, fc.integer({ min: 1, max: 5 }), (first, second, shards) => {
        const groups = (n: number) => Array.from({ length: n }, (_, i) => group(i));
        const digest = digestOf(rule('a', groups(first)), rule('b', groups(second)));
        const entries = shardDigest(digest, IDENTITY, shards, 0);
        const sums = sumOf(entries);
        for (const one of digest.rules) {
          expect(byValues(sums.groups.get(one.rule))).toEqual(one.groups);
          expect(sums.totals.get(one.rule)).toEqual([one.records, one.sum, one.dropped]);
        }
        for (const entry of entries) {
          for (const { rule: id, groups: own } of read(entry).rules) {
            for (const each of own) expect(shardOf(id, each, shards)).toBe(entry.shard);
          }
        }
        const names = entries.map(({ shard, key }) => `${shard} ${key}`);
        expect(new Set(names).size).toBe(names.length);
      }),
      { numRuns: 100 },
    );
  });

  test('leaves no shard out: many groups spread', () => {
    const groups = Array.from({ length: 400 }, (_, i) => group(i));
    const shards = groups.map((one) => shardOf('r', one, 4));
    for (let shard = 0; shard < 4; shard++) {
      expect(shards.filter((other) => other === shard).length).toBeGreaterThan(50);
    }
  });

  test('is cut into parts below 350 KB, every group once, totals once', () => {
    const groups = Array.from({ length: 700 }, (_, i) => group(i, { samples: [sample(2_000)] }));
    const digest = digestOf(rule('a', groups.slice(0, 10)), rule('b', groups), rule('c', []));
    const entries = shardDigest(digest, IDENTITY, 1, 0);
    expect(entries.length).toBeGreaterThan(3);
    expect(entries.map(({ key }) => key)).toEqual(
      entries.map((_, part) => `${SLOT}#batch#${IDENTITY}#${part}`),
    );
    for (const { data } of entries) expect(data.length).toBeLessThanOrEqual(350 * 1024);
    const { groups: found, totals } = sumOf(entries);
    expect(byValues(found.get('b'))).toEqual(groups);
    expect(found.get('a')).toEqual(groups.slice(0, 10));
    for (const one of digest.rules) {
      expect(totals.get(one.rule)).toEqual([one.records, one.sum, one.dropped]);
    }
  });

  test('of one group with the longest lines still fits an item', () => {
    const huge = group(1, {
      values: [noise(65_000), 1],
      samples: Array.from({ length: 5 }, () => sample(65_536)),
    });
    const [entry, ...more] = shardDigest(digestOf(rule('r', [huge])), IDENTITY, 1, 0);
    expect(more).toEqual([]);
    expect(entry.data.length).toBeLessThan(350 * 1024);
  });

  test('has the same keys and bytes for a redelivery, another arrival or not', () => {
    const groups = Array.from({ length: 500 }, (_, i) => group(i, { samples: [sample(1_500)] }));
    const digest = digestOf(rule('r', groups));
    const again = shardDigest(structuredClone(digest), IDENTITY, 3, 2);
    const before = shardDigest(digest, IDENTITY, 3, 1);
    expect(again.map(({ at, ...rest }) => rest)).toEqual(before.map(({ at, ...rest }) => rest));
    expect(again.map(({ at }) => at)).toEqual(again.map(() => 2));
    const other = shardDigest(digest, 'd'.repeat(32), 3, 1);
    expect(new Set([...before, ...other].map(({ key, shard }) => key + shard)).size).toBe(
      before.length + other.length,
    );
  });
});

describe('samples', () => {
  const entryOf = (lengths: readonly number[]): BatchDigest => {
    const samples = lengths.map(sample);
    const [entry] = shardDigest(
      digestOf(rule('r', [group(1, { records: 9, samples })])),
      IDENTITY,
      1,
      0,
    );
    return read(entry);
  };
  const kept = (lengths: readonly number[]): number =>
    entryOf(lengths).rules[0].groups[0].samples.length;

  test('are all kept where they fit one write unit', () => {
    expect(kept([100, 100, 100, 100, 100])).toBe(5);
  });

  test('are fewer where that saves a write unit', () => {
    expect(kept([300, 300, 300, 300, 300])).toBe(2);
    expect(kept([600, 600, 600, 600, 600])).toBe(1);
  });

  test('are as many as cost no more than one would', () => {
    expect(kept([1_500, 10, 10, 10, 10])).toBe(5);
  });

  test('of rules that count, groups of one record lose theirs where that saves a write unit', () => {
    const keptOf = (immediate: ReadonlySet<string>, length: number): number[] => {
      const groups = [1, 2, 9].map((records, i) =>
        group(i, { records, samples: [sample(length)] }),
      );
      const digest = digestOf(rule('r', groups));
      const [entry] = entriesOf(digest, IDENTITY, 1, 0, immediate);
      return read(entry).rules[0].groups.map((one) => one.samples.length);
    };
    expect(keptOf(new Set(), 900)).toEqual([0, 1, 1]);
    expect(keptOf(new Set(), 20)).toEqual([1, 1, 1]);
    expect(keptOf(new Set(['r']), 900)).toEqual([1, 1, 1]);
  });

  test('of rules that count, the five groups of most records keep theirs', () => {
    const groups = Array.from({ length: 9 }, (_, i) =>
      group(i, { records: 2 + i, samples: [sample(900)] }),
    );
    const [entry] = entriesOf(digestOf(rule('r', groups)), IDENTITY, 1, 0, new Set());
    const kept = read(entry).rules[0].groups.map((one) => one.samples.length);
    expect(kept).toEqual([0, 0, 0, 0, 1, 1, 1, 1, 1]);
  });

  test('stand for the top values where they are all the records there were', () => {
    const top = { srcaddr: [['10.0.0.1', 1]] } as const;
    const of = (records: number) => {
      const one = group(1, { records, samples: [sample(50)], top });
      const [entry] = shardDigest(digestOf(rule('r', [one])), IDENTITY, 1, 0);
      return read(entry).rules[0].groups[0].top;
    };
    expect(of(1)).toEqual({});
    expect(of(2)).toEqual(top);
  });
});
