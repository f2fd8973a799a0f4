/** Arbitrary rules, filters, lists and records, of values few enough that they meet. */
import fc from 'fast-check';
import type { Snapshot } from '../../../src/config/snapshot.ts';
import type {
  CompiledFilter,
  CompiledList,
  Match,
  Test,
  ValueSet,
} from '../../../src/rules/compiled.ts';
import { ruleOf, snapshotOf } from '../inputs.ts';

const address = fc.constantFrom(
  '0.0.0.0',
  '10.0.0.1',
  '10.0.0.2',
  '10.0.255.255',
  '10.1.0.0',
  '192.168.0.1',
  '198.51.100.7',
  '255.255.255.255',
  '::',
  '::1',
  '::ffff:10.0.0.1',
  'fd00::1',
  '2001:db8::1',
  '2001:db8:1::',
  'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff',
);
const cidr = fc.constantFrom(
  '0.0.0.0/0',
  '10.0.0.0/8',
  '10.0.0.0/16',
  '10.0.0.0/31',
  '10.0.0.1/32',
  '10.0.0.1',
  '198.51.100.0/24',
  '255.255.255.255/32',
  '128.0.0.0/1',
  '::/0',
  '::1/128',
  '::ffff:0.0.0.0/96',
  'fc00::/7',
  '2001:db8::/32',
  '2001:db8::/48',
  'ffff::/16',
);
const PORTS = [0, 1, 22, 53, 80, 443, 1023, 1024, 3389, 32_768, 50_000, 65_535];
const text = fc.constantFrom(
  'a',
  'ab',
  'abc',
  'abcd',
  'b',
  'ba',
  'é',
  'éa',
  '熊',
  'ingress',
  'egress',
);
const amount = fc.oneof(fc.constantFrom(...PORTS), fc.constantFrom(65_536, 1e6, 2 ** 53 - 1));

/** Logged fields and the values that records have there. */
const VALUES: Readonly<Record<string, fc.Arbitrary<string | number>>> = {
  srcaddr: address,
  dstaddr: address,
  'pkt-srcaddr': address,
  srcport: fc.constantFrom(...PORTS),
  dstport: fc.constantFrom(...PORTS),
  protocol: fc.constantFrom(1, 6, 17, 132),
  'tcp-flags': fc.constantFrom(0, 1, 2, 3, 18, 19),
  bytes: amount,
  start: fc.integer({ min: 100, max: 110 }),
  end: fc.integer({ min: 105, max: 115 }),
  action: fc.constantFrom('ACCEPT', 'REJECT'),
  'flow-direction': fc.constantFrom('ingress', 'egress', 'other'),
  'instance-tag': text,
  'quantum-state': text,
};

/** Fields that rules speak of, by what can be said of them. */
const ADDRESSES = ['srcaddr', 'dstaddr', 'pkt-srcaddr', 'client-addr', 'server-addr'] as const;
const NUMBERS = [
  'srcport',
  'dstport',
  'protocol',
  'bytes',
  'start',
  'server-port',
  'duration',
] as const;
const TEXTS = [
  'action',
  'instance-tag',
  'quantum-state',
  'flow-direction',
  'traffic',
  'leg',
  'service',
  'vantage',
] as const;

const range = fc.tuple(amount, amount).map(([a, b]) => [Math.min(a, b), Math.max(a, b)] as const);
const openRange = fc.oneof(
  range,
  amount.map((value) => [value, value] as const),
  amount.map((value) => [value, Number.MAX_SAFE_INTEGER] as const),
  amount.map((value) => [-Number.MAX_SAFE_INTEGER, value] as const),
);
const word = fc.oneof(
  text,
  fc.constantFrom(
    'ACCEPT',
    'REJECT',
    'inbound',
    'internal',
    'request',
    'reply',
    'ssh',
    'https',
    'source',
    'nowhere',
  ),
);
const prefix = fc.constantFrom('a', 'ab', 'abc', 'b', 'é', 'in', 'inb', 'ACC', 're', 's', '熊');

const LISTS: Readonly<Record<string, CompiledList>> = {
  mixed: {
    numbers: [
      [22, 22],
      [1024, 40_000],
    ],
    cidrs: ['10.0.0.0/31', '2001:db8::/48'],
    strings: ['ab', 'REJECT'],
  },
  empty: { numbers: [], cidrs: [], strings: [] },
};

const list = fc.subarray(['mixed', 'empty', 'internal']);

function testOf(values: fc.Arbitrary<ValueSet>): fc.Arbitrary<Test> {
  return fc.oneof(
    { weight: 4, arbitrary: values.map((set): Test => ({ in: set })) },
    { weight: 3, arbitrary: values.map((set): Test => ({ notIn: set })) },
    { weight: 1, arbitrary: fc.boolean().map((exists): Test => ({ exists })) },
  );
}

const few = <T>(one: fc.Arbitrary<T>) => fc.array(one, { maxLength: 3 });
const leafOf = (fields: readonly string[], values: fc.Arbitrary<ValueSet>): fc.Arbitrary<Match> =>
  fc.record({
    field: fc.constantFrom(...fields),
    test: testOf(values),
    path: fc.constant('match'),
  });

const leaf = fc.oneof(
  leafOf(ADDRESSES, fc.record({ cidrs: few(cidr), lists: list }, { requiredKeys: [] })),
  leafOf(NUMBERS, fc.record({ numbers: few(openRange), lists: list }, { requiredKeys: [] })),
  leafOf(
    TEXTS,
    fc.record({ strings: few(word), prefixes: few(prefix), lists: list }, { requiredKeys: [] }),
  ),
);

const { tree } = fc.letrec<{ tree: Match }>((tie) => ({
  tree: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    leaf,
    fc.array(tie('tree'), { maxLength: 4 }).map((all) => ({ all })),
    fc.array(tie('tree'), { maxLength: 4 }).map((any) => ({ any })),
    tie('tree').map((not) => ({ not })),
  ),
}));

/** Its normal form has more alternatives than the index takes. */
const wide = fc
  .tuple(
    fc.array(leaf, { maxLength: 2 }),
    fc.array(fc.array(leaf, { minLength: 4, maxLength: 7 }), { minLength: 1, maxLength: 3 }),
    fc.boolean(),
  )
  .map(([shared, blocks, negated]): Match => {
    if (!negated) return { all: [...shared, ...blocks.map((any) => ({ any }))] };
    return { not: { any: [...shared, ...blocks.map((all) => ({ all }))] } };
  });
const widest = fc.array(leaf, { minLength: 33, maxLength: 40 }).map((any): Match => ({ any }));

const anyMatch: fc.Arbitrary<Match> = fc.oneof(
  { weight: 4, arbitrary: leaf },
  { weight: 6, arbitrary: tree },
  { weight: 3, arbitrary: wide },
  { weight: 1, arbitrary: widest },
);

export interface World {
  readonly snapshot: Snapshot;
  /** A LogFormat. */
  readonly format: string;
  readonly records: readonly Readonly<Record<string, string | number>>[];
}

/** A snapshot of so many rules, and records in some layout. */
export function worldOf(rules: number, matches = anyMatch): fc.Arbitrary<World> {
  const id = (i: number): string => `r${i}`;
  const filter = fc.record({
    id: fc.constant('f'),
    rules: fc.array(fc.nat(Math.max(0, rules - 1)).map(id), { maxLength: 4 }),
    match: anyMatch,
    until: fc.option(fc.integer({ min: 100, max: 112 }), { nil: undefined }),
    reason: fc.constant('test'),
  });
  const snapshot = fc
    .tuple(
      fc.array(matches, { minLength: rules, maxLength: rules }),
      fc.array(filter, { maxLength: 3 }),
    )
    .map(([list, filters]) =>
      snapshotOf(
        list.map((match, i) => ruleOf(id(i), match)),
        filters.map(
          ({ until, ...rest }): CompiledFilter => (until === undefined ? rest : { ...rest, until }),
        ),
        LISTS,
      ),
    );
  const fields = fc.shuffledSubarray(Object.keys(VALUES), { minLength: 1 });
  return fc.tuple(snapshot, fields).chain(([made, names]) =>
    fc
      .array(
        fc.record(Object.fromEntries(names.map((name) => [name, VALUES[name]])), {
          requiredKeys: [],
        }),
        { minLength: 1, maxLength: 12 },
      )
      .map((records) => ({
        snapshot: made,
        format: names.join(' '),
        records: records.map((record) => ({ ...record })) as World['records'],
      })),
  );
}

/** The record as a line of the format. */
export function lineOf(record: World['records'][number], format: string): string {
  return format
    .split(' ')
    .map((name) => record[name] ?? '-')
    .join(' ');
}
