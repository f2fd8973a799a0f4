import { createHash } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Carried } from '../../src/detect/kind.ts';
import { mergeParts } from '../../src/detect/parts.ts';
import { decodeDigest } from '../../src/log/codec.ts';
import type { BatchDigest, GroupDigest, RuleDigest } from '../../src/log/digest.ts';
import { type Routes, routesOf, shardOf } from '../../src/map/routes.ts';
import { shardDigest as entriesOf, type Sharding } from '../../src/map/shard-digest.ts';
import type { LogEntry } from '../../src/ports/digest-log.ts';
import { ALWAYS, ruleOf, SOURCE } from './inputs.ts';

const IDENTITY = 'c'.repeat(32);
const SLOT = 1_700_000_040;

/** Rules that tell of every match; they keep a sample of each group. */
const ALL = new Set(['a', 'b', 'c', 'r']);
const NO_ROUTES: Routes = new Map();

function sharding(shards: number, more: Partial<Sharding> = {}): Sharding {
  return { shards, routes: NO_ROUTES, immediate: ALL, carried: new Map(), ...more };
}

const shardDigest = (digest: BatchDigest, identity: string, shards: number, at: number) =>
  entriesOf(digest, identity, at, sharding(shards));

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
    part: [],
    ...more,
  };
}

function rule(id: string, groups: readonly GroupDigest[]): RuleDigest {
  const records = groups.reduce((sum, one) => sum + one.records, 0);
  return { rule: id, memory: 'm', records: records + 5, sum: 9, dropped: 2, groups, answers: [] };
}

const digestOf = (...rules: RuleDigest[]): BatchDigest => ({
  kind: 'batch',
  source: SOURCE,
  latest: SLOT + 2,
  earliest: SLOT + 1,
  longest: 59,
  skipped: [SLOT],
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

/** The `i`th of numbers like the hashes of tuples. */
const hash = (i: number): number =>
  2 ** 48 + (Math.imul(i, 0x9e3779b1) >>> 0) * 65_536 + (Math.imul(i, 0x85ebca6b) >>> 16);

/** Of lists too long to be told apart in a message. */
const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

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
        const groups = (n: number) =>
          Array.from({ length: n }, (_, i) => group(i, { part: i % 2 ? [i, 2 ** 48 + i] : [] }));
        const digest = digestOf(rule('a', groups(first)), rule('b', groups(second)));
        const entries = shardDigest(digest, IDENTITY, shards, 0);
        const sums = sumOf(entries);
        for (const one of digest.rules) {
          expect(byValues(sums.groups.get(one.rule))).toEqual(one.groups);
          expect(sums.totals.get(one.rule)).toEqual([one.records, one.sum, one.dropped]);
        }
        for (const entry of entries) {
          for (const { rule: id, groups: own } of read(entry).rules) {
            for (const each of own)
              expect(shardOf(id, each.values, NO_ROUTES, shards)).toBe(entry.shard);
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
    const shards = groups.map(({ values }) => shardOf('r', values, NO_ROUTES, 4));
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

describe('answers', () => {
  const answersOf = (count: number): RuleDigest['answers'] =>
    Array.from({ length: count }, (_, i) => [hash(i), SLOT]);

  test('go to every shard, with or without groups there, and once to each', () => {
    const answers = answersOf(5);
    const digest = digestOf({ ...rule('a', [group(1)]), answers }, rule('b', [group(2)]));
    const entries = shardDigest(digest, IDENTITY, 4, 0);
    expect(entries.map(({ shard }) => shard)).toEqual([0, 1, 2, 3]);
    for (const entry of entries) {
      const given = read(entry).rules.filter((one) => one.answers.length > 0);
      expect(given.map((one) => [one.rule, one.answers])).toEqual([['a', answers]]);
    }
    expect(sumOf(entries).totals.get('a')).toEqual([7, 9, 2]);
  });

  test('are in one of the entries that a shard is cut into', () => {
    const answers = answersOf(60_000);
    const groups = Array.from({ length: 9 }, (_, i) => group(i));
    const entries = shardDigest(digestOf({ ...rule('a', groups), answers }), IDENTITY, 2, 0);
    for (const { data } of entries) expect(data.length).toBeLessThanOrEqual(350 * 1024);
    for (const shard of [0, 1]) {
      const own = entries.filter((entry) => entry.shard === shard);
      expect(own.length).toBeGreaterThan(1);
      const found = own.flatMap((entry) => read(entry).rules.flatMap((one) => one.answers));
      expect(same(found, answers)).toBe(true);
    }
    const { groups: found, totals } = sumOf(entries);
    expect(byValues(found.get('a'))).toEqual(groups);
    expect(totals.get('a')).toEqual([groups.reduce((sum, one) => sum + one.records, 5), 9, 2]);
  });
});

describe('rules that feed a sequence', () => {
  const by = (...names: string[]) => ({
    by: names.map((field) => ({ field, optional: false })),
  });
  const steps = (...ids: string[]) => ({
    detect: { kind: 'sequence', steps: ids.map((id) => ({ rule: id })) } as const,
  });
  const rules = [
    ruleOf('scan', ALWAYS, by('dstport', 'srcaddr', 'dstaddr')),
    ruleOf('login', ALWAYS, by('srcaddr', 'dstaddr')),
    ruleOf('both', ALWAYS, { ...by('srcaddr', 'dstaddr'), ...steps('scan', 'login') }),
    ruleOf('again', ALWAYS, { ...by('srcaddr'), ...steps('both', 'absent-one') }),
    ruleOf('alone', ALWAYS, by('srcaddr')),
  ];
  const routes = routesOf(rules);

  test('go where the fields say that all sequences of them share', () => {
    const value = fc.nat(9).map((i) => `10.0.0.${i}`);
    fc.assert(
      fc.property(value, value, fc.nat(9), fc.integer({ min: 1, max: 8 }), (src, dst, port, n) => {
        const shard = shardOf('again', [src], routes, n);
        expect(shardOf('both', [src, dst], routes, n)).toBe(shard);
        expect(shardOf('login', [src, dst], routes, n)).toBe(shard);
        expect(shardOf('scan', [port, src, dst], routes, n)).toBe(shard);
      }),
    );
    expect(routes.get('scan')).toEqual({ name: 'again', values: [1] });
  });

  test('of others are sent by their id and all of their values', () => {
    expect(routes.has('alone')).toBe(false);
    const shards = Array.from({ length: 50 }, (_, i) =>
      shardOf('alone', [`10.0.0.${i}`], routes, 4),
    );
    expect(new Set(shards).size).toBe(4);
    expect(routesOf([rules[0], rules[1]]).size).toBe(0);
  });

  test('spread over shards by what they share', () => {
    const shards = Array.from({ length: 50 }, (_, i) =>
      shardOf('scan', [i % 3, `10.0.0.${i}`, 'x'], routes, 4),
    );
    expect(new Set(shards).size).toBe(4);
  });

  test('share nothing where their sequences have no field in common: one shard has all', () => {
    const none = routesOf([...rules, ruleOf('total', ALWAYS, steps('login'))]);
    expect(none.get('scan')).toEqual({ name: 'again', values: [] });
    const shards = [1, 2, 3].map((i) => shardOf('login', [`10.0.0.${i}`, 'x'], none, 8));
    expect(new Set([...shards, shardOf('total', [], none, 8)]).size).toBe(1);
  });
});

describe('rules that hold others back', () => {
  const by = (...names: string[]) => ({
    by: names.map((field) => ({ field, optional: false })),
  });
  const low = ruleOf('low', ALWAYS, by('srcaddr', 'dstaddr'));
  const high = ruleOf('high', ALWAYS, {
    ...by('dstaddr', 'dstport'),
    severity: 'high',
    inhibits: { equal: ['dstaddr'] },
  });

  test('go where the fields say that must be equal', () => {
    const routes = routesOf([low, high]);
    expect(routes.get('low')).toEqual({ name: 'high', values: [1] });
    expect(routes.get('high')).toEqual({ name: 'high', values: [0] });
    for (let i = 0; i < 20; i++) {
      expect(shardOf('low', ['x', `10.0.0.${i}`], routes, 7)).toBe(
        shardOf('high', [`10.0.0.${i}`, 22], routes, 7),
      );
    }
  });

  test('leave alone what they cannot hold back', () => {
    const routes = routesOf([
      high,
      ruleOf('elsewhere', ALWAYS, by('srcaddr')),
      ruleOf('equal', ALWAYS, { ...by('dstaddr'), severity: 'high' }),
    ]);
    expect(routes.size).toBe(0);
  });

  test('that share no field with others of them are all in one shard', () => {
    const other = ruleOf('other', ALWAYS, {
      ...by('srcaddr'),
      severity: 'high',
      inhibits: { rules: ['low'], equal: ['srcaddr'] },
    });
    const routes = routesOf([low, high, other]);
    expect(routes.get('low')).toEqual({ name: 'high', values: [] });
    expect(shardOf('low', ['x', 'y'], routes, 7)).toBe(shardOf('other', ['z'], routes, 7));
  });
});

describe('a part', () => {
  const many = Array.from({ length: 100_000 }, (_, i) => hash(i));
  const carried = { what: 'members', fields: ['dstaddr'], above: 200_000 } as const;
  const cutUp = (one: GroupDigest, what: Carried) => {
    const entries = entriesOf(
      digestOf(rule('r', [one])),
      IDENTITY,
      0,
      sharding(1, { carried: new Map([['r', what]]) }),
    );
    for (const { data } of entries) expect(data.length).toBeLessThanOrEqual(350 * 1024);
    return { entries, groups: sumOf(entries).groups.get('r') ?? [] };
  };

  test('stays whole where samples have to go', () => {
    const part = many.slice(0, 50);
    const samples = Array.from({ length: 5 }, () => sample(2_000));
    const { groups } = cutUp(group(1, { samples, part, records: 1 }), carried);
    expect(groups.map((one) => [one.samples.length, one.part])).toEqual([[1, part]]);
  });

  test('that outgrows an entry is cut, the group counted once', () => {
    const { entries, groups } = cutUp(group(1, { part: many }), carried);
    expect(entries).toHaveLength(2);
    expect(groups.map(({ records }) => records)).toEqual([2, 0]);
    expect(groups.map(({ bytes, sum }) => bytes + sum)).toEqual([2, 0]);
    const merged = groups.map((one) => one.part).reduce((x, y) => mergeParts(carried, x, y));
    expect(same(merged, many)).toBe(true);
    expect(sumOf(entries).totals.get('r')).toEqual([7, 9, 2]);
  });

  test('of steps is cut in each step', () => {
    const what: Carried = { what: 'steps', steps: [{ what: 'records' }, carried, null, carried] };
    const part = [7, 60_000, ...many.slice(0, 60_000), 0, 40_000, ...many.slice(60_000)];
    const { groups } = cutUp(group(1, { part }), what);
    expect(groups.length).toBeGreaterThan(1);
    const merged = groups.map((one) => one.part).reduce((x, y) => mergeParts(what, x, y));
    expect(same(merged, part)).toBe(true);
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
      const [entry] = entriesOf(digest, IDENTITY, 0, sharding(1, { immediate }));
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
    const [entry] = entriesOf(
      digestOf(rule('r', groups)),
      IDENTITY,
      0,
      sharding(1, { immediate: new Set() }),
    );
    const kept = read(entry).rules[0].groups.map((one) => one.samples.length);
    expect(kept).toEqual([0, 0, 0, 0, 1, 1, 1, 1, 1]);
  });

  test('of rules that count, the eight groups of most records keep theirs even where all would fit', () => {
    const keptOf = (count: number, immediate: ReadonlySet<string>): number[] => {
      const groups = Array.from({ length: count }, (_, i) =>
        group(i, { records: 1 + i, samples: [sample(5)] }),
      );
      const digest = digestOf(rule('r', groups));
      const [entry] = entriesOf(digest, IDENTITY, 0, sharding(1, { immediate }));
      return read(entry).rules[0].groups.map((one) => one.samples.length);
    };
    const all = (count: number) => Array.from({ length: count }, () => 1);
    expect(keptOf(8, new Set())).toEqual(all(8));
    expect(keptOf(10, new Set())).toEqual([0, 0, ...all(8)]);
    expect(keptOf(10, new Set(['r']))).toEqual(all(10));
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
