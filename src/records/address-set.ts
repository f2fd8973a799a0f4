/** Membership of addresses in a set of CIDR blocks, without an allocation. */
import { parseCidr } from './address.ts';
import type { AddressColumn } from './batch.ts';
import { contains, type Ranges, union } from './ranges.ts';

export class AddressSet {
  readonly v4: Ranges<number>;
  readonly v6: Ranges<bigint>;

  /** @throws RangeError on text that is no address or CIDR block */
  constructor(cidrs: readonly string[]) {
    const v4: [number, number][] = [];
    const v6: [bigint, bigint][] = [];
    for (const cidr of cidrs) {
      const range = parseCidr(cidr);
      if (range.family === 4) v4.push([range.from, range.to]);
      else v6.push([range.from, range.to]);
    }
    this.v4 = union(v4);
    this.v6 = union(v6);
  }

  /** Whether the row's address is in the set; false where it is absent. */
  has(column: AddressColumn, row: number): boolean {
    if (column.family[row] === 4) return contains(this.v4, column.v4[row]);
    return (
      column.family[row] === 6 && this.v6.length > 0 && contains(this.v6, word128(column, row))
    );
  }
}

/** The IPv6 address of a row as one integer. */
export function word128(column: AddressColumn, row: number): bigint {
  const words = column.v6;
  if (!words) return 0n;
  const at = row * 4;
  const high = (BigInt(words[at]) << 32n) | BigInt(words[at + 1]);
  return (high << 64n) | (BigInt(words[at + 2]) << 32n) | BigInt(words[at + 3]);
}
