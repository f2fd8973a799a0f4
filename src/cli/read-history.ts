/** The history of a deployment's alerts, from the logs of its functions. */
import { History } from '../alerts/history/history.ts';
import { WORDS } from '../alerts/history/read-line.ts';
import type { FunctionLog } from '../ports/function-log.ts';

export interface ReadHistory {
  /** Unix ms. */
  readonly since: number;
  /** Without the channels' outcomes. */
  readonly only?: 'reduce';
  readonly stop?: AbortSignal;
}

/** @throws Refusal where a log cannot be read */
export async function readHistory(
  log: FunctionLog,
  { since, only, stop }: ReadHistory,
): Promise<History> {
  const history = new History();
  for (const name of only ? [only] : (['reduce', 'deliver'] as const)) {
    for await (const page of log.lines({ function: name, since, words: WORDS[name] })) {
      if (stop?.aborted) return history;
      for (const line of page) history.add(line);
    }
  }
  return history;
}
