import type { Detect } from '../rules/compiled.ts';
import type { HistoryKind, Horizon, Sighting, SlotTotals } from './kind.ts';
import { NOTHING } from './parts.ts';

type Absent = Extract<Detect, { kind: 'absent' }>;

/** Places in the memory of a group. */
const LAST = 0;
const SPANS = 1;
const LAST_SPAN = 2;
/** Deadline of the gap that is open and was told of; 0 for none. */
const TOLD = 3;
/** When the group came back from such a gap. */
const RETURNED = 4;

const MINUTE = 60;
/** A group that is not watched yet begins anew after so many times `for`, and a day at least. */
const FORGET_AFTER = 10;
const DAY = 86_400;

/**
 * `absent`: a group that came regularly has stopped. Its memory of a group is the last start, the
 * number of different spans it was seen in, the gap it was told of, and when it came back.
 */
export const absent: HistoryKind<Absent> = {
  timing: 'history',
  keepsEvidence: true,
  carries: () => NOTHING,
  sumField: () => undefined,
  measure: () => 'silence',
  judge: (detect, pending, kept, horizon) => {
    const sightings: Sighting[] = [];
    let evidence: SlotTotals | undefined;
    for (const [through, slot] of pending.entries()) {
      // The slot that the last judgement ended with stands there for its evidence alone.
      if (kept.length === 0 || slot.last > kept[LAST]) {
        const found = evidence ? gap(detect, evidence, kept, slot.first, horizon) : [];
        if (found === undefined && !horizon.ends) return { sightings, through };
        sightings.push(...(found ?? []));
        seen(detect, kept, slot);
      }
      evidence = slot;
    }
    if (evidence) sightings.push(...(gap(detect, evidence, kept, undefined, horizon) ?? []));
    return { sightings, through: pending.length };
  },
  late: (detect, kept, slot) => {
    if (kept.length === 0 || slot.last > kept[LAST]) seen(detect, kept, slot);
  },
  endedAt: (_, kept, firing) => (kept[RETURNED] >= firing ? kept[RETURNED] : undefined),
  trim: (detect, kept, settled) => {
    if (kept.length === 0) return false;
    // A group that is told to be silent is remembered as long, so that its return is known.
    return isFresh(detect, kept, settled) || (watched(detect, kept) && kept[TOLD] === 0);
  },
};

function isFresh(detect: Absent, kept: readonly number[], time: number): boolean {
  return time - kept[LAST] < Math.max(FORGET_AFTER * detect.for, DAY);
}

function seen(detect: Absent, kept: number[], { first, last }: SlotTotals): void {
  // Whether or not its memory is still there, which is a matter of when memory is tidied.
  if (kept.length > 0 && !watched(detect, kept) && !isFresh(detect, kept, first)) kept.length = 0;
  for (const time of [first, last]) {
    const span = Math.floor(time / detect.for);
    if (kept.length === 0 || span > kept[LAST_SPAN]) {
      kept[SPANS] = (kept[SPANS] ?? 0) + 1;
      kept[LAST_SPAN] = span;
    }
    if (kept[TOLD] > 0) kept[RETURNED] = time;
    kept[LAST] = Math.max(kept[LAST] ?? 0, time);
    kept[TOLD] = 0;
  }
}

function watched({ seen: enough }: Absent, kept: readonly number[]): boolean {
  return kept[SPANS] >= enough;
}

/**
 * Judges the time from a group's last start to its next one, or to where time has come.
 * @returns undefined while it cannot be told whether the sources were silent too
 */
function gap(
  detect: Absent,
  evidence: SlotTotals,
  kept: number[],
  next: number | undefined,
  horizon: Horizon,
): Sighting[] | undefined {
  const sightings: Sighting[] = [];
  if (!watched(detect, kept) || kept[TOLD] > 0) return sightings;
  const upTo = next ?? horizon.passed;
  for (let from = kept[LAST]; upTo - from >= detect.for; ) {
    const deadline = from + detect.for;
    const { heard, again, sources } = horizon.silenceAfter(evidence, deadline);
    const talking =
      heard >= minuteOf(deadline) || (again !== undefined && again - heard < detect.for);
    if (talking) {
      // A gap that is over already is not open; the return from the last open one is still asked for.
      if (next === undefined) kept[TOLD] = deadline;
      sightings.push({
        slot: minuteOf(deadline),
        value: upTo - from,
        threshold: detect.for,
        evidence,
        ...(next === undefined ? {} : { over: next }),
      });
      return sightings;
    }
    // The source itself is silent: one alert of it stands for those of its groups.
    if ((again ?? horizon.passed) - heard < detect.for) return undefined;
    for (const silent of sources) {
      sightings.push({
        slot: minuteOf(heard + detect.for),
        value: (again ?? horizon.passed) - heard,
        threshold: detect.for,
        evidence,
        silent,
        ...(again === undefined ? {} : { over: again }),
      });
    }
    if (again === undefined) return sightings;
    from = again;
  }
  return sightings;
}

function minuteOf(time: number): number {
  return Math.floor(time / MINUTE) * MINUTE;
}
