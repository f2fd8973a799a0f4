import ipaddr from 'ipaddr.js';

/** What a text is when read as an address: a block, something that looks like one but is wrong, or neither. */
export type BlockReading =
  | { readonly cidr: string }
  | { readonly wrong: string; readonly hint?: string }
  | undefined;

const OCTET = '(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)';
const DOTTED = new RegExp(`^${OCTET}(?:\\.${OCTET}){3}$`);
const LIKE_IPV4 = /^\d+(?:\.\d+){3,}\.?$|^\d+(?:\.\d*)*\/\d[\d.]*$/;
const LIKE_IPV6 = /^[\da-f]*:[\da-f:.]*:[\da-f:.]*(?:%\w+)?(?:\/\w*)?$/i;

/**
 * Reads an address or CIDR block, v4 or v6, into RFC 5952 form with a prefix length. Short and
 * octal forms (`10.1`, `010.0.0.1`), zones and netmasks are refused, as programs disagree on them.
 */
export function readBlock(text: string): BlockReading {
  const [address, length, ...rest] = text.split('/');
  const v4 = DOTTED.test(address);
  if (!v4 && !isIpv6(address)) {
    if (!LIKE_IPV4.test(text) && !LIKE_IPV6.test(text)) return undefined;
    return { wrong: `${JSON.stringify(text)} is not an address`, ...forms(text) };
  }
  const bits = v4 ? 32 : 128;
  const parsed = v4 ? ipaddr.IPv4.parse(address) : ipaddr.IPv6.parse(address);
  if (length === undefined) return { cidr: `${print(parsed)}/${bits}` };
  const prefix = /^(?:0|[1-9]\d{0,2})$/.test(length) ? Number(length) : Number.NaN;
  if (rest.length > 0 || !(prefix <= bits)) {
    return {
      wrong: `${JSON.stringify(text)} is not a CIDR block`,
      hint: `the part after / is a number from 0 to ${bits}`,
    };
  }
  const network = clearHostBits(parsed, prefix);
  if (network !== print(parsed)) {
    return {
      wrong: `${JSON.stringify(text)} has host bits set`,
      hint: `write ${network}/${prefix} for the block or ${print(parsed)} for the address`,
    };
  }
  return { cidr: `${network}/${prefix}` };
}

function forms(text: string): { hint?: string } {
  if (text.includes('%')) return { hint: 'leave out the zone after %' };
  return { hint: 'write one like 198.51.100.7, 10.0.0.0/8, 2001:db8::1 or fd00::/8' };
}

function isIpv6(text: string): boolean {
  if (!/^[\da-f:]*:[\da-f:.]*$/i.test(text) || !ipaddr.IPv6.isValid(text)) return false;
  const tail = text.slice(text.lastIndexOf(':') + 1);
  return !tail.includes('.') || DOTTED.test(tail);
}

function print(address: ipaddr.IPv4 | ipaddr.IPv6): string {
  return address.kind() === 'ipv4'
    ? address.toString()
    : (address as ipaddr.IPv6).toRFC5952String();
}

function clearHostBits(address: ipaddr.IPv4 | ipaddr.IPv6, prefix: number): string {
  const bytes = address.toByteArray().map((byte, index) => {
    const kept = Math.min(8, Math.max(0, prefix - index * 8));
    return byte & (0xff << (8 - kept)) & 0xff;
  });
  return print(ipaddr.fromByteArray(bytes));
}
