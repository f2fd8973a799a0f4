import { isIPv4, isIPv6 } from 'node:net';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import ipaddr from 'ipaddr.js';
import {
  formatIpv4,
  formatIpv6,
  NOT_IPV4,
  parseAddress,
  parseCidr,
  parseIpv4Bytes,
  parseIpv6Bytes,
} from '../../src/records/address.ts';

/** An IPv6 address as RFC 5952 text, by way of its bytes inside others. */
function canonical(text: string): string | undefined {
  const bytes = Buffer.from(`<${text}>`);
  const words = new Uint32Array(6);
  return parseIpv6Bytes(bytes, 1, bytes.length - 1, words, 1) ? formatIpv6(words, 1) : undefined;
}

function ipv4(text: string): number {
  const bytes = Buffer.from(`9${text}9`);
  return parseIpv4Bytes(bytes, 1, bytes.length - 1);
}

describe('IPv4 addresses', () => {
  test.each([
    ['0.0.0.0', 0],
    ['255.255.255.255', 4_294_967_295],
    ['10.0.0.1', 167_772_161],
    ['198.51.100.7', 3_325_256_711],
  ])('%s is read as the number %i and printed back', (text, value) => {
    expect(ipv4(text)).toBe(value);
    expect(formatIpv4(value)).toBe(text);
  });

  test.each([
    ['an octet above 255', '10.0.0.256'],
    ['a leading zero', '10.0.0.01'],
    ['two zeros', '10.0.00.1'],
    ['three octets', '10.0.0'],
    ['five octets', '10.0.0.1.2'],
    ['an empty octet', '10..0.1'],
    ['a dot at the end', '10.0.0.1.'],
    ['a dot at the start', '.10.0.0.1'],
    ['a sign', '-1.0.0.1'],
    ['a letter', '10.0.0.a'],
    ['hexadecimal', '0x0a.0.0.1'],
    ['a lone number', '167772161'],
    ['nothing', ''],
    ['a blank', '10.0.0.1 '],
  ])('refuses %s', (_, text) => {
    expect(ipv4(text)).toBe(NOT_IPV4);
  });

  test('every number survives being printed and read, as node:net sees it', () => {
    fc.assert(
      fc.property(fc.nat(0xffff_ffff), (value) => {
        const text = formatIpv4(value);
        expect(isIPv4(text)).toBe(true);
        expect(ipv4(text)).toBe(value);
      }),
    );
  });

  test('whatever is near an address is read exactly where node:net reads one', () => {
    const part = fc.oneof(fc.nat(300).map(String), fc.constantFrom('', '0', '00', '01', '1a'));
    fc.assert(
      fc.property(fc.array(part, { minLength: 3, maxLength: 5 }), (parts) => {
        const text = parts.join('.');
        expect(ipv4(text) !== NOT_IPV4).toBe(isIPv4(text));
      }),
      { numRuns: 1000 },
    );
  });
});

describe('IPv6 addresses', () => {
  test.each([
    ['2001:db8:0:0:8:800:200c:417a', '2001:db8::8:800:200c:417a'],
    ['2001:DB8:0:0:8:800:200C:417A', '2001:db8::8:800:200c:417a'],
    ['FF01:0:0:0:0:0:0:101', 'ff01::101'],
    ['0:0:0:0:0:0:0:1', '::1'],
    ['0:0:0:0:0:0:0:0', '::'],
    ['::', '::'],
    ['1::', '1::'],
    ['0:0:0:0:0:0:13.1.68.3', '::d01:4403'],
    ['::13.1.68.3', '::d01:4403'],
    ['::FFFF:129.144.52.38', '::ffff:129.144.52.38'],
    ['0:0:0:0:0:ffff:8190:3426', '::ffff:129.144.52.38'],
    ['64:ff9b::192.0.2.33', '64:ff9b::c000:221'],
    ['2001:0db8::0001', '2001:db8::1'],
    ['1:2:3:4:5:6:7::', '1:2:3:4:5:6:7:0'],
    ['::2:3:4:5:6:7:8', '0:2:3:4:5:6:7:8'],
  ])('%s prints as %s', (text, expected) => {
    expect(canonical(text)).toBe(expected);
  });

  test.each([
    ['one zero group is not shortened', '2001:db8:0:1:1:1:1:1', '2001:db8:0:1:1:1:1:1'],
    ['the longest run is', '2001:0:0:1:0:0:0:1', '2001:0:0:1::1'],
    ['of equal runs the first is', '2001:db8:0:0:1:0:0:1', '2001:db8::1:0:0:1'],
    ['a run at the end is', '1:2:3:4:5:6:0:0', '1:2:3:4:5:6::'],
  ])('RFC 5952: %s', (_, text, expected) => {
    expect(canonical(text)).toBe(expected);
  });

  test.each([
    ['two gaps', '1::2::3'],
    ['three colons', '1:::2'],
    ['five digits', '::12345'],
    ['seven groups', '1:2:3:4:5:6:7'],
    ['nine groups', '1:2:3:4:5:6:7:8:9'],
    ['a gap for nothing', '1:2:3:4:5:6:7:8::'],
    ['a gap among eight groups', '1:2:3:4::5:6:7:8'],
    ['a colon at the start', ':1:2:3:4:5:6:7'],
    ['a colon at the end', '1:2:3:4:5:6:7:'],
    ['a colon after the gap', '1::2:'],
    ['a letter beyond f', '::g'],
    ['a dotted tail that is no IPv4', '::1.2.3.256'],
    ['a dotted tail with a leading zero', '::1.2.3.04'],
    ['a dotted tail too late', '1:2:3:4:5:6:7:1.2.3.4'],
    ['a dotted part that is not the tail', '::1.2.3.4:5'],
    ['a zone', 'fe80::1%eth0'],
    ['a prefix length', '2001:db8::/32'],
    ['brackets', '[::1]'],
    ['plain IPv4', '10.0.0.1'],
    ['one colon', ':'],
    ['nothing', ''],
  ])('refuses %s', (_, text) => {
    expect(canonical(text)).toBeUndefined();
  });

  /** Groups with many zeros, so that there are runs to shorten. */
  const groups = fc.array(fc.oneof(fc.constant(0), fc.nat(0xffff)), {
    minLength: 8,
    maxLength: 8,
  });

  test('every address prints as ipaddr.js prints it, in any spelling', () => {
    const spelled = fc.tuple(groups, fc.boolean(), fc.nat(8), fc.nat(8));
    fc.assert(
      fc.property(spelled, ([parts, upper, from, length]) => {
        const hex = parts.map((part) => part.toString(16));
        const zeros = parts.slice(from, from + length);
        const gap = zeros.length > 0 && zeros.every((part) => part === 0);
        const text = gap
          ? `${hex.slice(0, from).join(':')}::${hex.slice(from + length).join(':')}`
          : hex.join(':');
        const address = new ipaddr.IPv6(parts);
        const expected = address.isIPv4MappedAddress()
          ? `::ffff:${address.toIPv4Address().toString()}`
          : address.toRFC5952String();
        expect(canonical(upper ? text.toUpperCase() : text)).toBe(expected);
        expect(canonical(expected)).toBe(expected);
      }),
      { numRuns: 2000 },
    );
  });

  test('whatever is near an address is read exactly where node:net reads one', () => {
    const part = fc.constantFrom('', '', '0', '1', 'ff', 'FFFF', '10000', '1.2.3.4', 'g');
    fc.assert(
      fc.property(fc.array(part, { minLength: 1, maxLength: 10 }), (parts) => {
        const text = parts.join(':');
        expect(canonical(text) !== undefined).toBe(isIPv6(text));
      }),
      { numRuns: 5000 },
    );
  });
});

describe('addresses and blocks as text', () => {
  test('an address is a number or a 128-bit integer by its family', () => {
    expect(parseAddress('10.0.0.1')).toBe(167_772_161);
    expect(parseAddress('::ffff:10.0.0.1')).toBe(0xffff_0a00_0001n);
    expect(parseAddress('10.0.0')).toBeUndefined();
  });

  test('a block runs from its first address to the one after its last', () => {
    expect(parseCidr('10.1.2.3/8')).toEqual({ family: 4, from: 10 * 2 ** 24, to: 11 * 2 ** 24 });
    expect(parseCidr('0.0.0.0/0')).toEqual({ family: 4, from: 0, to: 2 ** 32 });
    expect(parseCidr('10.0.0.1')).toEqual({ family: 4, from: 167_772_161, to: 167_772_162 });
    expect(parseCidr('2001:db8::/126')).toEqual({
      family: 6,
      from: 0x2001_0db8n << 96n,
      to: (0x2001_0db8n << 96n) + 4n,
    });
    expect(parseCidr('::/0')).toEqual({ family: 6, from: 0n, to: 1n << 128n });
  });

  test.each([
    '10.0.0.0/33',
    '::/129',
    '10.0.0.0/',
    '10.0.0.0/8/8',
    '10.0.0.0/-1',
    '10.0.0.0/1.5',
    '10.0.0.0/ 8',
    'ten/8',
    '',
  ])('"%s" is no block', (text) => {
    expect(() => parseCidr(text)).toThrow(RangeError);
  });
});
