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
import type { BatchDigest, Digest, GroupDigest } from '../../src/log/digest.ts';
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
  };
}

function digestOf(groups: readonly GroupDigest[]): BatchDigest {
  return {
    kind: 'batch',
    source: { kind: 'logGroup', name: '/vpc/flow' },
    latest: 1_700_000_050,
    rules: [{ rule: 'r', memory: 'm', records: 3, sum: 0, dropped: 0, groups }],
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
    expect(one[0]).toBe(PLAIN);
    expect(one.length).toBeLessThan(120);
    const many = encodeDigest(
      digestOf(Array.from({ length: 200 }, (_, i) => groupOf(`10.0.0.${i}`))),
    );
    expect(many[0]).toBe(DEFLATED);
    expect(many.length).toBeLessThan(200 * 12);
  });

  test('an address in the text table takes five bytes, almost one its length', () => {
    const size = (name: string): number =>
      encodeDigest({ ...digestOf([]), source: { kind: 'logGroup', name } }).length;
    expect(size('255.255.255.255') - size('abc')).toBe(0);
    expect(size('255.255.255.256') - size('abc')).toBe(12);
  });
});

describe('bytes that are no digest', () => {
  test('a later version says what to deploy; this version and the one before it do not', () => {
    const [, ...rest] = encodeDigest({ kind: 'tick' });
    const of = (version: number): Uint8Array => Uint8Array.of(version << 4, ...rest);
    expect(() => decodeDigest(of(CODEC_VERSION + 1))).toThrow(NewerDigestError);
    expect(() => decodeDigest(of(CODEC_VERSION + 1))).toThrow(/format 2.*reads up to 1/);
    expect(() => decodeDigest(Uint8Array.of(0xff))).toThrow(NewerDigestError);
    expect(decodeDigest(of(CODEC_VERSION))).toEqual({ kind: 'tick' });
    expect(() => decodeDigest(of(CODEC_VERSION - 1))).toThrow(DigestFormatError);
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
    ['an unknown kind of source', [PLAIN, 1, 0, 1, 65, 1, 7, 0, 0, 0, 0, 0]],
    ['a text that the table lacks', [PLAIN, 1, 0, 1, 65, 1, 0, 5, 0, 0, 0, 0]],
    ['a broken text', [PLAIN, 1, 0, 1, 0xff, 1, 0, 0, 0, 0, 0, 0]],
    ['an endless number', [PLAIN, ...Array.from({ length: 40 }, () => 0x80)]],
    ['garbage as deflated', [DEFLATED, 1, 2, 3]],
  ])('refuses %s', (_, bytes) => {
    expect(() => decodeDigest(Uint8Array.from(bytes))).toThrow(DigestFormatError);
  });

  test('the near-miss of those is a digest', () => {
    const bytes = [PLAIN, 1, 0, 1, 65, 1, 0, 0, 0, 0, 0, 0];
    expect(decodeDigest(Uint8Array.from(bytes))).toEqual({
      kind: 'batch',
      source: { kind: 'logGroup', name: 'A', account: 'A', region: 'A' },
      latest: 0,
      rules: [],
    });
  });

  test('a digest that unpacks beyond 64 MiB is refused', () => {
    const bomb = deflateRawSync(Buffer.alloc(65 * 1024 * 1024));
    expect(read(Buffer.concat([Buffer.of(DEFLATED), bomb]))).toBeUndefined();
  });
});
