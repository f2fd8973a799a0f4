/** Address ranges as CIDR blocks. */
import { formatIpv4, formatIpv6 } from '../records/address.ts';
import type { Ranges } from '../records/ranges.ts';

/** The fewest blocks that make up the ranges, as `a.b.c.d/n`. */
export function ipv4Blocks(ranges: Ranges<number>): string[] {
  const wide = ranges.map(BigInt);
  return blocksOf(wide, 32).map(([from, length]) => `${formatIpv4(Number(from))}/${length}`);
}

/** The fewest blocks that make up the ranges, in RFC 5952's form. */
export function ipv6Blocks(ranges: Ranges<bigint>): string[] {
  return blocksOf(ranges, 128).map(([from, length]) => {
    const words = [96n, 64n, 32n, 0n].map((shift) => Number((from >> shift) & 0xffff_ffffn));
    return `${formatIpv6(words)}/${length}`;
  });
}

function blocksOf(ranges: readonly bigint[], bits: number): (readonly [bigint, number])[] {
  const blocks: (readonly [bigint, number])[] = [];
  for (let i = 0; i < ranges.length; i += 2) {
    const to = ranges[i + 1];
    for (let from = ranges[i]; from < to; ) {
      let length = bits;
      let size = 1n;
      // Twice as wide while it stays aligned and inside.
      while (length > 0 && from % (size * 2n) === 0n && from + size * 2n <= to) {
        size *= 2n;
        length--;
      }
      blocks.push([from, length]);
      from += size;
    }
  }
  return blocks;
}
