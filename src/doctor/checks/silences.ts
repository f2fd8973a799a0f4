/** Silences that end within a day, or have ended. */
import { formatDuration } from '../../alerts/english.ts';
import { type Check, known } from '../facts.ts';
import { warn } from '../finding.ts';

const SOON = 86_400;

export const silencesCheck: Check = ({ snapshot, now, stage }) => {
  const silences = known(snapshot)?.snapshot.silences ?? [];
  const seconds = now / 1000;
  return silences.flatMap(({ id, until, reason }) => {
    if (until === undefined || until - seconds > SOON) return [];
    const left = until - seconds;
    const what =
      left > 0
        ? `the silence ${id} ends in ${formatDuration(left)} (${reason})`
        : `the silence ${id} ended ${formatDuration(-left)} ago (${reason})`;
    const mend =
      left > 0
        ? 'lengthen it, or expect its alerts again'
        : `flowlog-alerts silence rm ${id} --stage ${stage}`;
    return [warn('Alerts', what, mend)];
  });
};
