import type { Detect } from '../rules/compiled.ts';
import type { DetectKind } from './kind.ts';

/** `sum`: the field adds up to more than so much; a record without it adds nothing. */
export const sum: DetectKind<Extract<Detect, { kind: 'sum' }>> = {
  sumField: ({ field }) => field,
  contribution: (slot) => slot.sum,
  threshold: ({ above }) => above,
  measure: ({ field }) => field,
};
