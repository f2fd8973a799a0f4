/** How long a notification that failed waits, and when it is given up. */

const MINUTE = 60_000;

/** What has failed for this long is parked for a person; ms. */
export const GIVE_UP_AFTER = 6 * 60 * MINUTE;

/** The wait after a number of failures: 1, 2, 4 ... at most 15 minutes; ms. */
export function backOff(failures: number): number {
  return Math.min(15, 2 ** (Math.max(1, failures) - 1)) * MINUTE;
}
