/** What random traffic is put together from: few addresses, few ports, times on a coarse grid. */
import fc from 'fast-check';
import type { CompiledFilter, CompiledRule } from '../../../../src/rules/compiled.ts';
import { aLine, anEmptyLine, type Line, NOON } from '../record.ts';
import { says } from '../rule.ts';

/** Rules, and traffic in which they fire or nearly do. */
export interface Case {
  readonly rules: readonly CompiledRule[];
  readonly filters: readonly CompiledFilter[];
  readonly lines: readonly Line[];
}

export const CLIENTS = ['198.51.100.1', '198.51.100.2', '2001:db8::1'] as const;
export const SERVERS = ['10.0.0.1', '10.0.0.2'] as const;
/** A client that is in no other traffic. */
const STRANGER = '203.0.113.9';
export const SOURCES = ['/vpc/a', '/vpc/b'] as const;

/** Times up to `span` seconds after noon, mostly multiples of `step`, now and then a second off. */
export function someTime(span: number, step = 30): fc.Arbitrary<number> {
  const on = fc.nat(Math.floor(span / step)).map((k) => NOON + k * step);
  const off = fc.tuple(on, fc.constantFrom(-1, 1)).map(([time, by]) => Math.max(NOON, time + by));
  return fc.oneof({ weight: 5, arbitrary: on }, { weight: 1, arbitrary: off });
}

/** A value, or now and then nothing. */
function mostly<T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | null> {
  return fc.option(arbitrary, { freq: 12 });
}

/** How long flows are; in a slow world some are as long as the long aggregation interval. */
export function someLength(slow: boolean): fc.Arbitrary<number | null> {
  return mostly(slow ? fc.constantFrom(0, 59, 300, 600) : fc.constantFrom(0, 1, 59, 90));
}

export function someLine(time: fc.Arbitrary<number>): fc.Arbitrary<Line> {
  return fc
    .record({
      start: time,
      length: someLength(false),
      srcaddr: mostly(fc.constantFrom(...CLIENTS)),
      dstaddr: mostly(fc.constantFrom(...SERVERS)),
      srcport: mostly(fc.constantFrom(50_000, 50_001, 443)),
      dstport: mostly(fc.constantFrom(22, 443, 50_000)),
      protocol: fc.constantFrom(6, 6, 17),
      bytes: mostly(fc.constantFrom(100, 200, 300)),
      action: mostly(fc.constantFrom<'ACCEPT' | 'REJECT'>('ACCEPT', 'ACCEPT', 'REJECT')),
      flags: fc.constantFrom(null, 2, 18, 19, 1),
      source: someSource,
    })
    .map(({ length, ...rest }) => aLine(rest.start, { ...rest, end: endOf(rest.start, length) }));
}

export const someSource = fc.constantFrom(SOURCES[0], SOURCES[0], SOURCES[1]);

export function endOf(start: number, length: number | null): number | null {
  return length === null ? null : start + length;
}

/** The first flow of each source, by a stranger: all of a source's flows are like it in length. */
export function firstLines(slow: boolean, later = 0): Line[] {
  return SOURCES.map((source, i) =>
    aLine(NOON + i * later, {
      srcaddr: STRANGER,
      srcport: 50_900,
      dstport: 999,
      source,
      end: NOON + i * later + (slow ? 600 : 59),
    }),
  );
}

export function someEmptyLines(
  status: 'NODATA' | 'SKIPDATA',
  time: fc.Arbitrary<number>,
  most: number,
): fc.Arbitrary<Line[]> {
  const one = fc
    .tuple(time, someSource)
    .map(([start, source]) => anEmptyLine(start, status, source));
  return fc.array(one, { maxLength: most });
}

/** Mostly none; else one that hides a client or refused flows, until some time or for ever. */
function someFilters(ids: readonly string[]): fc.Arbitrary<CompiledFilter[]> {
  const match = fc.constantFrom(
    { field: 'srcaddr', test: { in: { cidrs: ['198.51.100.1/32'] } }, path: 'match.srcaddr' },
    says('action', 'REJECT'),
  );
  const someUntil = fc.constantFrom(undefined, NOON + 300);
  const filter = fc.tuple(match, someUntil).map(
    ([hidden, until]): CompiledFilter => ({
      id: 'filter',
      rules: ids,
      match: hidden,
      reason: '',
      ...(until === undefined ? {} : { until }),
    }),
  );
  return fc.array(filter, { maxLength: 1 }).chain((some) => fc.constantFrom([], [], some));
}

/** Starts one after the other, by their gaps. */
export function startsAfter(from: number, gaps: readonly number[]): number[] {
  const starts = [from];
  for (const gap of gaps) starts.push((starts.at(-1) ?? from) + gap);
  return starts;
}

/** What decides how often is told of a firing, never whether. */
const someManners = fc
  .record({
    cooldown: fc.constantFrom(0, 60, 600, 3_600),
    resolve: fc.boolean(),
    repeat: fc.constantFrom(null, null, 300, 900),
  })
  .map(({ repeat, ...rest }) => (repeat === null ? rest : { ...rest, repeat }));

/** A case of rules of one kind and traffic for them. */
export function caseOf(
  rules: fc.Arbitrary<CompiledRule[]>,
  lines: fc.Arbitrary<Line[]>,
): fc.Arbitrary<Case> {
  return fc.tuple(rules, someManners).chain(([some, manners]) =>
    fc.record({
      rules: fc.constant(some.map((rule) => ({ ...rule, ...manners }))),
      filters: someFilters(some.map(({ id }) => id)),
      lines,
    }),
  );
}
