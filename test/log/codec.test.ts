import { createHash } from 'node:crypto';
import { deflateRawSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  CODEC_VERSION,
  DigestFormatError,
  decodeDigest,
  encodeDigest,
  NewerDigestError,
} from '../../src/log/codec.ts';
import { DICTIONARY } from '../../src/log/dictionary.ts';
import type { BatchDigest, Digest, GroupDigest, RuleDigest } from '../../src/log/digest.ts';
import { anyDigest } from './digests.ts';

const PLAIN = CODEC_VERSION << 4;
const DEFLATED = PLAIN | 1;

/** Reads the bytes; undefined where they are refused as no digest. Any other error passes. */
function read(bytes: Uint8Array): Digest | undefined {
  try {
    return decodeDigest(bytes);
  } catch (error) {
    if (error instanceof DigestFormatError) return undefined;
    throw error;
  }
}

function groupOf(address: string): GroupDigest {
  return {
    slot: 1_700_000_040,
    values: [address, 443],
    records: 3,
    bytes: 180,
    packets: 3,
    sum: 0,
    first: 1_700_000_045,
    last: 1_700_000_050,
    samples: [],
    top: { srcaddr: [['198.51.100.7', 3]] },
    part: [],
  };
}

function digestOf(groups: readonly GroupDigest[]): BatchDigest {
  return {
    kind: 'batch',
    source: { kind: 'logGroup', name: '/vpc/flow' },
    latest: 1_700_000_050,
    earliest: 1_700_000_045,
    longest: 59,
    skipped: [],
    rules: [{ rule: 'r', memory: 'm', records: 3, sum: 0, dropped: 0, groups, answers: [] }],
  };
}

describe('digests as bytes', () => {
  test('any digest reads back as it was written', () => {
    fc.assert(
      fc.property(anyDigest, (digest) => {
        expect(decodeDigest(encodeDigest(digest))).toEqual(digest);
      }),
      { numRuns: 500 },
    );
  });

  test('equal digests have equal bytes', () => {
    const bytes = encodeDigest(digestOf([groupOf('10.0.0.1')]));
    expect(encodeDigest(structuredClone(digestOf([groupOf('10.0.0.1')])))).toEqual(bytes);
    expect(encodeDigest(digestOf([groupOf('10.0.0.2')]))).not.toEqual(bytes);
  });

  test('a digest of one group takes well under a write unit, many groups are deflated', () => {
    const one = encodeDigest(digestOf([groupOf('10.0.0.1')]));
    expect(one.length).toBeLessThan(90);
    const many = encodeDigest(
      digestOf(Array.from({ length: 200 }, (_, i) => groupOf(`10.0.0.${i}`))),
    );
    expect(many[0]).toBe(DEFLATED);
    expect(many.length).toBeLessThan(200 * 4);
  });

  test('the dictionary is the one by which digests in the log were deflated', () => {
    const hash = createHash('sha256').update(DICTIONARY).digest('hex');
    expect(hash.slice(0, 16)).toBe('a8e0b727203f5e53');
  });

  test('an address in the text table takes five bytes, almost one its length', () => {
    const size = (name: string): number =>
      encodeDigest({ ...digestOf([]), source: { kind: 'logGroup', name } }).length;
    expect(size('255.255.255.255') - size('abc')).toBe(0);
    expect(size('255.255.255.256') - size('abc')).toBe(12);
  });
});

describe('what a rule carries', () => {
  const H = 2 ** 48;
  const sizeOf = (part: readonly number[]): number =>
    encodeDigest(digestOf([{ ...groupOf('10.0.0.1'), part }])).length -
    encodeDigest(digestOf([groupOf('10.0.0.1')])).length;

  test('costs one byte more for a share', () => {
    expect(sizeOf([100])).toBe(1);
  });

  test.each([
    ['ports that ascend by their differences', [20_000, 20_001, 20_005], 3 + 1 + 1],
    ['ports in another order as they are', [20_000, 20_005, 20_001], 3 + 3 + 3],
    ['hashes by six bytes', [H + 5, H + 3, 2 * H - 1], 18],
    ['spans by six bytes and two numbers', [H + 5, 10, 59, H + 5, 40, 0], 2 * 8],
    ['numbers below and above a hash as they are', [H - 1, 2 * H, 1], 7 + 8 + 1],
  ])('is written as %s', (_, part, size) => {
    expect(sizeOf(part)).toBe(size);
    const digest = digestOf([{ ...groupOf('10.0.0.1'), part }]);
    expect(decodeDigest(encodeDigest(digest))).toEqual(digest);
  });

  test('answers take eight bytes where they are near the latest record', () => {
    const of = (answers: RuleDigest['answers']): BatchDigest => {
      const digest = digestOf([]);
      return { ...digest, rules: [{ ...digest.rules[0], answers }] };
    };
    const answers = [
      [H + 7, 1_699_999_900],
      [2 * H - 1, 1_699_999_800],
    ] as const;
    expect(encodeDigest(of(answers)).length - encodeDigest(of([])).length).toBe(16);
    expect(decodeDigest(encodeDigest(of(answers)))).toEqual(of(answers));
    expect(() => encodeDigest(of([[H - 1, 5]]))).toThrow('is no hash');
  });
});

describe('sample lines', () => {
  const format = '${srcaddr} ${start}';
  const sampled = (...lines: readonly string[]): BatchDigest =>
    digestOf(
      lines.map((line) => ({ ...groupOf('10.0.0.1'), samples: [{ format, line }], top: {} })),
    );
  const sizeOf = (...lines: readonly string[]): number => encodeDigest(sampled(...lines)).length;

  test.each([
    ['blanks at either end and in between', ' a  b '],
    ['nothing', ''],
    ['numbers that are not written as usual', '007 1e3 -1 0x1 1.0 9007199254740993'],
    ['an account that the source names', '123456789012 1700000000'],
    ['a time far away', '1 1600000000'],
    ['ids of all sorts', 'eni-0a1b2c3d4e5f60718 eni-0A1B2C3D4E5F60718 abcdef0123 -'],
    ['other text', '\u00e9\u{1f600} \t x'],
  ])('come back with %s', (_, line) => {
    for (const lines of [[line], [line, '10.0.0.1 1700000001'], ['10.0.0.1 1700000001', line]]) {
      expect(decodeDigest(encodeDigest(sampled(...lines)))).toEqual(sampled(...lines));
    }
  });

  test('that several groups share are kept once', () => {
    const line = '198.51.100.7 1700000001';
    const other = '198.51.100.8 1700000002';
    expect(sizeOf(line, line, line) - sizeOf(line, line)).toBeLessThan(8);
    expect(sizeOf(line, line, other) - sizeOf(line, line)).toBeGreaterThan(4);
  });
});

describe('a digest of version 1', () => {
  const read1 = (hex: string) => decodeDigest(Buffer.from(hex, 'hex'));

  test('reads as one that carries nothing', () => {
    const hex =
      '100800092f7670632f666c6f77000c313233343536373839303132000965752d776573742d3100117373682d66726f' +
      '6d2d696e7465726e6574000c616263646566616263646566010a00000000077372636164647201c63364070100000102' +
      'aae3cfaa0601030403000001a8e2cfaa0602020501bb0303b4010300050500010601020703';
    expect(read1(hex)).toEqual({
      kind: 'batch',
      source: { kind: 'logGroup', name: '/vpc/flow', account: '123456789012', region: 'eu-west-1' },
      latest: 1_700_000_170,
      earliest: 0,
      longest: 0,
      skipped: [],
      rules: [
        {
          rule: 'ssh-from-internet',
          memory: 'abcdefabcdef',
          records: 3,
          sum: 0,
          dropped: 0,
          groups: [{ ...groupOf('10.0.0.0'), samples: [] }],
          answers: [],
        },
      ],
    });
  });

  test('was deflated without a dictionary', () => {
    const body = Buffer.from(
      '0200092f7670632f666c6f770000020100000101aae3cfaa06020304050607',
      'hex',
    );
    const deflated = Buffer.concat([Buffer.of(0x11), deflateRawSync(body)]);
    expect(decodeDigest(deflated)).toEqual(read1(`10${body.toString('hex')}`));
  });

  test('may be a heartbeat without minutes', () => {
    const hex = '100200092f7670632f666c6f770000020100000101aae3cfaa06020304050607';
    expect(read1(hex)).toEqual({
      kind: 'heartbeat',
      rules: '',
      sources: [
        {
          source: { kind: 'logGroup', name: '/vpc/flow' },
          latest: 1_700_000_170,
          earliest: 0,
          batches: 2,
          records: 3,
          malformed: 4,
          noData: 5,
          skipData: 6,
          bytes: 7,
          longest: 0,
          minutes: [],
        },
      ],
    });
  });
});

describe('bytes that are no digest', () => {
  test('a later version says what to deploy; what no version ever wrote is refused', () => {
    const [, ...rest] = encodeDigest({ kind: 'tick' });
    const of = (version: number): Uint8Array => Uint8Array.of(version << 4, ...rest);
    expect(() => decodeDigest(of(CODEC_VERSION + 1))).toThrow(NewerDigestError);
    expect(() => decodeDigest(of(CODEC_VERSION + 1))).toThrow(/format 4.*reads up to 3/);
    expect(() => decodeDigest(Uint8Array.of(0xff))).toThrow(NewerDigestError);
    expect(decodeDigest(of(CODEC_VERSION))).toEqual({ kind: 'tick' });
    expect(decodeDigest(of(2))).toEqual({ kind: 'tick' });
    expect(decodeDigest(of(1))).toEqual({ kind: 'tick' });
    expect(() => decodeDigest(of(0))).toThrow(DigestFormatError);
  });

  test('every cut of a digest is refused', () => {
    fc.assert(
      fc.property(anyDigest, fc.nat(), (digest, at) => {
        const bytes = encodeDigest(digest);
        expect(read(bytes.subarray(0, at % bytes.length))).toBeUndefined();
      }),
      { numRuns: 500 },
    );
  });

  test('bytes after its end are refused', () => {
    expect(read(Buffer.concat([encodeDigest({ kind: 'tick' }), Buffer.of(0)]))).toBeUndefined();
  });

  test('random bytes are refused or are a digest that could have been written', () => {
    const body = fc.uint8Array({ maxLength: 80 });
    // Small numbers get further into the format than random ones.
    const shallow = fc.uint8Array({ maxLength: 60, max: 4 });
    fc.assert(
      fc.property(fc.oneof(body, shallow), fc.boolean(), (bytes, deflated) => {
        const data = deflated ? deflateRawSync(bytes) : bytes;
        const digest = read(Buffer.concat([Buffer.of(deflated ? DEFLATED : PLAIN), data]));
        if (digest) expect(decodeDigest(encodeDigest(digest))).toEqual(digest);
      }),
      { numRuns: 5000 },
    );
  });

  test('a flipped bit never raises anything else', () => {
    const bytes = encodeDigest(digestOf([groupOf('10.0.0.1'), groupOf('10.0.0.2')]));
    for (let bit = 8; bit < bytes.length * 8; bit++) {
      const flipped = Uint8Array.from(bytes);
      flipped[bit >> 3] ^= 1 << (bit & 7);
      const digest = read(flipped);
      if (digest) expect(read(encodeDigest(digest))).toEqual(digest);
    }
  });

  test.each([
    ['nothing', []],
    ['an unknown encoding', [PLAIN | 2, 0, 3]],
    ['an unknown kind', [PLAIN, 0, 9]],
    ['an unknown kind of source', [PLAIN, 1, 0, 1, 65, 1, 7, 0, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0]],
    ['a text that the table lacks', [PLAIN, 1, 0, 1, 65, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0]],
    ['a kind of text that is not known', [PLAIN, 1, 9, 1, 65, 1, 0, 0, 1, 1, 0, 0, 0, 0, 0, 0, 0]],
    ['a broken text', [PLAIN, 1, 0, 1, 0xff, 1, 0, 0, 1, 1, 0, 0, 0, 0, 0, 0, 0]],
    ['an endless number', [PLAIN, ...Array.from({ length: 40 }, () => 0x80)]],
    ['garbage as deflated', [DEFLATED, 1, 2, 3]],
  ])('refuses %s', (_, bytes) => {
    expect(() => decodeDigest(Uint8Array.from(bytes))).toThrow(DigestFormatError);
  });

  test('the near-miss of those is a digest', () => {
    const bytes = [PLAIN, 1, 0, 1, 65, 1, 0, 0, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0];
    expect(decodeDigest(Uint8Array.from(bytes))).toEqual({
      kind: 'batch',
      source: { kind: 'logGroup', name: 'A', account: 'A', region: 'A' },
      latest: 0,
      earliest: 0,
      longest: 0,
      skipped: [],
      rules: [],
    });
  });

  test('a digest that unpacks beyond 64 MiB is refused', () => {
    const bomb = deflateRawSync(Buffer.alloc(65 * 1024 * 1024));
    expect(read(Buffer.concat([Buffer.of(DEFLATED), bomb]))).toBeUndefined();
  });
});
