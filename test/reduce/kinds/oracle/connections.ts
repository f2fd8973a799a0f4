import { isReply, type Line } from '../record.ts';
import { FIVE, has, tupleOf } from './world.ts';

export interface Connection {
  /** One of its flows. */
  readonly flow: Line;
  /** Its first start. */
  readonly start: number;
}

/** Connections by their first starts: a five-tuple goes on where it starts soon after its end. */
export function connectionsOf(own: readonly Line[], interval: number): Connection[] {
  const found: Connection[] = [];
  const counted = own.filter((line) => has(line, FIVE) && !isReply(line));
  for (const tuple of new Set(counted.map((line) => tupleOf(line, FIVE)))) {
    const flows = counted
      .filter((line) => tupleOf(line, FIVE) === tuple)
      .sort((a, b) => a.start - b.start);
    let over = -Infinity;
    for (const flow of flows) {
      if (flow.start > over + 2 * interval) found.push({ flow, start: flow.start });
      over = Math.max(over, flow.end ?? flow.start);
    }
  }
  return found.sort((a, b) => a.start - b.start);
}
