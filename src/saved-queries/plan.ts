import type { SavedQuery, StoredQuery } from '../ports/saved-query-store.ts';

export interface QueryPlan {
  readonly create: readonly SavedQuery[];
  /** Under the id of the query they replace. */
  readonly change: readonly StoredQuery[];
  readonly delete: readonly StoredQuery[];
}

/** What must happen so that the stored queries are the wanted ones; one of several of a name stays. */
export function planQueries(
  desired: readonly SavedQuery[],
  stored: readonly StoredQuery[],
): QueryPlan {
  const byName = new Map<string, StoredQuery>();
  const surplus: StoredQuery[] = [];
  const wanted = new Set(desired.map(({ name }) => name));
  for (const query of [...stored].sort((a, b) => (a.id < b.id ? -1 : 1))) {
    if (!wanted.has(query.name) || byName.has(query.name)) surplus.push(query);
    else byName.set(query.name, query);
  }
  const create: SavedQuery[] = [];
  const change: StoredQuery[] = [];
  for (const query of desired) {
    const found = byName.get(query.name);
    if (!found) create.push(query);
    else if (differs(found, query)) change.push({ ...query, id: found.id });
  }
  return { create, change, delete: surplus };
}

function differs(stored: SavedQuery, wanted: SavedQuery): boolean {
  const groups = (query: SavedQuery) => [...query.logGroups].sort().join('\n');
  return stored.text !== wanted.text || groups(stored) !== groups(wanted);
}
