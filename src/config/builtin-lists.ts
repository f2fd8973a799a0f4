/** Lists that need no document. */
import type { CompiledList } from '../rules/compiled.ts';

const blocks = (...cidrs: string[]): CompiledList => ({
  numbers: [],
  cidrs: cidrs.sort(),
  strings: [],
});

/** Addresses of private networks: RFC 1918, RFC 6598 (shared, as EKS pods use), RFC 4193. */
const PRIVATE = blocks(
  '10.0.0.0/8',
  '172.16.0.0/12',
  '192.168.0.0/16',
  '100.64.0.0/10',
  'fc00::/7',
);

/**
 * Addresses that no host on the internet has: what the IANA special-purpose registries
 * (https://www.iana.org/assignments/iana-ipv4-special-registry and ipv6) call not globally
 * reachable, without those of PRIVATE, which in a VPC are the normal case, and without multicast,
 * which is in neither registry.
 */
const BOGON = blocks(
  '0.0.0.0/8',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '240.0.0.0/4',
  '::/128',
  '::1/128',
  '::ffff:0:0/96',
  '64:ff9b:1::/48',
  '100::/64',
  '100:0:0:1::/64',
  '2001:2::/48',
  '2001:10::/28',
  '2001:db8::/32',
  '3fff::/20',
  '5f00::/16',
  'fe80::/10',
);

/** Built-in lists by name; of these a document may replace `internal` only. */
export const BUILTIN_LISTS: ReadonlyMap<string, CompiledList> = new Map([
  ['private', PRIVATE],
  ['internal', PRIVATE],
  ['bogon', BOGON],
]);
