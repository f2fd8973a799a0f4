import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import ipaddr from 'ipaddr.js';
import { formatIpv4, formatIpv6, parseIpv6Bytes } from '../../src/records/address.ts';
import { AddressSet } from '../../src/records/address-set.ts';
import type { AddressColumn } from '../../src/records/batch.ts';

/** A column of these addresses; absent where the text is a dash. */
function columnOf(texts: readonly string[]): AddressColumn {
  const column = {
    kind: 'address' as const,
    family: new Uint8Array(texts.length),
    v4: new Uint32Array(texts.length),
    v6: new Uint32Array(texts.length * 4),
  };
  texts.forEach((text, row) => {
    if (text === '-') return;
    const address = ipaddr.parse(text);
    column.family[row] = address.kind() === 'ipv4' ? 4 : 6;
    if (address.kind() === 'ipv4') {
      column.v4[row] = Buffer.from(address.toByteArray()).readUInt32BE();
    } else parseIpv6Bytes(Buffer.from(text), 0, text.length, column.v6, row * 4);
  });
  return column;
}

describe('a set of address blocks', () => {
  const set = new AddressSet(['10.0.0.0/8', '192.0.2.7', 'fc00::/7']);
  test.each([
    ['10.0.0.0', true],
    ['10.255.255.255', true],
    ['9.255.255.255', false],
    ['11.0.0.0', false],
    ['192.0.2.7', true],
    ['192.0.2.8', false],
    ['fc00::', true],
    ['fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff', true],
    ['fe00::', false],
    ['::ffff:10.0.0.1', false],
    ['-', false],
  ])('%s is in it: %s', (text, expected) => {
    expect(set.has(columnOf([text]), 0)).toBe(expected);
  });

  test('a set without IPv6 blocks has no IPv6 address', () => {
    expect(new AddressSet(['0.0.0.0/0']).has(columnOf(['::1']), 0)).toBe(false);
  });

  test('membership is what ipaddr.js says of the blocks, one by one', () => {
    // Few bits vary, so that blocks and addresses meet.
    const v4 = fc.nat(255).map((bits) => formatIpv4(0x0a000000 | (bits << 20)));
    const v6 = fc.nat(255).map((bits) => formatIpv6([0x20010db8, bits << 24, 0, 0]));
    const block4 = fc.tuple(v4, fc.integer({ min: 8, max: 32 }));
    const block6 = fc.tuple(v6, fc.integer({ min: 32, max: 128 }));
    fc.assert(
      fc.property(
        fc.array(fc.oneof(block4, block6), { maxLength: 6 }),
        fc.oneof(v4, v6),
        (blocks, text) => {
          const address = ipaddr.parse(text);
          const expected = blocks.some(([base, length]) => {
            const other = ipaddr.parse(base);
            return other.kind() === address.kind() && address.match(other, length);
          });
          const cidrs = blocks.map(([base, length]) => `${base}/${length}`);
          expect(new AddressSet(cidrs).has(columnOf([text]), 0)).toBe(expected);
        },
      ),
      { numRuns: 500 },
    );
  });
});
