/** Event time, kept for each source apart: no detection is decided by the wall clock. */
import type { Source } from '../../ports/source.ts';
import type { ShardState, SourceState } from '../state.ts';

/** A clock is believed this far past arrival; seconds. */
export const AHEAD = 300;
const MINUTE = 60;
const DAY = 86_400;
/** Weight of a new observation in the smoothed lag. */
const LAG_WEIGHT = 0.2;

function sameSource(a: Source, b: Source): boolean {
  return a.name === b.name && a.kind === b.kind && a.account === b.account && a.region === b.region;
}

/** The number of a source in the state, made if it is new. */
export function sourceNumber(state: ShardState, source: Source): number {
  // The one that spoke last is the likeliest where there are thousands, as in replay.
  const known = state.sources.findLastIndex((one) => sameSource(one.source, source));
  if (known >= 0) return known;
  const made: SourceState = {
    source,
    clock: 0,
    lag: 0,
    arrival: 0,
    heard: 0,
    longest: 0,
    minutes: new Map(),
  };
  return state.sources.push(made) - 1;
}

/**
 * Moves a source's clock to the greatest `start` seen, but never beyond `limit`, so that one bad
 * timestamp cannot poison it.
 * @param arrival Unix seconds
 */
export function advance(source: SourceState, latest: number, limit: number, arrival: number): void {
  const believed = Math.min(latest, limit);
  if (believed > source.clock) source.clock = believed;
  if (believed > source.heard) source.heard = believed;
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

/**
 * The time that every source has reached: windows that end by then can be judged. One that was
 * silent for longer than records may be late, or is a day behind the others, holds nothing up.
 * @param now Unix seconds of arrival
 */
export function lowWatermark(state: ShardState, now: number, lateness: number): number {
  const furthest = furthestClock(state);
  let low = furthest;
  for (const { clock, arrival } of state.sources) {
    const counts = clock > 0 && now - arrival <= lateness && furthest - clock <= DAY;
    if (counts && clock < low) low = clock;
  }
  return low;
}

/** What is over by it is over for every source that talks. */
export function furthestClock(state: ShardState): number {
  return state.sources.reduce((clock, source) => Math.max(clock, source.clock), 0);
}
