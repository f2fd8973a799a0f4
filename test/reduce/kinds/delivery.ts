/** How lines come: in batches of a source, some later than others, with heartbeats and ticks. */
import fc from 'fast-check';
import { encodeDigest } from '../../../src/log/codec.ts';
import { heartbeatKey } from '../../../src/log/key.ts';
import { batchIdentity } from '../../../src/map/1-decode/identity.ts';
import type { Batch } from '../../../src/map/1-decode/lines.ts';
import { linesOfText } from '../../../src/map/1-decode/text.ts';
import type { RuleSet } from '../../../src/map/4-match/rule-set.ts';
import { Heartbeats } from '../../../src/map/heartbeats.ts';
import { Mapper } from '../../../src/map/map.ts';
import { routesOf } from '../../../src/map/routes.ts';
import { type Sharding, shardDigest } from '../../../src/map/shard-digest.ts';
import type { LogEntry } from '../../../src/ports/digest-log.ts';
import type { Source } from '../../../src/ports/source.ts';
import { parseLayout } from '../../../src/records/layout.ts';
import { asLogEntry, aTick } from '../flows.ts';
import { FORMAT, type Line, textOf } from './record.ts';

export const SETTLE = 300;
/** From a flow's start to its arrival at the soonest. */
const LAG = 60;
const LAYOUTS = [parseLayout(FORMAT)];

/** Lines that arrive together at a time; Unix seconds. */
export interface Delivery {
  readonly at: number;
  readonly lines: readonly Line[];
}

export interface Plan {
  /** Lines a batch, taken in turn. */
  readonly lengths: readonly number[];
  /** How much later than at the soonest lines come, in turn; seconds, below SETTLE. */
  readonly delays: readonly number[];
  /** How much later all lines of a source come, by its last letter. */
  readonly lags: Readonly<Record<string, number>>;
}

const someLengths = fc.array(fc.constantFrom(1, 1, 2, 3, 5, 12), { minLength: 1, maxLength: 5 });

/** One source may be late by almost all of settle, or single lines of any. */
export const somePlan: fc.Arbitrary<Plan> = fc
  .constantFrom([0, 0, 299], [0, 240, 59], [200, 0, 99], [0, 0, 60])
  .chain(([a, b, most]) =>
    fc.record({
      lengths: someLengths,
      delays: fc.array(fc.nat(most), { minLength: 1, maxLength: 7 }),
      lags: fc.constant({ a, b }),
    }),
  );

/** Batches of lines in the order of their arrival, none of whose lines waits longer than settle. */
export function deliveries(lines: readonly Line[], { lengths, delays, lags }: Plan): Delivery[] {
  const arriving = lines
    .map((line, i) => {
      const lag = lags[line.source.slice(-1)] ?? 0;
      return { line, at: line.start + LAG + lag + delays[i % delays.length] };
    })
    .sort((x, y) => x.at - y.at);
  const batches: { at: number; lines: Line[] }[] = [];
  const filling = new Map<string, { at: number; lines: Line[]; room: number; due: number }>();
  for (const { line, at } of arriving) {
    const due = line.start + LAG + SETTLE;
    const open = filling.get(line.source);
    if (open && open.room > 0 && at < open.due) {
      open.lines.push(line);
      open.at = at;
      open.room -= 1;
      open.due = Math.min(open.due, due);
    } else {
      const room = lengths[batches.length % lengths.length] - 1;
      const batch = { at, lines: [line], room, due };
      batches.push(batch);
      filling.set(line.source, batch);
    }
  }
  return batches.sort((x, y) => x.at - y.at);
}

/** Batches span less than settle: what heartbeats tell of their lines comes after them. */
const SPAN = 240;

/** Batches of lines in the order of their starts, each of one source. */
export function inOrder(lines: readonly Line[], lengths: readonly number[]): Delivery[] {
  const batches: { at: number; lines: Line[] }[] = [];
  let room = 0;
  for (const line of lines.toSorted((x, y) => x.start - y.start)) {
    const open = batches.at(-1);
    const [first] = open?.lines ?? [];
    if (open && room > 0 && first.source === line.source && line.start < first.start + SPAN) {
      open.lines.push(line);
      open.at = line.start + LAG;
      room -= 1;
    } else {
      room = lengths[batches.length % lengths.length] - 1;
      batches.push({ at: line.start + LAG, lines: [line] });
    }
  }
  return batches;
}

export interface LogOptions {
  readonly shards?: number;
  /** Ticks come after batches only: time stands still between them. */
  readonly still?: boolean;
  /** Seconds for which ticks go on after the last batch. */
  readonly tail: number;
  /** From this delivery on other rules map, or so many shards take. */
  readonly change?: { readonly from: number; readonly set: RuleSet; readonly shards?: number };
}

/** What the log holds of deliveries. */
export function logOf(set: RuleSet, batches: readonly Delivery[], options: LogOptions): LogEntry[] {
  return logAround(set, batches, options).flat();
}

/** What it holds before and after a change; a heartbeat for each minute in which something came. */
export function logAround(
  set: RuleSet,
  batches: readonly Delivery[],
  { shards: first = 1, still = false, tail, change }: LogOptions,
): [before: LogEntry[], after: LogEntry[]] {
  const [before, after]: [LogEntry[], LogEntry[]] = [[], []];
  const beats = new Heartbeats();
  let [log, rules, shards, ticked, arrived] = [before, set, first, 0, 0];
  /** Unix ms; no two entries of a shard arrive at once, so that arrival tells their order. */
  const arrival = (at: number) => {
    arrived = Math.max(arrived + 1, at * 1_000);
    return arrived;
  };
  const toAll = (make: (shard: number) => LogEntry) => {
    for (let shard = 0; shard < shards; shard++) log.push(make(shard));
  };
  const beat = (at: number) => {
    const heartbeat = beats.due(at * 1_000);
    if (!heartbeat) return;
    const [data, arrives] = [encodeDigest(heartbeat), arrival(at)];
    toAll((shard) => ({ shard, key: heartbeatKey(at, `map-${at}`), at: arrives, data }));
    beats.sent(at * 1_000);
  };
  const pass = (at: number, tick: boolean) => {
    beat(at);
    const arrives = arrival(at);
    if (tick) toAll((shard) => asLogEntry(aTick(arrives), shard));
    ticked = at;
  };
  batches.forEach(({ at, lines }, i) => {
    if (ticked > 0) while (ticked + 60 < at) pass(ticked + 60, !still);
    if (i === change?.from) [log, rules, shards] = [after, change.set, change.shards ?? shards];
    const batch = batchOf(lines, String(i));
    const mapped = mapperOf(rules).map(batch);
    if (mapped.digest) {
      const { identity } = batch;
      log.push(...shardDigest(mapped.digest, identity, arrival(at), shardingOf(rules, shards)));
    }
    beats.add(batch.source, mapped, batch.lines.bytes.length, rules.fingerprint);
    beat(at);
    if (Math.floor(at / 60) * 60 > ticked) pass(Math.floor(at / 60) * 60, true);
  });
  for (const end = ticked + tail; ticked < end; ) pass(ticked + 300, true);
  return [before, after];
}

export function batchOf(lines: readonly Line[], name: string, source = sourceOf(lines)): Batch {
  const text = lines.map(textOf).join('\n');
  return {
    lines: linesOfText(Buffer.from(text)),
    source,
    layouts: LAYOUTS,
    identity: batchIdentity(source.name, name, text),
  };
}

function sourceOf([{ source }]: readonly Line[]): Source {
  return { kind: 'logGroup', name: source, account: '123456789012', region: 'eu-west-1' };
}

const mappers = new WeakMap<RuleSet, Mapper>();

function mapperOf(set: RuleSet): Mapper {
  const mapper = mappers.get(set) ?? new Mapper(set, Infinity);
  mappers.set(set, mapper);
  return mapper;
}

function shardingOf({ rules, snapshot }: RuleSet, shards: number): Sharding {
  return {
    shards,
    routes: routesOf(snapshot.rules),
    immediate: new Set(),
    carried: new Map(rules.map(({ rule, carried }) => [rule.id, carried])),
  };
}
