import { randomUUID } from 'node:crypto';
import type { SavedQuery, SavedQueryStore, StoredQuery } from '../../ports/saved-query-store.ts';
import { queryFolder } from '../../saved-queries/desired.ts';

/** Saved queries in memory; several stores may share one account. */
export class MemorySavedQueryStore implements SavedQueryStore {
  readonly account: Map<string, SavedQuery>;
  readonly #folder: string;

  constructor(stage: string, account: MemorySavedQueryStore['account'] = new Map()) {
    this.#folder = queryFolder(stage);
    this.account = account;
  }

  async list(): Promise<StoredQuery[]> {
    return [...this.account]
      .map(([id, query]) => ({ ...structuredClone(query), id }))
      .filter(({ name }) => name.startsWith(this.#folder));
  }

  async put(query: SavedQuery, id: string = randomUUID()): Promise<void> {
    const { name, text, logGroups } = query;
    this.account.set(id, { name, text, logGroups: [...logGroups] });
  }

  async delete(id: string): Promise<void> {
    this.account.delete(id);
  }
}
