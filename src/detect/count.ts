import type { Detect } from '../rules/compiled.ts';
import type { DetectKind } from './kind.ts';

/** `count`: more than so many matching records. */
export const count: DetectKind<Extract<Detect, { kind: 'count' }>> = {
  sumField: () => undefined,
  contribution: (slot) => slot.records,
  threshold: ({ above }) => above,
  measure: () => 'records',
};
