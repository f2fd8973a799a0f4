import type { Detect } from '../rules/compiled.ts';
import type { WindowKind } from './kind.ts';
import { membersIn } from './totals.ts';

/** `distinct`: more than so many different values; exact up to one above the threshold. */
export const distinct: WindowKind<Extract<Detect, { kind: 'distinct' }>> = {
  timing: 'grows',
  carries: ({ fields, above }) => ({ what: 'members', fields, above }),
  sumField: () => undefined,
  measure: ({ fields }) => `distinct ${fields.join(', ')}`,
  judge: ({ above }, { slots }) => {
    const value = membersIn(slots, above);
    return { value, threshold: above, fires: value > above };
  },
};
