/** What the map part of a replay goes by, as plain data: the same in every thread. */
import type { Snapshot } from '../config/snapshot.ts';
import type { TimeSpan } from '../map/2-parse/parse.ts';

export interface MapRules {
  readonly snapshot: Snapshot;
  /** Groups a rule may have per slot and input; Infinity where there is no bound. */
  readonly maxGroups: number;
  /** Lines of other times are passed over. */
  readonly span?: TimeSpan;
}

/** Seconds a record may start behind the others unless told otherwise: a day. */
export const LATENESS = 86_400;

export function mapRulesOf(
  snapshot: Snapshot,
  options: { readonly maxGroups?: number; readonly lateness?: number; readonly span?: TimeSpan },
): MapRules {
  const settings = { ...snapshot.settings, lateness: options.lateness ?? LATENESS };
  return {
    snapshot: { ...snapshot, settings },
    maxGroups: options.maxGroups ?? Infinity,
    ...(options.span && { span: options.span }),
  };
}
