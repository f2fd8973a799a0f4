/**
 * IPv4 and IPv6 addresses as numbers, parsed from bytes without an allocation: IPv4 is one unsigned
 * 32-bit number, IPv6 four of them. Text form is RFC 5952.
 */

const DOT = 0x2e;
const COLON = 0x3a;
const ZERO = 0x30;
const NINE = 0x39;

/** What `parseIpv4Bytes` answers for bytes that are no address. */
export const NOT_IPV4 = -1;

/** Dotted IPv4 in `bytes[from, to)` as an unsigned number, or NOT_IPV4. No leading zeros. */
export function parseIpv4Bytes(bytes: Uint8Array, from: number, to: number): number {
  let value = 0;
  let octet = -1;
  let dots = 0;
  for (let at = from; at < to; at++) {
    const c = bytes[at];
    if (c >= ZERO && c <= NINE) {
      if (octet === 0) return NOT_IPV4;
      octet = octet < 0 ? c - ZERO : octet * 10 + c - ZERO;
      if (octet > 255) return NOT_IPV4;
    } else if (c === DOT && octet >= 0 && dots < 3) {
      value = value * 256 + octet;
      octet = -1;
      dots++;
    } else return NOT_IPV4;
  }
  return dots === 3 && octet >= 0 ? value * 256 + octet : NOT_IPV4;
}

function hexDigit(c: number): number {
  if (c >= ZERO && c <= NINE) return c - ZERO;
  const lower = c | 0x20;
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : -1;
}

const groups = new Uint16Array(8);

/**
 * IPv6 in `bytes[from, to)`, any RFC 4291 spelling (compressed, upper case, dotted tail), written
 * as four words to `out` at `at`. Zone ids are refused: flow logs have none.
 * @returns false if the bytes are no address; `out` is then undefined
 */
export function parseIpv6Bytes(
  bytes: Uint8Array,
  from: number,
  to: number,
  out: Uint32Array,
  at: number,
): boolean {
  let count = 0;
  let gap = -1;
  let p = from;
  if (to - from < 2) return false;
  if (bytes[p] === COLON) {
    if (bytes[p + 1] !== COLON) return false;
    gap = 0;
    p += 2;
  }
  while (p < to) {
    if (count === 8) return false;
    let value = 0;
    let q = p;
    while (q < to) {
      const digit = hexDigit(bytes[q]);
      if (digit < 0) break;
      value = value * 16 + digit;
      q++;
    }
    if (q < to && bytes[q] === DOT) {
      const v4 = parseIpv4Bytes(bytes, p, to);
      if (v4 === NOT_IPV4 || count > 6) return false;
      groups[count++] = Math.floor(v4 / 65_536);
      groups[count++] = v4 % 65_536;
      p = to;
      break;
    }
    if (q === p || q - p > 4) return false;
    groups[count++] = value;
    p = q;
    if (p === to) break;
    if (bytes[p] !== COLON) return false;
    p++;
    if (p === to) return false;
    if (bytes[p] === COLON) {
      if (gap >= 0) return false;
      gap = count;
      p++;
    }
  }
  if (gap < 0 ? count !== 8 : count > 7) return false;
  const zeros = 8 - count;
  for (let i = 0; i < 4; i++) {
    const high = expanded(i * 2, gap, zeros);
    const low = expanded(i * 2 + 1, gap, zeros);
    out[at + i] = high * 65_536 + low;
  }
  return true;
}

/** The i-th of eight groups once the `::` at `gap` has become `zeros` groups. */
function expanded(i: number, gap: number, zeros: number): number {
  if (gap < 0 || i < gap) return groups[i];
  return i < gap + zeros ? 0 : groups[i - zeros];
}

export function formatIpv4(value: number): string {
  return `${value >>> 24}.${(value >>> 16) & 255}.${(value >>> 8) & 255}.${value & 255}`;
}

/** RFC 5952: lower case, the first longest run of zero groups compressed, mapped IPv4 dotted. */
export function formatIpv6(words: ArrayLike<number>, at = 0): string {
  const parts: number[] = [];
  for (let i = 0; i < 4; i++) parts.push(words[at + i] >>> 16, words[at + i] & 0xffff);
  if (words[at] === 0 && words[at + 1] === 0 && words[at + 2] === 0xffff) {
    return `::ffff:${formatIpv4(words[at + 3])}`;
  }
  let best = -1;
  let length = 1;
  for (let i = 0; i < 8; i++) {
    let end = i;
    while (end < 8 && parts[end] === 0) end++;
    if (end - i > length) {
      best = i;
      length = end - i;
    }
    if (end > i) i = end - 1;
  }
  const hex = parts.map((part) => part.toString(16));
  if (best < 0) return hex.join(':');
  return `${hex.slice(0, best).join(':')}::${hex.slice(best + length).join(':')}`;
}

const encoder = new TextEncoder();

/** An address as text can be: IPv4 as a number, IPv6 as a 128-bit integer; undefined if neither. */
export function parseAddress(text: string): number | bigint | undefined {
  const bytes = encoder.encode(text);
  const v4 = parseIpv4Bytes(bytes, 0, bytes.length);
  if (v4 !== NOT_IPV4) return v4;
  const words = new Uint32Array(4);
  if (!parseIpv6Bytes(bytes, 0, bytes.length, words, 0)) return undefined;
  return (
    (BigInt(words[0]) << 96n) |
    (BigInt(words[1]) << 64n) |
    (BigInt(words[2]) << 32n) |
    BigInt(words[3])
  );
}

/** A CIDR block as its first address and the address after its last. */
export type AddressRange =
  | { readonly family: 4; readonly from: number; readonly to: number }
  | { readonly family: 6; readonly from: bigint; readonly to: bigint };

/**
 * Reads `a.b.c.d/n`, `v6/n` or a single address.
 * @throws RangeError on anything else; configuration is checked before it gets here
 */
export function parseCidr(text: string): AddressRange {
  const [address, length, more] = text.split('/');
  const value = parseAddress(address);
  const bits = typeof value === 'bigint' ? 128 : 32;
  const prefix = length === undefined ? bits : /^\d{1,3}$/.test(length) ? Number(length) : Infinity;
  if (value === undefined || more !== undefined || prefix > bits) {
    throw new RangeError(`"${text}" is not an address or CIDR block`);
  }
  if (typeof value === 'number') {
    const size = 2 ** (32 - prefix);
    const from = Math.floor(value / size) * size;
    return { family: 4, from, to: from + size };
  }
  const size = 1n << BigInt(128 - prefix);
  const from = (value / size) * size;
  return { family: 6, from, to: from + size };
}
