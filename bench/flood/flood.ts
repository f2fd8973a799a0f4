/**
 * A flood against every kind of rule: so many addresses that nobody can remember them all, and two
 * among them that must be found. Through the deployed code, digests encoded as they are written.
 */
import { DEFAULT_ENGINE_SETTINGS, type Snapshot } from '../../src/config/snapshot.ts';
import { decodeDigest } from '../../src/log/codec.ts';
import { linesOfText } from '../../src/map/1-decode/text.ts';
import { compileRuleSet } from '../../src/map/4-match/rule-set.ts';
import { totalsOf } from '../../src/map/heartbeats.ts';
import { Mapper } from '../../src/map/map.ts';
import { shardDigest, shardingOf } from '../../src/map/shard-digest.ts';
import { DEFAULT_LAYOUT } from '../../src/records/layout.ts';
import { decodeCheckpoint, encodeCheckpoint } from '../../src/reduce/3-checkpoint/checkpoint.ts';
import { Reducer } from '../../src/reduce/reducer.ts';
import type { CompiledRule, Detect } from '../../src/rules/compiled.ts';

/** 2026-11-23T12:00:00Z. */
const NOON = 1_795_435_200;
const MINUTES = 10;
const SOURCE = { kind: 'logGroup', name: '/vpc/flow-logs', account: '1', region: 'r' } as const;
/** One of its records in a hundred each. */
const HEAVY = '203.0.113.9';
const SCANNER = '203.0.113.10';

/** Thresholds are for a flood of so many sources: what each of the two does in a window is above them. */
const kindsFor = (
  sources: number,
): readonly { readonly detect: Detect; readonly window?: number }[] => [
  { detect: { kind: 'every' } },
  { detect: { kind: 'count', above: sources / 250 }, window: 300 },
  {
    detect: { kind: 'count', above: Math.min(1_000, sources / 250), of: 'connections' },
    window: 300,
  },
  { detect: { kind: 'sum', field: 'bytes', above: sources * 3 }, window: 300 },
  { detect: { kind: 'distinct', fields: ['dstport'], above: 100 }, window: 300 },
  {
    detect: {
      kind: 'ratio',
      of: { field: 'action', test: { in: { strings: ['REJECT'] } }, path: 'of' },
      above: 0.5,
      min: 1_000,
    },
    window: 300,
  },
  { detect: { kind: 'spike', factor: 5, min: 100, baseline: 86_400 }, window: 300 },
  { detect: { kind: 'new', fields: ['srcaddr'], learn: 0, forget: 86_400 } },
  { detect: { kind: 'absent', for: 120, seen: 2 } },
  { detect: { kind: 'beacon', min: 8, jitter: 0.1 }, window: 600 },
];

/** Twenty rules: every kind by source, and by source and target. */
function floodRules(sources: number): CompiledRule[] {
  const by = (names: readonly string[]) => names.map((field) => ({ field, optional: false }));
  return kindsFor(sources).flatMap((kind, i) =>
    [['srcaddr'], ['srcaddr', 'dstaddr']].map((names, j) => ({
      id: `${kind.detect.kind}-${i}-${j}`,
      title: 'A flood rule',
      severity: 'low' as const,
      tags: [],
      references: [],
      match: { all: [] },
      by: by(names),
      cooldown: 3_600,
      storm: 20,
      to: ['default'],
      mode: 'live' as const,
      resolve: true,
      alarm: false,
      ...kind,
    })),
  );
}

export interface FloodFigures {
  readonly batches: number;
  readonly mostDigest: number;
  readonly mostGroups: number;
  readonly checkpoint: number;
  /** Milliseconds to encode and to decode the last checkpoint. */
  readonly encode: number;
  readonly decode: number;
  /** Bytes of heap that are in use beyond those before. */
  readonly heap: number;
  readonly notified: number;
  readonly summaries: number;
  readonly dropped: number;
  /** Rules that told of the heavy and of the scanning address. */
  readonly heavy: ReadonlySet<string>;
  readonly scanner: ReadonlySet<string>;
}

/** @param sources addresses, each with one record, in ten minutes */
export function runFlood(sources: number, batch: number): FloodFigures {
  const snapshot: Snapshot = {
    version: 1,
    settings: DEFAULT_ENGINE_SETTINGS,
    rules: floodRules(sources),
    filters: [],
    lists: { internal: { numbers: [], cidrs: ['10.0.0.0/8'], strings: [] } },
    formats: {},
  };
  const set = compileRuleSet(snapshot);
  const mapper = new Mapper(set, snapshot.settings.maxGroups);
  const sharding = shardingOf(set, 1);
  const before = heapUsed();
  const reducer = new Reducer(set, { stage: 'bench' });
  const figures = { mostDigest: 0, mostGroups: 0, notified: 0, summaries: 0, dropped: 0 };
  const heavy = new Set<string>();
  const scanner = new Set<string>();
  const batches = Math.ceil(sources / batch);
  const take = () => {
    for (const { reason, alert } of reducer.takeDecisions()) {
      if (alert.group.srcaddr === HEAVY) heavy.add(alert.rule.id);
      if (alert.group.srcaddr === SCANNER) scanner.add(alert.rule.id);
      if (reason !== 'notified') continue;
      if (alert.type === 'summary') figures.summaries++;
      else figures.notified++;
    }
    reducer.state.outbox = [];
    for (const { item } of reducer.state.metricsOutbox) {
      for (const { name, value } of item) if (name === 'GroupsDropped') figures.dropped += value;
    }
    reducer.state.metricsOutbox = [];
  };
  let minute = 0;
  for (let i = 0; i < batches; i++) {
    const start = NOON + Math.floor((i / batches) * MINUTES * 60);
    const at = (start + 60) * 1_000;
    const lines = linesOfText(Buffer.from(linesFrom(i * batch, batch, start)));
    const input = { lines, source: SOURCE, layouts: [DEFAULT_LAYOUT], identity: String(i) };
    const mapped = mapper.map(input);
    const beat = { kind: 'heartbeat', rules: set.fingerprint } as const;
    const sourcesOf = [totalsOf(SOURCE, mapped, lines.bytes.length)];
    reducer.apply({ key: `beat${i}`, at, digest: { ...beat, sources: sourcesOf } });
    if (mapped.digest) {
      for (const { key, data } of shardDigest(mapped.digest, String(i), at, sharding)) {
        figures.mostDigest = Math.max(figures.mostDigest, data.length);
        reducer.apply({ key, at, digest: decodeDigest(data) });
      }
    }
    take();
    if (Math.floor(start / 60) === minute) continue;
    minute = Math.floor(start / 60);
    reducer.apply({ key: `tick${i}`, at, digest: { kind: 'tick' } });
    take();
    let groups = 0;
    for (const rule of reducer.state.rules.values()) groups += rule.groups.size;
    figures.mostGroups = Math.max(figures.mostGroups, groups);
  }
  for (const { name, value } of reducer.state.metrics.values()) {
    if (name === 'GroupsDropped') figures.dropped += value;
  }
  const heap = heapUsed() - before;
  const encoding = performance.now();
  const body = encodeCheckpoint(reducer.state);
  const decoding = performance.now();
  decodeCheckpoint(body);
  const done = performance.now();
  return {
    ...figures,
    batches,
    checkpoint: body.length,
    encode: decoding - encoding,
    decode: done - decoding,
    heap,
    heavy,
    scanner,
  };
}

/** Records of strangers, and of the two, a hundredth of all each. */
function linesFrom(from: number, count: number, start: number): string {
  const lines: string[] = [];
  const line = (srcaddr: string, srcport: number, dstport: number) =>
    `2 123456789012 eni-0123456789abcdef0 ${srcaddr} 10.0.0.${srcport & 7} ${srcport} ${dstport} 6 1 840 ${start} ${start + 30} REJECT OK`;
  for (let i = from; i < from + count; i++) {
    lines.push(line(`${1 + (i >> 16)}.${(i >> 8) & 255}.${i & 255}.1`, 49_152 + (i & 8_191), 443));
    if (i % 100 === 0) {
      lines.push(line(HEAVY, 40_000 + (Math.floor(i / 100) % 20_000), 443));
      lines.push(line(SCANNER, 50_000, 1 + (Math.floor(i / 100) % 5_000)));
    }
  }
  return lines.join('\n');
}

function heapUsed(): number {
  globalThis.gc?.();
  return process.memoryUsage().heapUsed;
}
