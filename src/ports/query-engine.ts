/** What answers SQL over stored flow logs. */
export interface QueryEngine {
  /**
   * How much a query would read, without reading it.
   * @returns bytes, or undefined where the table's statistics do not tell
   */
  estimate(sql: string, stop: AbortSignal): Promise<number | undefined>;
  /**
   * Runs a query to its end. Aborting stops it where it runs.
   * @throws Refusal with the engine's reason where it fails
   */
  run(sql: string, stop: AbortSignal): Promise<QueryRows>;
}

export interface QueryRows {
  readonly columns: readonly string[];
  /** Values as text; null for SQL's NULL. */
  readonly rows: readonly (readonly (string | null)[])[];
  /** Bytes that were read, which is what is billed. */
  readonly scanned: number;
}
