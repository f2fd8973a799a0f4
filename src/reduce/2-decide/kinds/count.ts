import type { DetectKind } from './kind.ts';

/** `count`: more than so many matching records. */
export const count: DetectKind = {
  contribution: (slot) => slot.records,
  threshold: (detect) => (detect.kind === 'count' ? detect.above : 0),
};
