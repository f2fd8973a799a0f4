/** A query in the list of saved queries of Logs Insights; `/` in its name makes folders. */
export interface SavedQuery {
  readonly name: string;
  readonly text: string;
  /** Log groups that are chosen with it; none: whoever runs it chooses. */
  readonly logGroups: readonly string[];
}

export interface StoredQuery extends SavedQuery {
  readonly id: string;
}

/** Saved queries under the name of one stage, whoever made them: the folder is the stage's. */
export interface SavedQueryStore {
  list(): Promise<StoredQuery[]>;
  /**
   * Makes a query, or replaces the one of this id.
   * @throws Refusal
   */
  put(query: SavedQuery, id?: string): Promise<void>;
  /**
   * Deletes it; one that is gone already counts as deleted.
   * @throws Refusal
   */
  delete(id: string): Promise<void>;
}
