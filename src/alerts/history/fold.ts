/** A history as a person reads it: decisions that say the same one after the other are one line. */
import type { HistoryEntry, Outcome } from './history.ts';

export interface FoldedEntry extends HistoryEntry {
  /** Decisions that this line stands for, and the time of the last. */
  readonly times: number;
  readonly until: string;
}

/** Joins decisions of one alert for one reason, where nothing else became of the alert between them. */
export function folded(entries: readonly HistoryEntry[]): FoldedEntry[] {
  const lines: FoldedEntry[] = [];
  const last = new Map<string, number>();
  for (const entry of entries) {
    const at = last.get(entry.id);
    const before = at === undefined ? undefined : lines[at];
    if (before && saysTheSame(before, entry)) {
      lines[at as number] = { ...before, times: before.times + 1, until: entry.time };
      continue;
    }
    last.set(entry.id, lines.length);
    lines.push({ ...entry, times: 1, until: entry.time });
  }
  return lines;
}

function saysTheSame(a: HistoryEntry, b: HistoryEntry): boolean {
  return (
    a.outcome !== 'notified' &&
    a.outcome === b.outcome &&
    a.status === b.status &&
    a.silence === b.silence &&
    a.inhibitedBy?.id === b.inhibitedBy?.id
  );
}

/** Counts by outcome, the most frequent first. */
export function countsOf(entries: readonly HistoryEntry[]): [Outcome, number][] {
  const counts = new Map<Outcome, number>();
  for (const { outcome } of entries) counts.set(outcome, (counts.get(outcome) ?? 0) + 1);
  return [...counts].sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1));
}
