import type { Detect } from '../rules/compiled.ts';
import type { WindowKind } from './kind.ts';
import { recordsIn } from './totals.ts';

/** Shares are told to four digits. */
const PRECISION = 10_000;

/** `ratio`: more than that share of the matching records also meets a condition. */
export const ratio: WindowKind<Extract<Detect, { kind: 'ratio' }>> = {
  timing: 'settles',
  carries: ({ of }) => ({ what: 'share', of }),
  sumField: () => undefined,
  measure: () => 'share',
  judge: ({ above, min }, { slots }) => {
    const records = recordsIn(slots);
    let hits = 0;
    for (const { part } of slots) hits += part[0] ?? 0;
    return {
      value: records === 0 ? 0 : Math.round((hits / records) * PRECISION) / PRECISION,
      threshold: above,
      fires: records > 0 && records >= min && hits > above * records,
    };
  },
};
