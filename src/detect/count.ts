import type { Detect } from '../rules/compiled.ts';
import type { WindowKind } from './kind.ts';
import { FIVE_TUPLE, NOTHING } from './parts.ts';
import { membersIn, recordsIn } from './totals.ts';

/** `count`: more than so many matching records, or five-tuples among them. */
export const count: WindowKind<Extract<Detect, { kind: 'count' }>> = {
  timing: 'grows',
  carries: ({ of, above }) =>
    of === 'connections' ? { what: 'members', fields: FIVE_TUPLE, above } : NOTHING,
  sumField: () => undefined,
  measure: ({ of }) => of ?? 'records',
  judge: ({ above, of }, { slots }) => {
    const value = of === 'connections' ? membersIn(slots, above) : recordsIn(slots);
    return { value, threshold: above, fires: value > above };
  },
};
