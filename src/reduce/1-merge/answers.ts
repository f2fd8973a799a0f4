/** Accepted flows that answer a five-tuple, for `unanswered`. */
import type { RuleDigest } from '../../log/digest.ts';
import type { RuleState } from '../state.ts';

/** Five-tuples a rule remembers answers of; a flood of accepted connections goes beyond. */
const MOST_TUPLES = 100_000;

/** @param oldest answers before it are late */
export function addAnswers(
  memory: RuleState,
  answers: RuleDigest['answers'],
  oldest: number,
): void {
  const { answers: known } = memory;
  for (const answer of answers) {
    const tuple = answer[0];
    const start = answer[1];
    if (start < oldest) continue;
    const starts = known.get(tuple);
    if (!starts) known.set(tuple, [start]);
    else if (!starts.includes(start)) {
      let at = starts.length;
      while (at > 0 && starts[at - 1] > start) at--;
      starts.splice(at, 0, start);
    }
  }
  if (known.size <= MOST_TUPLES) return;
  // What is forgotten could be the answer to anything that began until then.
  for (const [tuple, starts] of known) {
    if (known.size <= MOST_TUPLES) break;
    memory.unsure = Math.max(memory.unsure, starts[starts.length - 1]);
    known.delete(tuple);
  }
}
