/** What could not be done to many things of one kind, gathered for the log and the owner. */
import { cleanLine, cut } from '../alerts/clean.ts';
import { formatNumber } from '../alerts/english.ts';
import { Refusal } from '../ports/refusal.ts';

export interface Failure {
  readonly name: string;
  readonly error: Error;
}

/** Names that a line gives before it counts. */
const MOST_NAMES = 3;
const LONGEST_MESSAGE = 300;

/** Words for what a refusal of each kind means here. */
export interface RefusalWords {
  readonly quota: string;
  readonly denied: string;
}

/**
 * One line for each reason. What passes by itself (throttling, a service that is down) is left out:
 * the next run tries again, and the function's log has it.
 * @param what plural, e.g. `alarms`
 */
export function failureLines(
  what: string,
  failures: readonly Failure[],
  words: RefusalWords,
): string[] {
  const byReason = new Map<string, string[]>();
  for (const { name, error } of failures) {
    const reason = lastingReason(error, words);
    if (reason !== undefined) byReason.set(reason, [...(byReason.get(reason) ?? []), name]);
  }
  return [...byReason].map(([reason, names]) => `${what}: ${listed(names)}: ${reason}`);
}

function lastingReason(error: Error, words: RefusalWords): string | undefined {
  if (!(error instanceof Refusal) || error.reason === 'throttled') return undefined;
  if (error.reason === 'invalid') return cut(cleanLine(error.message), LONGEST_MESSAGE);
  return words[error.reason];
}

function listed(names: readonly string[]): string {
  const shown = names.slice(0, MOST_NAMES).join(', ');
  const rest = names.length - MOST_NAMES;
  return rest > 0 ? `${shown} and ${formatNumber(rest)} more` : shown;
}
