/** Inclusive integer intervals, sorted and disjoint: the normal form of number conditions. */
export type Interval = readonly [number, number];

/** Stands for "no bound" at either end. */
export const UNBOUNDED = Number.MAX_SAFE_INTEGER;

/** Sorts, and joins intervals that overlap or touch. */
export function normalise(intervals: Iterable<Interval>): Interval[] {
  const sorted = [...intervals].sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  const result: [number, number][] = [];
  for (const [low, high] of sorted) {
    const last = result.at(-1);
    if (last && low <= last[1] + 1) last[1] = Math.max(last[1], high);
    else result.push([low, high]);
  }
  return result;
}

/** What lies in both of two normal forms. */
export function intersect(a: readonly Interval[], b: readonly Interval[]): Interval[] {
  const result: Interval[] = [];
  for (const [aLow, aHigh] of a) {
    for (const [bLow, bHigh] of b) {
      const low = Math.max(aLow, bLow);
      const high = Math.min(aHigh, bHigh);
      if (low <= high) result.push([low, high]);
    }
  }
  return normalise(result);
}
