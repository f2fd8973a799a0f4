/** Traffic for rules that judge a window once it is over: ratio, spike; and new. */
import fc from 'fast-check';
import { by } from '../../rules.ts';
import { aLine, type Line, NOON } from '../record.ts';
import { ruleOf, says } from '../rule.ts';
import { type Case, CLIENTS, caseOf, firstLines, someLine, someSource, someTime } from './parts.ts';

export const forRatio: fc.Arbitrary<Case> = caseOf(
  fc
    .record({
      above: fc.constantFrom(0.25, 0.5, 0.75),
      min: fc.integer({ min: 2, max: 4 }),
      window: fc.constantFrom(180, 300, 1_000, 1_800),
      by: fc.constantFrom(by('srcaddr'), by('dstaddr?'), by('srcaddr', 'dstaddr')),
    })
    .map(({ above, min, ...rest }) => [
      ruleOf({ kind: 'ratio', of: says('action', 'REJECT'), above, min }, rest),
    ]),
  fc
    .array(someLine(someTime(1_200)), { minLength: 5, maxLength: 24 })
    .map((some) => [...firstLines(false), ...some]),
);

/** So many flows of a client in one span after the other. */
function steady(client: string, span: number): fc.Arbitrary<Line[]> {
  const few = fc.array(fc.constantFrom(0, 1, 1, 1, 2, 2, 6), { minLength: 6, maxLength: 14 });
  const offsets = fc.array(fc.constantFrom(0, 1, 30, 59, 60, span - 1), {
    minLength: 1,
    maxLength: 5,
  });
  const sizes = fc.array(fc.constantFrom(100, 100, 300, null), { minLength: 1, maxLength: 5 });
  const at = fc.record({ counts: few, offsets, sizes, from: fc.nat(3), source: someSource });
  return at.map(({ counts, offsets, sizes, from, source }) =>
    counts.flatMap((count, i) =>
      [...Array(count).keys()].map((k) =>
        aLine(NOON + (from + i) * span + offsets[(i + k) % offsets.length], {
          srcaddr: client,
          bytes: sizes[(i * 3 + k) % sizes.length],
          source,
        }),
      ),
    ),
  );
}

export const forSpike: fc.Arbitrary<Case> = fc.constantFrom(120, 180, 1_000).chain((window) =>
  caseOf(
    fc
      .record({
        of: fc.constantFrom({}, { field: 'bytes' }),
        factor: fc.constantFrom(1, 1.5, 2, 3),
        min: fc.constantFrom(1, 2, 4),
        baseline: fc.constantFrom(600, 1_200, 2_400, 4_000),
        by: fc.constantFrom(by('srcaddr'), by('dstaddr')),
      })
      .map(({ of, min, factor, baseline, ...rest }) => [
        ruleOf(
          { kind: 'spike', ...of, factor, baseline, min: 'field' in of ? min * 100 : min },
          { ...rest, window },
        ),
      ]),
    fc
      .record({
        flows: fc.tuple(steady(CLIENTS[0], window), steady(CLIENTS[1], window)),
        first: fc.constantFrom(0, 1, 120, 900),
      })
      .map(({ flows, first }) => [
        ...firstLines(false).map((line) => ({ ...line, start: line.start + first, end: null })),
        ...flows.flat(),
      ]),
  ),
);

export const forNew: fc.Arbitrary<Case> = caseOf(
  fc
    .record({
      fields: fc.constantFrom<string[]>(['srcaddr'], ['srcaddr', 'dstport'], ['bytes', 'srcaddr']),
      learn: fc.constantFrom(0, 600, 1_200, 1_800),
      forget: fc.constantFrom(300, 600, 1_200, 2_400),
      rare: fc.boolean(),
    })
    .map(({ fields, learn, forget, rare }) => [
      ruleOf(
        { kind: 'new', fields, learn, forget },
        { by: by(...fields), ...(rare ? { match: says('action', 'ACCEPT') } : {}) },
      ),
    ]),
  fc
    .array(someLine(someTime(2_100, 60)), { minLength: 1, maxLength: 9 })
    .chain((some) =>
      fc.constantFrom(0, 1, 60).map((late) => [...firstLines(false, late), ...some]),
    ),
);
