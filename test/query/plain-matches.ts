/** Matches that ask each field by itself, of the values that records have in the matching tests. */
import fc from 'fast-check';
import type { Match, Test, ValueSet } from '../../src/rules/compiled.ts';

const PORTS = [0, 22, 80, 443, 1_023, 1_024, 32_768, 65_535];
const range = fc
  .tuple(fc.constantFrom(...PORTS), fc.constantFrom(...PORTS))
  .map(([a, b]) => [Math.min(a, b), Math.max(a, b)] as const);

const VALUES: readonly (readonly [readonly string[], fc.Arbitrary<ValueSet>])[] = [
  [
    ['srcport', 'dstport', 'bytes', 'tcp-flags', 'start'],
    fc.array(range, { minLength: 1, maxLength: 3 }).map((numbers) => ({ numbers })),
  ],
  [
    ['srcaddr', 'dstaddr', 'pkt-srcaddr'],
    fc
      .subarray(
        [
          '10.0.0.0/8',
          '10.0.0.0/31',
          '10.0.0.1/32',
          '128.0.0.0/1',
          '172.16.0.0/12',
          '198.51.100.0/24',
        ].concat(['fc00::/7', '2000::/3', '::/0', '0.0.0.0/0', '2001:db8::/32']),
        { minLength: 1, maxLength: 3 },
      )
      .map((cidrs) => ({ cidrs })),
  ],
  [['action'], fc.subarray(['ACCEPT', 'REJECT'], { minLength: 1 }).map((strings) => ({ strings }))],
  [
    ['instance-tag', 'quantum-state', 'flow-direction'],
    fc.record(
      {
        strings: fc.subarray(['a', 'ab', 'egress'], { minLength: 1 }),
        prefixes: fc.subarray(['ab', 'in', 'b'], { minLength: 1 }),
      },
      { requiredKeys: [] },
    ),
  ],
];

const leaf: fc.Arbitrary<Match> = fc.constantFrom(...VALUES).chain(([fields, values]) => {
  const test: fc.Arbitrary<Test> = fc.oneof(
    { weight: 4, arbitrary: values.map((set) => ({ in: set })) },
    { weight: 3, arbitrary: values.map((set) => ({ notIn: set })) },
    { weight: 1, arbitrary: fc.boolean().map((exists) => ({ exists })) },
  );
  return fc.record({ field: fc.constantFrom(...fields), test, path: fc.constant('match') });
});

const perhapsNot = fc
  .tuple(leaf, fc.boolean())
  .map(([one, negated]): Match => (negated ? { not: one } : one));

/** One condition or several, some of them negated. */
export const plainMatch: fc.Arbitrary<Match> = fc.oneof(
  perhapsNot,
  fc.array(perhapsNot, { minLength: 2, maxLength: 4 }).map((all) => ({ all })),
  fc.constant<Match>({ field: 'traffic', test: { in: { strings: ['inbound'] } }, path: 'match' }),
);
