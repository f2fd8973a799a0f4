import type { DetectKind } from './kind.ts';

/** No `detect`: every matching record is evidence. */
export const every: DetectKind = {
  contribution: (slot) => slot.records,
  threshold: () => 0,
};
