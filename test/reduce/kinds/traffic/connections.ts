/** Calls at regular and less regular times, calls that are answered and that are not. */
import fc from 'fast-check';
import { by } from '../../rules.ts';
import { aLine, type Line, NOON, turned } from '../record.ts';
import { is, ruleOf, says } from '../rule.ts';
import {
  type Case,
  CLIENTS,
  caseOf,
  endOf,
  firstLines,
  SERVERS,
  someEmptyLines,
  someLength,
  someLine,
  someSource,
  someTime,
  startsAfter,
} from './parts.ts';

/** Calls of one client with a gap between that is shaken now and then; with replies to some. */
function calls(client: string, slow: boolean): fc.Arbitrary<Line[]> {
  return fc
    .record({
      from: fc.constantFrom(0, 1, 30, 60, 119),
      gap: slow
        ? fc.constantFrom(300, 700, 1_200, 1_201, 1_260, 1_800)
        : fc.constantFrom(60, 120, 121, 180, 240, 300),
      count: fc.integer({ min: 3, max: 9 }),
      shakes: fc.array(fc.constantFrom(0, 0, 0, 5, -10, 30, -59), { minLength: 1, maxLength: 6 }),
      lengths: fc.array(someLength(slow), { minLength: 1, maxLength: 4 }),
      ports: fc.constantFrom('one', 'new', 'ntp'),
      replies: fc.boolean(),
      flags: fc.constantFrom(null, null, 2, 18),
      source: someSource,
    })
    .map(({ from, gap, count, shakes, lengths, ports, replies, flags, source }) => {
      const starts = startsAfter(NOON + from, Array(count - 1).fill(gap)).map((start, i) =>
        Math.max(NOON, start + shakes[i % shakes.length]),
      );
      const lines = starts.map((start, i) =>
        aLine(start, {
          srcaddr: client,
          dstaddr: SERVERS[0],
          srcport: ports === 'ntp' ? 123 : 50_000 + (ports === 'new' ? i : 0),
          dstport: ports === 'ntp' ? 123 : 443,
          protocol: ports === 'ntp' ? 17 : 6,
          flags: ports === 'ntp' ? null : flags,
          end: endOf(start, lengths[i % lengths.length]),
          source,
        }),
      );
      return replies ? lines.flatMap((line) => [line, turned(line, { flags: null })]) : lines;
    });
}

export const forBeacon: fc.Arbitrary<Case> = fc.boolean().chain((slow) =>
  caseOf(
    fc
      .record({
        min: fc.integer({ min: 3, max: 5 }),
        jitter: fc.constantFrom(0.02, 0.1, 0.3),
        window: slow ? fc.constantFrom(3_600, 7_200) : fc.constantFrom(600, 900, 1_200),
        by: fc.constantFrom(by('srcaddr'), by('srcaddr', 'dstport')),
      })
      .map(({ min, jitter, ...rest }) => [ruleOf({ kind: 'beacon', min, jitter }, rest)]),
    fc
      .record({
        series: fc.tuple(calls(CLIENTS[0], slow), calls(CLIENTS[1], slow)),
        noise: fc.array(someLine(someTime(slow ? 3_600 : 1_200)), { maxLength: 3 }),
      })
      .map(({ series, noise }) => [...firstLines(slow), ...series.flat(), ...noise]),
  ),
);

/** A call and what comes back, about as late as counts. */
function call(window: number, slow: boolean): fc.Arbitrary<Line[]> {
  const interval = slow ? 600 : 60;
  return fc
    .record({
      start: someTime(slow ? 3_000 : 900, slow ? 120 : 30),
      srcaddr: fc.constantFrom(CLIENTS[0], CLIENTS[0], CLIENTS[1]),
      srcport: fc.constantFrom(50_000, 50_001, 50_002, 50_003),
      dstport: fc.constantFrom(443, 443, 50_000),
      length: someLength(slow),
      answer: fc.constantFrom(
        ...[undefined, undefined, undefined, 0, 30],
        ...[-interval - 1, -interval, -interval + 1, window - 1, window, window + 1],
      ),
      action: fc.constantFrom<'ACCEPT' | 'REJECT'>('ACCEPT', 'ACCEPT', 'ACCEPT', 'REJECT'),
      goesOn: fc.constantFrom(undefined, undefined, 60, 2 * interval, 2 * interval + 1),
      sources: fc.tuple(someSource, someSource),
    })
    .map(({ start, srcaddr, srcport, dstport, length, answer, action, goesOn, sources }) => {
      const line = aLine(start, {
        srcaddr,
        dstaddr: SERVERS[0],
        srcport,
        dstport,
        end: endOf(start, length),
        source: sources[0],
      });
      const lines = [line];
      if (goesOn !== undefined) {
        const next = (line.end ?? start) + goesOn;
        lines.push({ ...line, start: next, end: next });
      }
      if (answer !== undefined) {
        const at = Math.max(NOON, start + answer);
        lines.push(turned(line, { start: at, end: at, action, source: sources[1] }));
      }
      return lines;
    });
}

export const forUnanswered: fc.Arbitrary<Case> = fc
  .record({ window: fc.constantFrom(120, 300, 1_000), slow: fc.boolean() })
  .chain(({ window, slow }) =>
    caseOf(
      fc
        .record({
          min: fc.integer({ min: 1, max: 3 }),
          by: fc.constantFrom(by('srcaddr'), by('srcaddr', 'dstport')),
          match: fc.constantFrom(
            is('dstport', 443),
            says('action', 'ACCEPT'),
            { all: [is('dstport', 0, 49_999), { not: is('bytes', 300) }] },
            { any: [is('srcport', 50_000), says('action', 'REJECT')] },
            { not: is('dstport', 50_000) },
          ),
        })
        .map(({ min, ...rest }) => [ruleOf({ kind: 'unanswered', min }, { ...rest, window })]),
      fc
        .record({
          calls: fc.array(call(window, slow), { minLength: 1, maxLength: 8 }),
          skipped: fc
            .constantFrom(0, 0, 0, 1)
            .chain((most) => someEmptyLines('SKIPDATA', someTime(slow ? 5_000 : 1_500), most)),
        })
        .map((some) => [...firstLines(slow), ...some.calls.flat(), ...some.skipped]),
    ),
  );
