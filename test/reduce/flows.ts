/** Flows as lines, batches of them as log entries, and entries as the reducer takes them. */
import { decodeDigest, encodeDigest } from '../../src/log/codec.ts';
import type { Digest, SourceTotals } from '../../src/log/digest.ts';
import { tickKey } from '../../src/log/key.ts';
import { batchIdentity } from '../../src/map/1-decode/identity.ts';
import { linesOfText } from '../../src/map/1-decode/text.ts';
import type { RuleSet } from '../../src/map/4-match/rule-set.ts';
import { Mapper } from '../../src/map/map.ts';
import { shardDigest, shardingOf } from '../../src/map/shard-digest.ts';
import type { LogEntry } from '../../src/ports/digest-log.ts';
import type { Source } from '../../src/ports/source.ts';
import { DEFAULT_LAYOUT } from '../../src/records/layout.ts';
import type { Entry } from '../../src/reduce/reducer.ts';

/** 2026-11-23T12:00:00Z, Unix seconds; the start of a slot of any length used here. */
export const NOON = 1_795_435_200;

export const SOURCE: Source = {
  kind: 'logGroup',
  name: '/vpc/main',
  account: '123456789012',
  region: 'eu-west-1',
};

export interface Flow {
  readonly start: number;
  readonly srcaddr: string;
  /** Absent where null. */
  readonly dstport: number | null;
  readonly bytes: number | null;
  readonly action: 'ACCEPT' | 'REJECT';
}

export function aFlow(start: number, given: Partial<Flow> = {}): Flow {
  return { start, srcaddr: '198.51.100.7', dstport: 443, bytes: 840, action: 'ACCEPT', ...given };
}

/** A line of the default format. */
export function lineOf({ start, srcaddr, dstport, bytes, action }: Flow): string {
  return `2 123456789012 eni-1 ${srcaddr} 10.0.0.5 49152 ${dstport ?? '-'} 6 10 ${bytes ?? '-'} ${start} ${start + 59} ${action} OK`;
}

/** What a batch of flows writes into the log. @param at arrival, Unix ms */
export function logEntries(
  set: RuleSet,
  flows: readonly Flow[],
  at: number,
  { shards = 1, name = '', source = SOURCE, maxGroups = Infinity } = {},
): LogEntry[] {
  const text = flows.map(lineOf).join('\n');
  const identity = batchIdentity(source.name, name, text);
  const lines = linesOfText(Buffer.from(text));
  const { digest } = mapperOf(set, maxGroups).map({
    lines,
    source,
    layouts: [DEFAULT_LAYOUT],
    identity,
  });
  return digest ? shardDigest(digest, identity, at, shardingOf(set, shards)) : [];
}

const mappers = new WeakMap<RuleSet, Map<number, Mapper>>();

function mapperOf(set: RuleSet, maxGroups: number): Mapper {
  const known = mappers.get(set) ?? new Map<number, Mapper>();
  mappers.set(set, known);
  const mapper = known.get(maxGroups) ?? new Mapper(set, maxGroups);
  known.set(maxGroups, mapper);
  return mapper;
}

/** A log entry, through its bytes. */
export function decoded({ key, at, data }: LogEntry): Entry {
  return { key, at, digest: decodeDigest(data) };
}

/** One batch of flows as the reducer's entry; the flows must match something. */
export function anEntry(
  set: RuleSet,
  flows: readonly Flow[],
  at: number = arrivalOf(flows),
  options: Parameters<typeof logEntries>[3] = {},
): Entry {
  const [entry] = logEntries(set, flows, at, options);
  if (!entry) throw new Error('no flow of the batch matches a rule');
  return decoded(entry);
}

/** A minute after the last flow's start, Unix ms. */
export function arrivalOf(flows: readonly Flow[]): number {
  return (Math.max(...flows.map(({ start }) => start)) + 60) * 1_000;
}

/** @param at Unix ms */
export function aTick(at: number): Entry {
  return { key: tickKey(at / 1_000), at, digest: { kind: 'tick' } };
}

/** @param at Unix ms */
export function aBeat(at: number, totals: Partial<SourceTotals> = {}, rules = ''): Entry {
  const sources = [
    {
      source: SOURCE,
      latest: 0,
      earliest: 0,
      batches: 1,
      records: 0,
      malformed: 0,
      noData: 0,
      skipData: 0,
      bytes: 0,
      longest: 0,
      minutes: [],
      ...totals,
    },
  ];
  return { key: `beat#${at}`, at, digest: { kind: 'heartbeat', rules, sources } };
}

/** An entry as the log holds it. */
export function asLogEntry({ key, at, digest }: Entry, shard = 0): LogEntry {
  return { shard, key, at, data: encodeDigest(digest as Digest) };
}
