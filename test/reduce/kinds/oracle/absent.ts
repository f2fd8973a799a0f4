import type { Line } from '../record.ts';
import { floorTo } from './windows.ts';

/** What came of the gaps of one group. */
export interface Absences {
  /** Minutes of the deadlines that passed. */
  readonly missed: readonly number[];
  /** The same of sources that were silent in its place. */
  readonly silent: readonly { readonly source: string; readonly slot: number }[];
}

/** @param lines all lines of all sources, those without flows included */
export function absences(
  own: readonly Line[],
  { for: length, seen }: { readonly for: number; readonly seen: number },
  lines: readonly Line[],
  clock: number,
): Absences {
  const missed: number[] = [];
  const silent: { source: string; slot: number }[] = [];
  const starts = own.map(({ start }) => start).sort((a, b) => a - b);
  starts.forEach((start, i) => {
    const spans = new Set(starts.slice(0, i + 1).map((earlier) => Math.floor(earlier / length)));
    if (spans.size < seen) return;
    const next = starts[i + 1] ?? Infinity;
    const sources = sourcesIn(own, floorTo(60, start));
    let from = start;
    while (next - from >= length && from + length <= clock) {
      const deadline = from + length;
      const quiet = silenceAt(deadline, length, minutesOf(sources, lines), clock);
      if (!quiet) {
        missed.push(floorTo(60, deadline));
        return;
      }
      for (const source of sources) {
        const last = lastBefore(deadline, minutesOf([source], lines));
        silent.push({ source, slot: floorTo(60, last + length) });
      }
      from = quiet.until;
    }
  });
  return { missed, silent };
}

/** Sources that fed a group in a minute. */
function sourcesIn(own: readonly Line[], minute: number): string[] {
  const there = own.filter(({ start }) => floorTo(60, start) === minute);
  return [...new Set(there.map(({ source }) => source))];
}

/** The silence that a deadline falls into, if it is as long as a gap; a line in its minute is none. */
function silenceAt(
  deadline: number,
  length: number,
  minutes: readonly number[],
  clock: number,
): { readonly until: number } | undefined {
  const last = lastBefore(deadline, minutes);
  if (last === floorTo(60, deadline)) return undefined;
  const until = minutes.find((minute) => minute > last) ?? Infinity;
  return Math.min(until, clock) - last >= length ? { until } : undefined;
}

function lastBefore(deadline: number, minutes: readonly number[]): number {
  return Math.max(...minutes.filter((minute) => minute <= deadline));
}

/** Minutes in which one of the sources had a line, ascending. */
function minutesOf(sources: readonly string[], lines: readonly Line[]): number[] {
  const own = lines.filter(({ source }) => sources.includes(source));
  return [...new Set(own.map(({ start }) => floorTo(60, start)))].sort((a, b) => a - b);
}
