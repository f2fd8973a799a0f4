/** When a source had lines, and how many of them were of no use: silence and visibility. */
import type { BatchDigest, SourceTotals } from '../../log/digest.ts';
import type { MinuteTotals, SourceState } from '../state.ts';

const MINUTE = 60;
/** Minutes remembered of one source; a year's file of a sparse source has them all. */
const MOST_MINUTES = 1_000_000;
/** Flows longer than this were not cut after a minute: the source aggregates for ten. */
const LONGER_THAN_MINUTE = 90;

export function minuteOf(time: number): number {
  return Math.floor(time / MINUTE) * MINUTE;
}

/** Adds what a heartbeat says of a source. Lines that cannot be read have no time: the latest is theirs. */
export function addMinutes(source: SourceState, totals: SourceTotals): void {
  for (const [minute, lines, skipped] of totals.minutes) {
    const known = totalsAt(source, minute);
    known.lines += lines;
    known.skipped += skipped;
  }
  if (totals.malformed > 0) {
    totalsAt(source, minuteOf(totals.latest || source.heard)).malformed += totals.malformed;
  }
  source.longest = Math.max(source.longest, totals.longest);
}

/** Notes what a batch tells of its source, before the next heartbeat says how much there was. */
export function markBatch(source: SourceState, digest: BatchDigest, limit: number): void {
  const { earliest, latest, longest, skipped } = digest;
  for (const time of [earliest, latest]) {
    if (time > 0 && time <= limit) totalsAt(source, minuteOf(time));
  }
  for (const minute of skipped) if (minute <= limit) totalsAt(source, minute).holes = true;
  source.longest = Math.max(source.longest, longest);
}

function totalsAt(source: SourceState, minute: number): MinuteTotals {
  let known = source.minutes.get(minute);
  if (!known) {
    known = { lines: 0, skipped: 0, malformed: 0 };
    if (source.minutes.size < MOST_MINUTES) source.minutes.set(minute, known);
  }
  return known;
}

/** Whether AWS skipped records in a minute that begins in [from, to). */
export function hasHoles({ minutes }: SourceState, from: number, to: number): boolean {
  for (let minute = minuteOf(from); minute < to; minute += MINUTE) {
    const totals = minutes.get(minute);
    if (minute >= from && totals && (totals.skipped > 0 || totals.holes)) return true;
  }
  return false;
}

/** Forgets minutes before a time. */
export function trimMinutes(source: SourceState, oldest: number): void {
  for (const minute of source.minutes.keys()) {
    if (minute < oldest) source.minutes.delete(minute);
  }
}

/** Aggregation interval by the flows themselves; 60 or 600 seconds. */
export function learntInterval({ longest }: SourceState): 60 | 600 {
  return longest > LONGER_THAN_MINUTE ? 600 : 60;
}

/** Lines, skipped and malformed ones of the minutes that begin in [from, to). */
export function linesBetween(
  { minutes }: SourceState,
  from: number,
  to: number,
): Readonly<MinuteTotals> {
  const total = { lines: 0, skipped: 0, malformed: 0 };
  const add = (minute: MinuteTotals | undefined) => {
    if (!minute) return;
    total.lines += minute.lines;
    total.skipped += minute.skipped;
    total.malformed += minute.malformed;
  };
  // Whichever is shorter: the span or what there is.
  if ((to - from) / MINUTE > minutes.size) {
    for (const [minute, totals] of minutes) if (minute >= from && minute < to) add(totals);
  } else {
    for (let minute = minuteOf(from); minute < to; minute += MINUTE) {
      if (minute >= from) add(minutes.get(minute));
    }
  }
  return total;
}

/**
 * When any of the sources was heard around a time.
 * @returns the last minute up to it, and the first one after
 */
export function heardAround(
  sources: readonly SourceState[],
  time: number,
  least: number,
): { readonly heard: number; readonly again: number | undefined } {
  let heard = minuteOf(time);
  while (heard > least && !isPresent(sources, heard)) heard -= MINUTE;
  heard = Math.max(heard, minuteOf(least));
  return { heard, again: firstMinute(sources, heard + MINUTE) };
}

/** When a source was first heard at or after a time; its minute, where that is remembered. */
export function heardFrom(source: SourceState, time: number): number | undefined {
  return firstMinute([source], time) ?? (source.heard > time ? source.heard : undefined);
}

/** The first minute from a time on in which any of the sources had a line. */
function firstMinute(sources: readonly SourceState[], from: number): number | undefined {
  const last = sources.reduce((most, { heard }) => Math.max(most, heard), 0);
  for (let minute = minuteOf(from); minute <= last; minute += MINUTE) {
    if (isPresent(sources, minute)) return minute;
  }
  return undefined;
}

function isPresent(sources: readonly SourceState[], minute: number): boolean {
  return sources.some(({ minutes }) => minutes.has(minute));
}
