/** Patterns of the filters that lead from log groups to a stage. */
export interface FilterPatterns {
  /**
   * By log group; only those that have a pattern.
   * @throws Error when AWS refuses
   */
  of(groups: readonly string[]): Promise<Record<string, string>>;
}
