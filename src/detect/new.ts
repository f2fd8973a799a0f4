import type { Detect } from '../rules/compiled.ts';
import type { HistoryKind, Sighting } from './kind.ts';
import { NOTHING } from './parts.ts';

/** `new`: a tuple not seen for long. Its memory of a tuple is the greatest start. */
export const newTuple: HistoryKind<Extract<Detect, { kind: 'new' }>> = {
  timing: 'history',
  keepsEvidence: false,
  carries: () => NOTHING,
  sumField: () => undefined,
  measure: () => 'records',
  judge: ({ learn, forget }, pending, kept, { since }) => {
    const sightings: Sighting[] = [];
    for (const evidence of pending) {
      const { slot, first, last } = evidence;
      const unknown = kept.length === 0 || first - kept[0] >= forget;
      if (unknown && since !== undefined && first >= since + learn) {
        sightings.push({ slot, value: evidence.records, threshold: 0, evidence });
      }
      kept[0] = Math.max(kept[0] ?? 0, last);
    }
    return { sightings, through: pending.length };
  },
  late: (_, kept, { last }) => {
    kept[0] = Math.max(kept[0] ?? 0, last);
  },
  trim: ({ forget }, kept, settled) => kept.length > 0 && settled - kept[0] < forget,
};
