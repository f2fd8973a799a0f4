/**
 * Address ranges as a regular expression of filter patterns, which know no parentheses. Texts are taken
 * as AWS writes them: dotted, or RFC 5952.
 */
import type { AddressValues } from '../map/4-match/field-set.ts';
import type { Ranges } from '../records/ranges.ts';
import { HEXADECIMAL, patternsOf } from './number-pattern.ts';

const V4_END = 2 ** 32;
const V6_END = 1n << 128n;
const GROUP = 1n << 112n;

/** Alternatives of the expression; undefined for IPv6 blocks finer than /16, whose texts have too many forms. */
export function addressPatterns({ v4, v6 }: AddressValues): string[] | undefined {
  const six = ipv6Patterns(v6);
  return six && [...ipv4Patterns(v4), ...six];
}

function ipv4Patterns(ranges: Ranges<number>): string[] {
  if (ranges.length === 2 && ranges[0] === 0 && ranges[1] === V4_END) return ['^\\d+\\.'];
  const found: string[] = [];
  for (let i = 0; i < ranges.length; i += 2) octets(ranges[i], ranges[i + 1] - 1, 24, '^', found);
  return found;
}

/** @param shift bits below the octet in question */
function octets(from: number, to: number, shift: number, head: string, found: string[]): void {
  const size = 2 ** shift;
  const tail = shift === 0 ? '$' : '\\.';
  let [low, high] = [Math.floor(from / size), Math.floor(to / size)];
  if (shift > 0 && low === high && to - from + 1 < size) {
    octets(from % size, to % size, shift - 8, `${head}${low}${tail}`, found);
    return;
  }
  if (shift > 0 && from % size > 0) {
    octets(from % size, size - 1, shift - 8, `${head}${low}${tail}`, found);
    low++;
  }
  const ragged = shift > 0 && to % size < size - 1 ? high-- : undefined;
  if (low <= high) {
    for (const pattern of patternsOf(low, high)) found.push(`${head}${pattern}${tail}`);
  }
  if (ragged !== undefined) octets(0, to % size, shift - 8, `${head}${ragged}${tail}`, found);
}

function ipv6Patterns(ranges: Ranges<bigint>): string[] | undefined {
  if (ranges.length === 2 && ranges[0] === 0n && ranges[1] === V6_END) return [':'];
  const found: string[] = [];
  for (let i = 0; i < ranges.length; i += 2) {
    const [from, to] = [ranges[i], ranges[i + 1]];
    if (from % GROUP !== 0n || to % GROUP !== 0n) return undefined;
    const [low, high] = [Number(from / GROUP), Number(to / GROUP) - 1];
    for (const pattern of patternsOf(low, high, HEXADECIMAL)) found.push(`^${pattern}:`);
    // A first group of zero may be the compressed one.
    if (low === 0) found.push('^::');
  }
  return found;
}
