/** What the clock says in a minute of the week, in UTC. */

export const MINUTE = 60;
export const HOUR = 3_600;
export const DAY = 86_400;
export const WEEK = 7 * DAY;

/** 2026-11-23T00:00:00Z, a Monday; other weeks repeat its rhythm. */
export const MONDAY = 1_795_392_000;

export interface Minute {
  /** Unix seconds. */
  readonly start: number;
  /** Minutes since the epoch. */
  readonly index: number;
  /** Seconds since Monday 00:00. */
  readonly ofWeek: number;
  /** Whole weeks since MONDAY. */
  readonly week: number;
  readonly minute: number;
  readonly hour: number;
  /** 0 is Monday. */
  readonly day: number;
  readonly weekend: boolean;
  /** Working days from 8 to 18. */
  readonly office: boolean;
  /** Visitors of the web site in percent of the busiest hour. */
  readonly visitors: number;
}

/** Visitors by hour of the day, in percent of the busiest. */
const VISITORS = [
  22, 16, 12, 10, 10, 14, 24, 42, 64, 82, 94, 100, 96, 98, 100, 96, 90, 84, 78, 74, 66, 54, 42, 30,
];
const WEEKEND = 0.6;

export function minuteAt(start: number): Minute {
  const since = start - MONDAY;
  const week = Math.floor(since / WEEK);
  const ofWeek = since - week * WEEK;
  const day = Math.floor(ofWeek / DAY);
  const hour = Math.floor((ofWeek % DAY) / HOUR);
  const minute = Math.floor((ofWeek % HOUR) / MINUTE);
  const weekend = day >= 5;
  // From one hour's share to the next one's without a step.
  const now = VISITORS[hour];
  const next = VISITORS[(hour + 1) % 24];
  const visitors = (now + ((next - now) * minute) / 60) * (weekend ? WEEKEND : 1);
  return {
    start,
    index: start / MINUTE,
    ofWeek,
    week,
    minute,
    hour,
    day,
    weekend,
    office: !weekend && hour >= 8 && hour < 18,
    visitors,
  };
}
