/** Events of a log group, as they are stored. */

export interface LogEvent {
  /** Unique within its stream. */
  readonly id: string;
  readonly stream: string;
  /** Unix ms. */
  readonly timestamp: number;
  readonly message: string;
}

export interface LogEventPage {
  readonly events: readonly LogEvent[];
  /** Where to go on; an empty page may have one. */
  readonly next?: string;
}

export interface LogEvents {
  /**
   * Whose a log group is and where.
   * @returns undefined when there is no such group; without account where nobody may tell
   */
  owner(group: string): Promise<{ readonly account?: string; readonly region: string } | undefined>;
  /**
   * Some of the events of a span, oldest first.
   * @param span Unix ms, from the first on, before the second
   * @throws Refusal; with reason `throttled` where the same page must be asked for later
   */
  page(
    group: string,
    span: readonly [from: number, until: number],
    next?: string,
  ): Promise<LogEventPage>;
}
