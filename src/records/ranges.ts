/**
 * Sets of integers as sorted disjoint half-open ranges, over numbers or 128-bit integers: the
 * algebra behind conditions on ports, amounts and addresses.
 */

/** `[from, to)` pairs, flat, ascending, none touching the next. */
export type Ranges<T extends number | bigint> = readonly T[];

/** Sorts and joins `[from, to)` pairs. */
export function union<T extends number | bigint>(pairs: readonly (readonly [T, T])[]): Ranges<T> {
  const sorted = pairs.filter(([from, to]) => from < to).sort((a, b) => (a[0] < b[0] ? -1 : 1));
  const out: T[] = [];
  for (const [from, to] of sorted) {
    if (out.length > 0 && from <= out[out.length - 1]) {
      if (to > out[out.length - 1]) out[out.length - 1] = to;
    } else out.push(from, to);
  }
  return out;
}

/** All of `[least, most)` that the set lacks. */
export function complement<T extends number | bigint>(
  set: Ranges<T>,
  least: T,
  most: T,
): Ranges<T> {
  const out: T[] = [];
  let at = least;
  for (let i = 0; i < set.length; i += 2) {
    if (at < set[i]) out.push(at, set[i]);
    at = set[i + 1];
  }
  if (at < most) out.push(at, most);
  return out;
}

export function intersection<T extends number | bigint>(a: Ranges<T>, b: Ranges<T>): Ranges<T> {
  const out: T[] = [];
  for (let i = 0, j = 0; i < a.length && j < b.length; ) {
    const from = larger(a[i], b[j]);
    const to = larger(a[i + 1], b[j + 1]) === a[i + 1] ? b[j + 1] : a[i + 1];
    if (from < to) out.push(from, to);
    if (a[i + 1] < b[j + 1]) i += 2;
    else j += 2;
  }
  return out;
}

/** Math.max takes no 128-bit integers. */
function larger<T extends number | bigint>(a: T, b: T): T {
  const bIsLarger = b > a;
  return bIsLarger ? b : a;
}

/** How many of the sorted `bounds` are at most `value`; odd means inside, for a Ranges. */
export function boundsAtMost<T extends number | bigint>(bounds: ArrayLike<T>, value: T): number {
  let low = 0;
  let high = bounds.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (bounds[middle] <= value) low = middle + 1;
    else high = middle;
  }
  return low;
}

export function contains<T extends number | bigint>(set: Ranges<T>, value: T): boolean {
  return (boundsAtMost(set, value) & 1) === 1;
}
