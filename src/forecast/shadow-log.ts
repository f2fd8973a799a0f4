/** What rules in shadow would have sent, from the service's own log. */
import { groupText } from '../alerts/flow-text.ts';
import { readLine } from '../alerts/history/read-line.ts';
import type { Tried } from './forecast.ts';

interface Counted {
  alerts: number;
  folded: number;
  readonly groups: Map<string, number>;
}

/**
 * Counts decision lines whose reason is `shadow`: each alert once, by its id.
 * @param lines of `reduce`'s log; what is no such line is passed over
 */
export function triedInShadow(lines: readonly string[]): Tried {
  const rules = new Map<string, Counted>();
  const seen = new Set<string>();
  for (const line of lines) {
    const decision = readLine(line);
    if (decision?.kind !== 'untold' || decision.reason !== 'shadow') continue;
    const { rule, id, group } = decision;
    // The log is written before the checkpoint: a run that failed has told of it already.
    if (seen.has(id)) continue;
    seen.add(id);
    const counted = rules.get(rule) ?? { alerts: 0, folded: 0, groups: new Map() };
    rules.set(rule, counted);
    counted.alerts++;
    const name = groupText(group);
    counted.groups.set(name, (counted.groups.get(name) ?? 0) + 1);
  }
  return { rules };
}
