/** What is left of a stage, for a terminal and as JSON. */
import type { Remains } from '../uninstall/find.ts';

/** Kind and name of each thing, in the order in which they are removed. */
export function remainsRows(remains: Remains): [kind: string, name: string][] {
  const { filters, stack, alarms, queries, logGroups, buckets, parameters } = remains;
  const rows = (kind: string, names: readonly string[]) =>
    names.map((name): [string, string] => [kind, name]);
  return [
    ...rows('subscription filter', filters.groups),
    ...rows('permission', filters.permissions),
    ...rows('stack', stack ? [stack.name] : []),
    ...rows(
      'alarm',
      alarms.map(({ AlarmName }) => AlarmName),
    ),
    ...rows(
      'saved query',
      queries.map(({ name }) => name),
    ),
    ...rows('log group', logGroups),
    ...rows(
      'bucket',
      buckets.map(({ name }) => name),
    ),
    ...rows(
      'parameter',
      parameters.map(({ path }) => path),
    ),
  ];
}

/** Names of one kind in a line or a few. */
export function remainsLines(remains: Remains): string[] {
  const byKind = new Map<string, string[]>();
  for (const [kind, name] of remainsRows(remains)) {
    byKind.set(kind, [...(byKind.get(kind) ?? []), name]);
  }
  const lines: string[] = [];
  for (const [kind, names] of byKind) {
    const shown = names.slice(0, MOST_NAMED);
    const rest = names.length - shown.length;
    if (rest > 0) shown.push(`... and ${rest} more`);
    lines.push(...shown.map((name, i) => `${(i === 0 ? kind : '').padEnd(20)}  ${name}`));
  }
  return lines;
}

const MOST_NAMED = 10;
