/** Steps that happen in order, out of it, or not often enough. */
import fc from 'fast-check';
import type { CompiledRule, SequenceStep } from '../../../../src/rules/compiled.ts';
import { by } from '../../rules.ts';
import { ANY, is, ruleOf, says } from '../rule.ts';
import { type Case, caseOf, firstLines, someLine, someTime } from './parts.ts';

const BY = fc.constantFrom(by('srcaddr'), by('srcaddr', 'dstaddr'));

/** Rules whose firings are steps: one that grows, one that settles, one by more fields. */
const FEEDERS: fc.Arbitrary<CompiledRule> = fc
  .record({
    detect: fc.constantFrom(
      ...([
        { kind: 'every' },
        { kind: 'count', above: 1 },
        { kind: 'distinct', fields: ['dstport'], above: 1 },
        { kind: 'ratio', of: says('action', 'REJECT'), above: 0.4, min: 2 },
        { kind: 'new', fields: ['srcaddr', 'dstaddr', 'dstport'], learn: 60, forget: 600 },
      ] as const),
    ),
    window: fc.constantFrom(120, 300, 1_200),
    match: fc.constantFrom(ANY, is('dstport', 22), says('action', 'REJECT')),
    mode: fc.constantFrom('live', 'signal', 'shadow'),
  })
  .map(({ detect, window, ...rest }) =>
    ruleOf(detect, {
      ...rest,
      id: 'feeder',
      by: by('dstaddr', 'srcaddr', ...(detect.kind === 'new' ? ['dstport'] : [])),
      ...(detect.kind === 'every' || detect.kind === 'new' ? {} : { window }),
    }),
  );

const OWN: fc.Arbitrary<SequenceStep> = fc
  .record({
    match: fc.constantFrom(is('dstport', 22), is('dstport', 443), says('action', 'REJECT')),
    above: fc.constantFrom(0, 0, 1),
    distinct: fc.constantFrom(null, null, ['bytes'], ['srcport', 'dstport']),
  })
  .map(({ distinct, ...step }) => (distinct ? { ...step, distinct } : step));

const STEPS: fc.Arbitrary<SequenceStep[]> = fc.array(
  fc.oneof(
    { weight: 2, arbitrary: OWN },
    { weight: 1, arbitrary: fc.constant({ rule: 'feeder' }) },
  ),
  { minLength: 2, maxLength: 3 },
);

export const forSequence: fc.Arbitrary<Case> = caseOf(
  fc
    .record({
      feeder: FEEDERS,
      sequence: fc
        .record({ steps: STEPS, by: BY, window: fc.constantFrom(120, 300, 900, 1_800) })
        .map(({ steps, ...rest }) => ruleOf({ kind: 'sequence', steps }, rest)),
      chained: fc.boolean(),
    })
    .map(({ feeder, sequence, chained }) => {
      const steps = [{ rule: 'sequence' }, { match: is('dstport', 443), above: 0 }];
      const next = { ...sequence, id: 'chained', detect: { kind: 'sequence', steps } as const };
      return chained ? [next, sequence, feeder] : [sequence, feeder];
    }),
  fc
    .array(someLine(someTime(900)), { minLength: 3, maxLength: 16 })
    .map((some) => [...firstLines(false), ...some]),
);
