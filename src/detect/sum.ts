import type { Detect } from '../rules/compiled.ts';
import type { WindowKind } from './kind.ts';
import { NOTHING } from './parts.ts';
import { sumIn } from './totals.ts';

/** `sum`: the field adds up to more than so much; a record without it adds nothing. */
export const sum: WindowKind<Extract<Detect, { kind: 'sum' }>> = {
  timing: 'grows',
  carries: () => NOTHING,
  sumField: ({ field }) => field,
  measure: ({ field }) => field,
  judge: ({ above }, { slots }) => {
    const value = sumIn(slots);
    return { value, threshold: above, fires: value > above };
  },
};
