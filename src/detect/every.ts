import type { WindowKind } from './kind.ts';
import { NOTHING } from './parts.ts';
import { recordsIn } from './totals.ts';

/** No `detect`: every matching record is evidence. */
export const every: WindowKind = {
  timing: 'grows',
  carries: () => NOTHING,
  sumField: () => undefined,
  measure: () => 'records',
  judge: (_, { slots }) => {
    const value = recordsIn(slots);
    return { value, threshold: 0, fires: value > 0 };
  },
};
