import fc from 'fast-check';
import type {
  BatchDigest,
  Digest,
  GroupDigest,
  Heartbeat,
  RuleDigest,
} from '../../src/log/digest.ts';
import { formatIpv4 } from '../../src/records/address.ts';

const text = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 20 }),
  fc.nat(0xffff_ffff).map(formatIpv4),
  fc.constantFrom('01.2.3.4', '1.2.3', '::1', '__proto__'),
);
const amount = fc.oneof(fc.nat(300), fc.maxSafeNat());
const cell = fc.oneof(text, amount);

const group: fc.Arbitrary<GroupDigest> = fc
  .record({
    slot: fc.nat(4_000_000_000).map((time) => time - (time % 60)),
    values: fc.array(fc.oneof(cell, fc.constant(null)), { maxLength: 3 }),
    records: amount,
    bytes: amount,
    packets: amount,
    sum: amount,
    first: fc.nat(59),
    last: fc.nat(59),
    samples: fc.array(fc.record({ format: text, line: text }), { maxLength: 5 }),
    top: fc.dictionary(text, fc.array(fc.tuple(cell, amount), { maxLength: 5 }), {
      maxKeys: 3,
      noNullPrototype: true,
    }),
  })
  .map(({ first, last, ...rest }) => ({
    ...rest,
    first: rest.slot + Math.min(first, last),
    last: rest.slot + Math.max(first, last),
  }));

const rule: fc.Arbitrary<RuleDigest> = fc.record({
  rule: text,
  memory: text,
  records: amount,
  sum: amount,
  dropped: amount,
  groups: fc.array(group, { maxLength: 6 }),
});

const source = fc
  .record({
    kind: fc.constantFrom('logGroup' as const, 'bucket' as const, 'file' as const),
    name: text,
    account: fc.option(fc.string({ minLength: 1 }), { nil: undefined }),
    region: fc.option(fc.string({ minLength: 1 }), { nil: undefined }),
  })
  .map(({ kind, name, account, region }) => ({
    kind,
    name,
    ...(account === undefined ? {} : { account }),
    ...(region === undefined ? {} : { region }),
  }));

const batch: fc.Arbitrary<BatchDigest> = fc.record({
  kind: fc.constant('batch' as const),
  source,
  latest: amount,
  rules: fc.array(rule, { maxLength: 4 }),
});

const heartbeat: fc.Arbitrary<Heartbeat> = fc.record({
  kind: fc.constant('heartbeat' as const),
  sources: fc.array(
    fc.record({
      source,
      latest: amount,
      batches: amount,
      records: amount,
      malformed: amount,
      noData: amount,
      skipData: amount,
      bytes: amount,
    }),
    { maxLength: 4 },
  ),
});

/** Any digest there can be. */
export const anyDigest: fc.Arbitrary<Digest> = fc.oneof(
  batch,
  heartbeat,
  fc.constant({ kind: 'tick' as const }),
);
