/** When a message that a channel did not take is sent again. */
import { backOff } from '../alerts/back-off.ts';

/** Waiting exactly as long as a receiver asks is good for so many tries; then the usual times rule. */
const OBEDIENT_TRIES = 5;
const SECOND = 1_000;
/** The longest wait a receiver may ask for, ms. */
const LONGEST_ASKED = 3_600 * SECOND;

/**
 * Milliseconds to wait: what the receiver asks, else 1, 2, 4 ... at most 15 minutes.
 * @param attempts times it was tried
 * @param asked what Retry-After says, ms
 */
export function waitAfter(attempts: number, asked?: number): number {
  if (asked === undefined) return backOff(attempts);
  return attempts <= OBEDIENT_TRIES ? asked : Math.max(asked, backOff(attempts));
}

/**
 * The header Retry-After: seconds, or a date. https://www.rfc-editor.org/rfc/rfc9110#field.retry-after
 * @param now Unix ms
 * @returns ms, from a second to an hour; undefined for what is neither
 */
export function parseRetryAfter(text: string | undefined, now: number): number | undefined {
  if (text === undefined) return undefined;
  const trimmed = text.trim();
  const ms = /^\d+(\.\d+)?$/.test(trimmed)
    ? Number(trimmed) * SECOND
    : /^[A-Za-z]{3},? /.test(trimmed)
      ? Date.parse(trimmed) - now
      : Number.NaN;
  if (Number.isNaN(ms)) return undefined;
  return Math.min(LONGEST_ASKED, Math.max(SECOND, ms));
}
