/** The saved queries that a stage ought to have. */
import type { Snapshot } from '../config/snapshot.ts';
import type { SavedQuery } from '../ports/saved-query-store.ts';
import { DEFAULT_FORMAT } from '../records/layout.ts';
import type { CompiledRule } from '../rules/compiled.ts';
import { decisionQueries } from './decisions.ts';

/** A saved query holds so many characters, and so many log groups. */
const LONGEST_TEXT = 10_000;
const MOST_GROUPS = 50;

/** The Logs Insights query that finds what a rule matches, in records of a format. */
export type RuleQuery = (
  rule: CompiledRule,
  format: string,
  snapshot: Snapshot,
) => string | undefined;

/** What names of a stage's saved queries begin with. */
export const queryFolder = (stage: string): string => `flowlog-alerts/${stage}/`;

export interface QueryOptions {
  readonly stage: string;
  readonly queryOf: RuleQuery;
}

/** One for each rule in force that a query can express, and two over the log of decisions. */
export function desiredQueries(snapshot: Snapshot, options: QueryOptions): SavedQuery[] {
  const { stage, queryOf } = options;
  const { format, logGroups } = usualFormat(snapshot);
  const rules = snapshot.rules.flatMap((rule): SavedQuery[] => {
    const text = queryOf(rule, format, snapshot);
    if (text === undefined || text.length > LONGEST_TEXT) return [];
    return [{ name: queryFolder(stage) + rule.id, text, logGroups }];
  });
  return [...rules, ...decisionQueries(stage)];
}

/** The format that most log groups have, and those groups: a query reads one format. */
function usualFormat({ formats, flowLogs = {} }: Snapshot): {
  format: string;
  logGroups: string[];
} {
  const groups = new Map<string, string[]>([[DEFAULT_FORMAT, []]]);
  for (const name of Object.keys(flowLogs).sort()) {
    for (const format of formats[name] ?? [DEFAULT_FORMAT]) {
      groups.set(format, [...(groups.get(format) ?? []), name]);
    }
  }
  const [format, logGroups] = [...groups].reduce((most, next) =>
    next[1].length > most[1].length ? next : most,
  );
  return { format, logGroups: logGroups.slice(0, MOST_GROUPS) };
}
