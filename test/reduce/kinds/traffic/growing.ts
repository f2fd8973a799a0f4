/** Traffic for rules that fire as soon as something exceeds: count, sum, distinct. */
import fc from 'fast-check';
import { by } from '../../rules.ts';
import { ruleOf } from '../rule.ts';
import { type Case, caseOf, firstLines, someLine, someTime } from './parts.ts';

const someBy = fc.constantFrom(by('srcaddr'), by('srcaddr', 'dstport'), by('dstaddr?'));
const someWindow = fc.constantFrom(120, 180, 300, 1_000, 1_800);

function lines(most: number) {
  return fc
    .array(someLine(someTime(1_500)), { minLength: 3, maxLength: most })
    .map((some) => [...firstLines(false), ...some]);
}

export const forConnections: fc.Arbitrary<Case> = caseOf(
  fc
    .record({ above: fc.nat(3), window: someWindow, by: someBy })
    .map(({ above, ...rest }) => [
      ruleOf({ kind: 'count', above: above + 1, of: 'connections' }, { ...rest }),
      ruleOf({ kind: 'count', above: above + 1 }, { ...rest, id: 'records' }),
    ]),
  lines(24),
);

export const forSum: fc.Arbitrary<Case> = caseOf(
  fc
    .record({
      above: fc.constantFrom(300, 400, 600, 900),
      window: someWindow,
      by: someBy,
    })
    .map(({ above, ...rest }) => [ruleOf({ kind: 'sum', field: 'bytes', above }, rest)]),
  lines(20),
);

const someFields = fc.constantFrom(
  ['dstport'],
  ['dstaddr', 'dstport'],
  ['srcport'],
  ['action', 'bytes'],
);

export const forDistinct: fc.Arbitrary<Case> = caseOf(
  fc
    .record({
      above: fc.integer({ min: 1, max: 3 }),
      window: someWindow,
      fields: someFields,
      by: fc.constantFrom(by('srcaddr'), by('protocol', 'srcaddr')),
    })
    .map(({ above, fields, ...rest }) => [ruleOf({ kind: 'distinct', fields, above }, rest)]),
  lines(22),
);
