/** What the slots of a firing add up to. */

import type { Alert, AlertSeries } from '../../alerts/alert.ts';
import { iso } from '../../alerts/iso-time.ts';
import { TALKERS } from '../../log/digest.ts';
import type { CompiledRule } from '../../rules/compiled.ts';
import { addCount, joinSamples, joinTop } from '../1-merge/group-memory.ts';
import { topOfDigest } from '../1-merge/sample-top.ts';
import type { SlotState, TopCounts } from '../state.ts';
import { MOST_NAMED } from './alert-parts.ts';
import type { Firing } from './firing.ts';

/** Values of a series. */
const MOST_VALUES = 60;

export function sumOf(slots: readonly SlotState[]) {
  const total = {
    records: 0,
    bytes: 0,
    packets: 0,
    first: Infinity,
    last: 0,
    samples: [] as SlotState['samples'],
    top: {} as TopCounts,
    sources: [] as SlotState['sources'],
  };
  for (const slot of slots) {
    total.records += slot.records;
    total.bytes += slot.bytes;
    total.packets += slot.packets;
    total.first = Math.min(total.first, slot.first);
    total.last = Math.max(total.last, slot.last);
    total.samples = joinSamples(total.samples, slot.samples);
    total.top = joinTop(total.top, topOfDigest(slot));
    for (const [source, records] of slot.sources) {
      total.sources = addCount(total.sources, source, records);
    }
  }
  total.sources.sort((a, b) => b[1] - a[1] || a[0] - b[0]);
  return total;
}

/** The most frequent values of fields that the group does not have. */
export function topOf(rule: CompiledRule, top: TopCounts): Alert['evidence']['top'] {
  const grouped = new Set(rule.by.map(({ field }) => field));
  const out: Record<string, (readonly [string, number])[]> = {};
  for (const field of TALKERS) {
    const known = grouped.has(field) ? [] : (top[field] ?? []);
    if (known.length > 0) {
      out[field] = known.slice(0, MOST_NAMED).map(([value, count]) => [String(value), count]);
    }
  }
  return out;
}

/** Records by slot of the window, or coarser where that is long; absent where there were none. */
export function seriesOf({ matched, start, end, evidence }: Firing): { series?: AlertSeries } {
  const slots = Math.max(1, Math.ceil((end - start) / matched.slot));
  const slot = matched.slot * Math.ceil(slots / MOST_VALUES);
  const values = Array.from({ length: Math.ceil((slots * matched.slot) / slot) }, () => 0);
  for (const one of evidence) {
    const at = Math.floor((one.slot - start) / slot);
    if (at >= 0 && at < values.length) values[at] += one.records;
  }
  const some = values.some((value) => value > 0);
  return some ? { series: { start: iso(start), slot, values } } : {};
}
