import fc from 'fast-check';
import type {
  BatchDigest,
  Digest,
  GroupDigest,
  Heartbeat,
  Pack,
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
const time = fc.nat(4_000_000_000);
const hash = fc.nat(2 ** 48 - 1).map((value) => 2 ** 48 + value);

/** As each kind makes them, and any other numbers. */
const part = fc.oneof(
  fc.array(amount, { maxLength: 6 }),
  fc.uniqueArray(fc.nat(65_535), { maxLength: 30 }).map((all) => all.sort((a, b) => a - b)),
  fc.array(hash, { maxLength: 6 }),
  fc.array(fc.tuple(hash, fc.nat(3_600), fc.nat(600)), { maxLength: 5 }).map((all) => all.flat()),
  fc.array(fc.oneof(hash, amount), { maxLength: 7 }),
);

/** Tokens as flow logs have them, and any others. */
const line = fc
  .array(
    fc.oneof(
      text,
      time.map(String),
      fc.constantFrom('', '-', '007', '1e3', 'eni-0a1b2c3d4e5f60718', 'ACCEPT'),
    ),
    { maxLength: 6 },
  )
  .map((tokens) => tokens.join(' '));

const group: fc.Arbitrary<GroupDigest> = fc
  .record({
    slot: time.map((time) => time - (time % 60)),
    values: fc.array(fc.oneof(cell, fc.constant(null)), { maxLength: 3 }),
    records: amount,
    bytes: amount,
    packets: amount,
    sum: amount,
    first: fc.nat(59),
    last: fc.nat(59),
    samples: fc.array(fc.record({ format: text, line }), { maxLength: 5 }),
    top: fc.dictionary(text, fc.array(fc.tuple(cell, amount), { maxLength: 5 }), {
      maxKeys: 3,
      noNullPrototype: true,
    }),
    part,
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
  answers: fc.array(fc.tuple(hash, time), { maxLength: 4 }),
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
  latest: time,
  earliest: time,
  longest: fc.nat(1_000),
  skipped: fc.array(time, { maxLength: 3 }),
  rules: fc.array(rule, { maxLength: 4 }),
});

const minutes = fc
  .uniqueArray(fc.nat(60_000_000), { maxLength: 6 })
  .chain((starts) =>
    fc.tuple(
      ...starts
        .sort((a, b) => a - b)
        .map((start) => fc.tuple(fc.constant(start * 60), fc.nat(9_999), fc.nat(99))),
    ),
  );

const heartbeat: fc.Arbitrary<Heartbeat> = fc.record({
  kind: fc.constant('heartbeat' as const),
  rules: text,
  sources: fc.array(
    fc.record({
      source,
      latest: time,
      earliest: time,
      batches: amount,
      records: amount,
      malformed: amount,
      noData: amount,
      skipData: amount,
      bytes: amount,
      longest: amount,
      minutes,
    }),
    { maxLength: 4 },
  ),
});

const pack: fc.Arbitrary<Pack> = fc.record({
  kind: fc.constant('pack' as const),
  members: fc.array(
    fc.record({
      identity: fc.stringMatching(/^[0-9a-f]{32}$/),
      digest: batch,
    }),
    { maxLength: 3 },
  ),
});

/** Any digest there can be. */
export const anyDigest: fc.Arbitrary<Digest> = fc.oneof(
  batch,
  pack,
  heartbeat,
  fc.constant({ kind: 'tick' as const }),
);
