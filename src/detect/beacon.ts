import type { Detect } from '../rules/compiled.ts';
import { connectionsIn } from './connections.ts';
import type { WindowKind } from './kind.ts';

/** `beacon`: connections that begin as regularly as a clock. */
export const beacon: WindowKind<Extract<Detect, { kind: 'beacon' }>> = {
  timing: 'settles',
  carries: () => ({ what: 'connections', answers: false }),
  sumField: () => undefined,
  measure: () => 'connections',
  judge: ({ min, jitter }, view) => {
    const starts = connectionsIn(view).map(({ start }) => start);
    const value = starts.length;
    return { value, threshold: min, fires: value >= min && variation(starts) < jitter };
  },
};

/** Coefficient of variation of the gaps, over the population; Infinity where there is none. */
function variation(starts: readonly number[]): number {
  const gaps = starts.slice(1).map((start, i) => start - starts[i]);
  const mean = gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length;
  if (!(mean > 0)) return Infinity;
  const variance = gaps.reduce((sum, gap) => sum + (gap - mean) ** 2, 0) / gaps.length;
  return Math.sqrt(variance) / mean;
}
