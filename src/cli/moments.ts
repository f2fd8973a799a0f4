/** Moments and spans of time as options name them. */
import { InvalidArgumentError } from 'commander';
import { parseDuration } from '../rules/duration.ts';

/** A span like `2h` or `7d`. @returns seconds, above 0 */
export function span(text: string): number {
  const seconds = parseDuration(text);
  if (seconds === undefined || seconds <= 0) {
    throw new InvalidArgumentError('It must be a duration like 30m, 2h or 7d.');
  }
  return seconds;
}

const DATE = /^\d{4}-\d\d-\d\d(?:[Tt ]\d\d:\d\d(?::\d\d)?(?:[Zz]|[+-]\d\d:\d\d))?$/;

/** A day, or a time with its offset. @returns Unix seconds */
export function moment(text: string): number {
  const time = DATE.test(text) ? Date.parse(text.replace(' ', 'T')) : Number.NaN;
  if (Number.isNaN(time)) {
    throw new InvalidArgumentError(
      'It must be a day like 2026-12-31 or a time like 2026-12-31T18:00:00Z, with Z or an offset.',
    );
  }
  return Math.floor(time / 1000);
}

/** How long ago, or since when. */
export type Since = { readonly ago: number } | { readonly from: number };

/** A span before now, or a moment. */
export function since(text: string): Since {
  const ago = parseDuration(text);
  if (ago !== undefined && ago > 0) return { ago };
  try {
    return { from: moment(text) };
  } catch {
    throw new InvalidArgumentError('It must be a duration like 7d or 2h, or a day or time.');
  }
}

/** @param now Unix ms @returns Unix ms */
export function sinceWhen(given: Since, now: number): number {
  return 'ago' in given ? now - given.ago * 1000 : given.from * 1000;
}
