import type { Line } from '../record.ts';
import { connectionsOf } from './connections.ts';
import { type Slotting, windowsAround, within } from './windows.ts';

/** At least `min` connections at regular intervals. */
export function beacon(
  own: readonly Line[],
  slotting: Slotting,
  { min, jitter }: { readonly min: number; readonly jitter: number },
  interval: number,
): number[] {
  const all = connectionsOf(own, interval);
  const ends = windowsAround(
    slotting,
    own.map(({ start }) => start),
  );
  return ends.filter((end) => {
    const starts = within(slotting, end, all).map(({ start }) => start);
    return starts.length >= min && variationOf(starts) < jitter;
  });
}

/** Coefficient of variation of the gaps; Infinity where there is no gap to speak of. */
function variationOf(starts: readonly number[]): number {
  const gaps = starts.slice(1).map((start, i) => start - starts[i]);
  const mean = gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length;
  if (!(mean > 0)) return Infinity;
  const variance = gaps.reduce((sum, gap) => sum + (gap - mean) ** 2, 0) / gaps.length;
  return Math.sqrt(variance) / mean;
}
