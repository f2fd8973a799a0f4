/**
 * Protocol names a rule may write for a number, from the IANA registry
 * (https://www.iana.org/assignments/protocol-numbers). The first name of a number is the one
 * that messages use.
 */
const PROTOCOLS: readonly (readonly [string, number])[] = [
  ['icmp', 1],
  ['igmp', 2],
  ['ipv4', 4],
  ['ipip', 4],
  ['tcp', 6],
  ['egp', 8],
  ['udp', 17],
  ['dccp', 33],
  ['ipv6', 41],
  ['rsvp', 46],
  ['gre', 47],
  ['esp', 50],
  ['ah', 51],
  ['icmpv6', 58],
  ['ipv6-icmp', 58],
  ['eigrp', 88],
  ['ospf', 89],
  ['etherip', 97],
  ['pim', 103],
  ['vrrp', 112],
  ['l2tp', 115],
  ['sctp', 132],
  ['udplite', 136],
];

const NUMBERS: ReadonlyMap<string, number> = new Map(PROTOCOLS);
const NAMES: ReadonlyMap<number, string> = new Map(
  [...PROTOCOLS].reverse().map(([name, number]) => [number, name]),
);

/** Every name that `protocol:` understands. */
export const PROTOCOL_NAMES: readonly string[] = PROTOCOLS.map(([name]) => name);

/** The number of a protocol, by its name in any case. */
export function protocolNumber(name: string): number | undefined {
  return NUMBERS.get(name.toLowerCase());
}

/** The usual name of a protocol number, where it has one. */
export function protocolName(number: number): string | undefined {
  return NAMES.get(number);
}
