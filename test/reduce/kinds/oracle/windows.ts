/** Time cut into slots and runs of slots. Seconds. */
import type { CompiledRule } from '../../../../src/rules/compiled.ts';
import type { Line } from '../record.ts';

export interface Slotting {
  readonly slot: number;
  /** Slots of a window. */
  readonly n: number;
  /** Length of the n slots. */
  readonly window: number;
}

export function slottingOf({ window: asked }: CompiledRule): Slotting {
  if (asked === undefined) return { slot: 60, n: 1, window: 60 };
  const slot = asked <= 900 ? 60 : Math.ceil(asked / 15 / 60) * 60;
  const n = Math.ceil(asked / slot);
  return { slot, n, window: n * slot };
}

export function floorTo(unit: number, time: number): number {
  return Math.floor(time / unit) * unit;
}

/** Slots that hold one of the times, ascending. */
export function slotsOf({ slot }: Slotting, times: readonly number[]): number[] {
  return [...new Set(times.map((time) => floorTo(slot, time)))].sort((a, b) => a - b);
}

/** Last slots of all windows that hold one of the times, ascending. */
export function windowsAround(slotting: Slotting, times: readonly number[]): number[] {
  const { slot, n } = slotting;
  const ends = slotsOf(slotting, times).flatMap((first) =>
    Array.from({ length: n }, (_, i) => first + i * slot),
  );
  return [...new Set(ends)].sort((a, b) => a - b);
}

/** First second of the window that ends with a slot. */
export function windowStart({ slot, n }: Slotting, end: number): number {
  return end - (n - 1) * slot;
}

/** Those that start in the window. */
export function within<T extends Pick<Line, 'start'>>(
  slotting: Slotting,
  end: number,
  all: readonly T[],
): T[] {
  const from = windowStart(slotting, end);
  return all.filter(({ start }) => start >= from && start < end + slotting.slot);
}
