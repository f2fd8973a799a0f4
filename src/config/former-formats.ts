/**
 * Formats that a log group had until lately. A flow log cannot be changed, so another one takes its
 * place, and records of the one that is gone still arrive for a while.
 */
import type { Formats } from './settings.ts';

/** By log group and LogFormat: when it was found to be gone, Unix seconds. */
export type FormerFormats = Readonly<Record<string, Readonly<Record<string, number>>>>;

/** A record waits for ten minutes of aggregation and the delivery after it; the rest is for trouble. Seconds. */
const KEPT = 3_600;

/**
 * What is gone since the state was written, and what went within the last hour.
 * @param before formats of the last answer, and what was gone by then
 * @param present formats of this answer
 * @param now Unix seconds
 */
export function formerFormats(
  before: { readonly formats: Formats; readonly former?: FormerFormats },
  present: Formats,
  now: number,
): FormerFormats {
  const gone: Record<string, Record<string, number>> = {};
  const add = (group: string, format: string, at: number) => {
    if (present[group]?.includes(format) || now - at >= KEPT) return;
    gone[group] = { ...gone[group], [format]: at };
  };
  for (const [group, formats] of Object.entries(before.former ?? {})) {
    for (const [format, at] of Object.entries(formats)) add(group, format, at);
  }
  for (const [group, formats] of Object.entries(before.formats)) {
    for (const format of formats) if (!gone[group]?.[format]) add(group, format, now);
  }
  return gone;
}

/** Present formats and those of the last hour: each may be the one of a line. */
export function withFormer(present: Formats, former: FormerFormats): Formats {
  const groups = [...new Set([...Object.keys(present), ...Object.keys(former)])].sort();
  return Object.fromEntries(
    groups.map((group) => {
      const formats = [...(present[group] ?? []), ...Object.keys(former[group] ?? {})];
      return [group, [...new Set(formats)].sort()];
    }),
  );
}
