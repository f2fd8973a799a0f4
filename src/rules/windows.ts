/** How a sliding window is cut into slots. Seconds throughout; slots are aligned to the epoch. */

const MINUTE = 60;
/** Longest window that is counted minute by minute; longer ones have this many slots or fewer. */
const MINUTE_SLOTS = 15;

/** Length of a slot: one minute for windows up to 15 minutes, else window/15 in whole minutes. */
export function slotSeconds(window: number): number {
  if (window <= MINUTE_SLOTS * MINUTE) return MINUTE;
  return Math.ceil(window / MINUTE_SLOTS / MINUTE) * MINUTE;
}

/** Slots in a window, the last one possibly reaching beyond it. */
export function slotCount(window: number): number {
  return Math.ceil(window / slotSeconds(window));
}

/** What the slots of a window add up to, which is the window or somewhat more. */
export function effectiveWindow(window: number): number {
  return slotCount(window) * slotSeconds(window);
}
