/** Event time, kept for each source apart: no detection is decided by the wall clock. */
import type { SourceTotals } from '../../log/digest.ts';
import type { Source } from '../../ports/source.ts';
import type { ShardState, SourceState } from '../state.ts';

/** A clock is believed this far past arrival; seconds. */
export const AHEAD = 300;
const MINUTE = 60;
/** Weight of a new observation in the smoothed lag. */
const LAG_WEIGHT = 0.2;
/** Minutes of totals kept for an alert's visibility. */
const VISIBLE_MINUTES = 15;

function sameSource(a: Source, b: Source): boolean {
  return a.name === b.name && a.kind === b.kind && a.account === b.account && a.region === b.region;
}

/** The number of a source in the state, made if it is new. */
export function sourceNumber(state: ShardState, source: Source): number {
  const known = state.sources.findIndex((one) => sameSource(one.source, source));
  if (known >= 0) return known;
  return state.sources.push({ source, clock: 0, lag: 0, arrival: 0, minutes: new Map() }) - 1;
}

/**
 * Moves a source's clock to the greatest `start` seen, but never beyond `limit`, so that one bad
 * timestamp cannot poison it.
 * @param arrival Unix seconds
 */
export function advance(source: SourceState, latest: number, limit: number, arrival: number): void {
  const believed = Math.min(latest, limit);
  if (believed > source.clock) source.clock = believed;
  if (latest > 0) {
    const lag = Math.max(0, arrival - believed);
    source.lag = source.arrival === 0 ? lag : source.lag + (lag - source.lag) * LAG_WEIGHT;
  }
  source.arrival = Math.max(source.arrival, arrival);
}

/** A source that was silent for a minute goes on at the wall clock's pace, behind its usual lag. */
export function coast(state: ShardState, now: number): void {
  for (const source of state.sources) {
    if (now - source.arrival < MINUTE || source.clock === 0) continue;
    source.clock = Math.max(source.clock, Math.floor(now - source.lag));
  }
}

export function addTotals(source: SourceState, totals: SourceTotals, arrival: number): void {
  const minute = Math.floor(arrival / MINUTE) * MINUTE;
  const sum = source.minutes.get(minute) ?? { records: 0, malformed: 0, skipData: 0 };
  sum.records += totals.records;
  sum.malformed += totals.malformed;
  sum.skipData += totals.skipData;
  source.minutes.set(minute, sum);
  for (const old of source.minutes.keys()) {
    if (old < minute - VISIBLE_MINUTES * MINUTE) source.minutes.delete(old);
  }
}
