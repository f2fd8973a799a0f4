/** Decode, parse and match against the floor that any reader of a subscription pays. */
import { gunzipSync } from 'node:zlib';
import { ScannedEvents } from '../src/map/1-decode/event-scanner.ts';
import { decodeSubscription } from '../src/map/1-decode/subscription.ts';
import { newCounts } from '../src/map/2-parse/parse.ts';
import { compileRuleSet } from '../src/map/4-match/rule-set.ts';
import { Mapper } from '../src/map/map.ts';
import { DEFAULT_LAYOUT } from '../src/records/layout.ts';
import { inTurn } from './measure.ts';
import { payloads } from './payloads.ts';
import { benchSnapshot } from './rules.ts';

const ROUNDS = 15;
const SOURCE = { kind: 'logGroup', name: '/vpc/bench' } as const;
const EVENTS = new ScannedEvents();
const LAYOUTS = [DEFAULT_LAYOUT];

export interface PipelineResult {
  readonly size: number;
  readonly records: number;
  readonly floor: number;
  /** Seconds by number of rules. */
  readonly byRules: ReadonlyMap<number, number>;
  /** Seconds of JSON.parse and split into objects, before any rule. */
  readonly naive: number;
}

/** @param size records a batch */
export function measurePipeline(size: number, batches: number, counts: number[]): PipelineResult {
  const texts = payloads(size, batches);
  const floor = () => {
    for (const text of texts) gunzipSync(Buffer.from(text, 'base64'));
  };
  const naive = () => {
    for (const text of texts) parseNaively(text);
  };
  const runs = counts.map((count) => {
    const mapper = new Mapper(compileRuleSet(benchSnapshot(count)), 500);
    return () => {
      for (const text of texts) scan(mapper, text);
    };
  });
  const [floorTime, naiveTime, ...times] = inTurn(ROUNDS, [floor, naive, ...runs]);
  return {
    size,
    records: size * batches,
    floor: floorTime,
    naive: naiveTime,
    byRules: new Map(counts.map((count, i) => [count, times[i]])),
  };
}

/** Decode, parse, enrich and match one payload; returns the hits. */
export function scan(mapper: Mapper, text: string): number {
  const payload = decodeSubscription(Buffer.from(text, 'base64'), EVENTS);
  if (payload.kind === 'control') return 0;
  const { lines } = payload;
  const input = { lines, source: SOURCE, layouts: LAYOUTS, identity: '' };
  let hits = 0;
  for (let from = 0; from < lines.count; from += 16_384) {
    hits += mapper.scan(input, from, Math.min(lines.count, from + 16_384), newCounts()).hits.count;
  }
  return hits;
}

/** What a hand-written loop does: an object for each record, before any rule. */
export function parseNaively(text: string): number {
  const payload = JSON.parse(gunzipSync(Buffer.from(text, 'base64')).toString()) as {
    logEvents: { message: string }[];
  };
  let bytes = 0;
  for (const { message } of payload.logEvents) {
    const [, , , , , , , , , size, , , action] = message.split(' ');
    const record = { bytes: Number(size), action };
    if (record.action === 'ACCEPT') bytes += record.bytes;
  }
  return bytes;
}
