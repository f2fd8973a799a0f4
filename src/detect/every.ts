import type { DetectKind } from './kind.ts';

/** No `detect`: every matching record is evidence. */
export const every: DetectKind = {
  sumField: () => undefined,
  contribution: (slot) => slot.records,
  threshold: () => 0,
  measure: () => 'records',
};
