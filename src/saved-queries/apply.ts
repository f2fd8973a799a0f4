/** Carries out a plan for saved queries, call by call. */
import type { Failure } from '../config/failures.ts';
import { type Pace, Paced } from '../config/paced.ts';
import { Refusal } from '../ports/refusal.ts';
import type { SavedQueryStore } from '../ports/saved-query-store.ts';
import type { QueryPlan } from './plan.ts';

/** PutQueryDefinition and DeleteQueryDefinition take five calls a second. */
export const QUERY_GAP_MS = 220;

export interface AppliedQueries {
  readonly done: number;
  readonly failures: readonly Failure[];
  /** Queries that there was no time for. */
  readonly left: number;
}

/** What is no longer wanted goes first, and makes room; one that fails keeps no other back. */
export async function applyQueries(
  plan: QueryPlan,
  store: SavedQueryStore,
  pace: Pace,
): Promise<AppliedQueries> {
  const paced = new Paced(pace);
  const steps = [
    ...plan.delete.map(({ name, id }) => ({ name, what: () => store.delete(id) })),
    ...plan.change.map(({ id, ...query }) => ({
      name: query.name,
      what: () => store.put(query, id),
    })),
    ...plan.create.map((query) => ({
      name: query.name,
      what: () => (full ? Promise.reject(full) : store.put(query)),
    })),
  ];
  const failures: Failure[] = [];
  let full: Refusal | undefined;
  let done = 0;
  let left = 0;
  for (const { name, what } of steps) {
    const outcome = await paced.call(what);
    if (outcome === undefined) done++;
    else if (outcome === 'late') left++;
    else {
      failures.push({ name, error: outcome });
      if (outcome instanceof Refusal && outcome.reason === 'quota') full = outcome;
    }
  }
  return { done, failures, left };
}
