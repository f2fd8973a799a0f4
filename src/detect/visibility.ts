import type { Detect } from '../rules/compiled.ts';
import type { SourceKind } from './kind.ts';
import { NOTHING } from './parts.ts';

const PRECISION = 10_000;

/** `visibility`: too large a share of a source's lines was skipped by AWS, or cannot be read. */
export const visibility: SourceKind<Extract<Detect, { kind: 'visibility' }>> = {
  timing: 'sources',
  carries: () => NOTHING,
  sumField: () => undefined,
  measure: () => 'share',
  judge: ({ of, above, min }, { lines, skipped, malformed }) => {
    const all = of === 'malformed' ? lines + malformed : lines;
    const share = all === 0 ? 0 : (of === 'malformed' ? malformed : skipped) / all;
    const value = Math.round(share * PRECISION) / PRECISION;
    return { value, threshold: above, fires: all >= min && share > above };
  },
};
