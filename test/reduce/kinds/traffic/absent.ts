/** Groups that come and stop, and sources that go on, fall silent and return. */
import fc from 'fast-check';
import { by } from '../../rules.ts';
import { aLine, anEmptyLine, type Line, NOON } from '../record.ts';
import { ruleOf } from '../rule.ts';
import { type Case, CLIENTS, caseOf, SOURCES, startsAfter } from './parts.ts';

/** Starts of a group, by gaps about as long as what is watched for. */
function someStarts(length: number, most: number): fc.Arbitrary<number[]> {
  const short = fc.constantFrom(30, 60, length - 60, length - 1);
  const long = fc.constantFrom(length, length + 1, length + 60, 2 * length, 2 * length + 90);
  const gap = fc.oneof({ weight: 4, arbitrary: short }, { weight: 1, arbitrary: long });
  return fc
    .tuple(fc.constantFrom(0, 1, 30, 59, 90), fc.array(gap, { minLength: 1, maxLength: most }))
    .map(([from, gaps]) => startsAfter(NOON + from, gaps));
}

/** Lines of a source that hold no flow of a watched group. */
function alive(source: string, length: number): fc.Arbitrary<Line[]> {
  const short = fc.constantFrom(30, 60, 60, 90, length - 60);
  const long = fc.constantFrom(length - 1, length, length + 60, 3 * length);
  const gap = fc.oneof({ weight: 8, arbitrary: short }, { weight: 1, arbitrary: long });
  return fc
    .array(gap, { maxLength: 24 })
    .map((gaps) => startsAfter(NOON, gaps).map((start) => anEmptyLine(start, 'NODATA', source)));
}

export const forAbsent: fc.Arbitrary<Case> = fc.constantFrom(120, 180, 300, 420).chain((length) =>
  caseOf(
    fc
      .record({ seen: fc.integer({ min: 1, max: 3 }), by: fc.constantFrom(by('srcaddr'), by()) })
      .map(({ seen, ...rest }) => [ruleOf({ kind: 'absent', for: length, seen }, rest)]),
    fc
      .record({
        groups: fc.tuple(someStarts(length, 8), someStarts(length, 5)),
        others: fc.tuple(...SOURCES.map((source) => alive(source, length))),
        feeds: fc.array(fc.constantFrom(0, 0, 0, 1), { minLength: 1, maxLength: 4 }),
        mixed: fc.boolean(),
      })
      .map(({ groups, others, feeds, mixed }) => [
        ...groups.flatMap((starts, group) =>
          starts.map((start, i) =>
            aLine(start, {
              srcaddr: CLIENTS[group],
              source: SOURCES[mixed ? feeds[i % feeds.length] : feeds[0]],
            }),
          ),
        ),
        ...others.flat(),
      ]),
  ),
);
