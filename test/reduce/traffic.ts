/** Random rules, traffic and ways to deliver it. */
import fc from 'fast-check';
import type { RuleSet } from '../../src/map/4-match/rule-set.ts';
import type { LogEntry } from '../../src/ports/digest-log.ts';
import type { CompiledRule } from '../../src/rules/compiled.ts';
import { asLogEntry, aTick, type Flow, logEntries, NOON } from './flows.ts';
import { aRule, by } from './rules.ts';

/** Records come at most this much out of order; seconds. */
const SETTLE = 300;

const detect = fc.oneof(
  fc.constant({ kind: 'every' } as const),
  fc.nat(4).map((above) => ({ kind: 'count', above }) as const),
  fc.nat(3_000).map((above) => ({ kind: 'sum', field: 'bytes', above }) as const),
);

function ruleOf(id: string): fc.Arbitrary<CompiledRule> {
  return fc
    .record({
      detect,
      window: fc.constantFrom(120, 180, 300, 900, 1_000, 1_800, 3_600),
      cooldown: fc.constantFrom(0, 60, 600, 3_600),
      by: fc.constantFrom(by(), by('srcaddr'), by('srcaddr', 'dstport'), by('dstport?')),
    })
    .map(({ window, ...rest }) =>
      // Storms fold by the order of arrival, so none may come up here.
      aRule({ id, storm: 10_000, ...rest, ...(rest.detect.kind === 'every' ? {} : { window }) }),
    );
}

/** One to three rules. */
export const someRules: fc.Arbitrary<CompiledRule[]> = fc
  .integer({ min: 1, max: 3 })
  .chain((count) => fc.tuple(...Array.from({ length: count }, (_, i) => ruleOf(`rule-${i}`))));

/** Flows in any order, over at most `span` seconds. */
export function someFlows(span: number, most = 40): fc.Arbitrary<Flow[]> {
  const flow = fc.record({
    start: fc.nat(span).map((offset) => NOON + offset),
    srcaddr: fc.constantFrom('198.51.100.1', '198.51.100.2', '2001:db8::1'),
    dstport: fc.constantFrom(22, 443, null),
    bytes: fc.constantFrom(40, 840, 1_500, null),
    action: fc.constantFrom('ACCEPT', 'ACCEPT', 'ACCEPT', 'REJECT'),
  });
  return fc.array(flow, { minLength: 1, maxLength: most }) as fc.Arbitrary<Flow[]>;
}

export function inOrder(flows: readonly Flow[]): Flow[] {
  return [...flows].sort((a, b) => a.start - b.start);
}

/** Flows as they may arrive: each up to `SETTLE` after those that began with it. */
export function outOfOrder(flows: readonly Flow[], delays: readonly number[]): Flow[] {
  const delayed = flows.map((flow, i) => {
    const delay = (delays[i % delays.length] ?? 0) % SETTLE;
    return { flow, at: flow.start + delay };
  });
  return delayed.sort((a, b) => a.at - b.at).map(({ flow }) => flow);
}

/** Cuts a list into pieces of the given lengths, taken in turn. */
export function cut<T>(list: readonly T[], lengths: readonly number[]): T[][] {
  const pieces: T[][] = [];
  for (let at = 0, i = 0; at < list.length; i++) {
    const length = lengths[i % lengths.length] ?? list.length;
    pieces.push(list.slice(at, at + length));
    at += length;
  }
  return pieces;
}

export const someLengths = fc.array(fc.integer({ min: 1, max: 12 }), {
  minLength: 1,
  maxLength: 6,
});

/**
 * The log that batches make, in the order of their arrival, and a tick for every minute in which
 * something came. @returns the entries of all shards
 */
export function logOf(set: RuleSet, batches: readonly (readonly Flow[])[], shards = 1): LogEntry[] {
  const log: LogEntry[] = [];
  let latest = 0;
  let ticked = 0;
  batches.forEach((flows, i) => {
    latest = Math.max(latest, ...flows.map(({ start }) => start));
    const at = (latest + 60) * 1_000;
    log.push(...logEntries(set, flows, at, { shards, name: String(i) }));
    const minute = Math.floor(at / 60_000) * 60_000;
    if (minute <= ticked) return;
    ticked = minute;
    for (let shard = 0; shard < shards; shard++) log.push(asLogEntry(aTick(minute), shard));
  });
  return log;
}
