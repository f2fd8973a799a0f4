/** What the service's functions have written to their logs. */

export interface LogLine {
  /** Unix ms. */
  readonly at: number;
  readonly text: string;
}

export interface LogQuery {
  readonly function: 'reduce' | 'deliver';
  /** Unix ms. */
  readonly since: number;
  /** Lines that have any of these words; a reader holds them against what it wants once more. */
  readonly words: readonly string[];
}

export interface FunctionLog {
  /**
   * Lines in pages, in about the order of their time; none of a function that has never run.
   * @throws Refusal where the log cannot be read
   */
  lines(query: LogQuery): AsyncIterable<readonly LogLine[]>;
}
