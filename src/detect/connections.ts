import type { SlotTotals, WindowView } from './kind.ts';
import { joinedSpans, type Span } from './parts.ts';

/** A five-tuple that stays away for more intervals than this comes back as a new connection. */
const INTERVALS = 2;

/** All connections of a group, by their first start; times are Unix seconds. */
export function connectionsOf(slots: readonly SlotTotals[], interval: number): Span[] {
  const spans: Span[] = [];
  for (const { slot, part } of slots) {
    for (let i = 0; i < part.length; i += 3) {
      const from = slot + part[i + 1];
      spans.push({ tuple: part[i], start: from, end: from + part[i + 2] });
    }
  }
  // When a connection began does not depend on what came after the window.
  return joinedSpans(spans, INTERVALS * interval).sort(
    (a, b) => a.start - b.start || a.tuple - b.tuple,
  );
}

/** Connections whose first start lies in the window. */
export function connectionsIn({ start, end, connections }: WindowView): readonly Span[] {
  return connections.slice(firstFrom(connections, start), firstFrom(connections, end));
}

/** Index of the first that begins at `time` or later. */
function firstFrom(connections: readonly Span[], time: number): number {
  let low = 0;
  let high = connections.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (connections[middle].start < time) low = middle + 1;
    else high = middle;
  }
  return low;
}
