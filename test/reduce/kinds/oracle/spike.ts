import type { Line } from '../record.ts';
import { sumOf } from './sum.ts';
import { type Slotting, windowStart, windowsAround, within } from './windows.ts';

interface Spike {
  readonly field?: string;
  readonly factor: number;
  readonly min: number;
  readonly baseline: number;
}

/** The value exceeds `min` and `factor` times what is usual, once a quarter of `baseline` passed. */
export function spike(
  own: readonly Line[],
  slotting: Slotting,
  { field, factor, min, baseline }: Spike,
  first: number,
): number[] {
  const amountOf = (flows: readonly Line[]) =>
    field === undefined ? flows.length : sumOf(flows, field);
  const ends = windowsAround(
    slotting,
    own.map(({ start }) => start),
  );
  return ends.filter((end) => {
    if (end + slotting.slot < first + baseline / 4) return false;
    const usual = alignedBefore(slotting, windowStart(slotting, end), baseline, first).map((from) =>
      amountOf(own.filter(({ start }) => start >= from && start < from + slotting.window)),
    );
    if (usual.length === 0) return false;
    const value = amountOf(within(slotting, end, own));
    return value > min && value > factor * medianOf(usual);
  });
}

/** Starts of the aligned windows of `baseline` wholly after the first record and before `start`. */
function alignedBefore(
  { window }: Slotting,
  start: number,
  baseline: number,
  first: number,
): number[] {
  const found: number[] = [];
  for (let k = Math.floor((start - baseline) / window); k * window + window <= start; k++) {
    const from = k * window;
    if (from >= first && from >= start - baseline) found.push(from);
  }
  return found;
}

function medianOf(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  if (sorted.length % 2 === 1) return sorted[Math.floor(middle)];
  return (sorted[middle - 1] + sorted[middle]) / 2;
}
