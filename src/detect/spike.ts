import type { Detect } from '../rules/compiled.ts';
import type { WindowKind, WindowView } from './kind.ts';
import { NOTHING } from './parts.ts';
import { recordsIn, sumIn } from './totals.ts';

type Spike = Extract<Detect, { kind: 'spike' }>;

/** Shares of the baseline that must have passed before anything is said. */
const LEARNT = 1 / 4;

/**
 * `spike`: far more than the group's usual. Its memory of the group is what each window of the
 * baseline came to, as pairs of the window's number since the epoch and its value; empty ones are
 * left out.
 */
export const spike: WindowKind<Spike> = {
  timing: 'settles',
  carries: () => NOTHING,
  sumField: ({ field }) => field,
  measure: ({ field }) => field ?? 'records',
  judge: (detect, view) => {
    const value = detect.field === undefined ? recordsIn(view.slots) : sumIn(view.slots);
    const quiet = { value, threshold: detect.min, fires: false };
    if (value <= detect.min) return quiet;
    const median = usual(detect, view);
    if (median === undefined) return quiet;
    const threshold = Math.max(detect.min, detect.factor * median);
    return { value, threshold, fires: value > threshold };
  },
  keep: ({ field }, kept, { slot, records, sum }, window) => {
    const value = field === undefined ? records : sum;
    if (value === 0) return;
    const index = Math.floor(slot / window);
    for (let i = kept.length - 2; i >= 0; i -= 2) {
      if (kept[i] !== index) continue;
      kept[i + 1] += value;
      return;
    }
    kept.push(index, value);
  },
  trim: ({ baseline }, kept, settled, window) => {
    const oldest = Math.floor((settled - baseline) / window) - 2;
    for (let i = kept.length - 2; i >= 0; i -= 2) if (kept[i] < oldest) kept.splice(i, 2);
    return kept.length > 0;
  },
};

/** The median of the baseline's windows; undefined while too little of it has passed. */
function usual({ baseline }: Spike, { start, end, kept, since }: WindowView): number | undefined {
  if (since === undefined || end < since + baseline * LEARNT) return undefined;
  const window = end - start;
  const from = Math.ceil(Math.max(since, start - baseline) / window);
  const to = Math.floor(start / window) - 1;
  const count = to - from + 1;
  if (count < 1) return undefined;
  const values: number[] = [];
  for (let i = 0; i < kept.length; i += 2) {
    if (kept[i] >= from && kept[i] <= to) values.push(kept[i + 1]);
  }
  values.sort((a, b) => a - b);
  // The empty windows stand before all others.
  const at = (rank: number) =>
    rank < count - values.length ? 0 : values[rank - count + values.length];
  return count % 2 === 1 ? at((count - 1) / 2) : (at(count / 2 - 1) + at(count / 2)) / 2;
}
