import type { DetectKind } from './kind.ts';

/** `sum`: the field adds up to more than so much; a record without it adds nothing. */
export const sum: DetectKind = {
  contribution: (slot) => slot.sum,
  threshold: (detect) => (detect.kind === 'sum' ? detect.above : 0),
};
