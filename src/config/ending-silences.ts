/** Silences about to end: what they hide is told again, and whoever made them should know. */
import { iso } from '../alerts/iso-time.ts';
import type { ConfigDocument } from '../ports/config-source.ts';
import { plainTrouble, type Trouble } from './notices.ts';
import type { CompiledSilence } from './snapshot.ts';

const DAY = 86_400;
/** `silence add` lets them begin an hour back; seconds. */
const SHORT = DAY + 3_600;

/**
 * Those that end within a day, and were made for longer: of a silence of two hours nobody wants to
 * hear twice. @param now Unix seconds
 */
export function endingSilences(
  silences: readonly CompiledSilence[] = [],
  documents: readonly ConfigDocument[],
  now: number,
): [string, Trouble][] {
  return silences.flatMap((silence): [string, Trouble][] => {
    const { id, until, from = madeAt(silence, documents), reason } = silence;
    if (until === undefined || until <= now || until - now > DAY || until - from <= SHORT)
      return [];
    const time = iso(until);
    const why = reason === '' ? '' : `: ${reason}`;
    const line = `silence ${id} ends ${time}${why}`;
    return [[`silence ${id}`, { ...plainTrouble(line), ending: true }]];
  });
}

/** Unix seconds; long ago where it is not known. */
function madeAt({ id }: CompiledSilence, documents: readonly ConfigDocument[]): number {
  const document = documents.find(({ path }) => path === `silences/${id}`);
  return Math.floor((document?.modified ?? 0) / 1000);
}
