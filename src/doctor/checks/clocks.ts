/** Clocks that are wrong: of this machine, and of what sends records. */
import { formatDuration } from '../../alerts/english.ts';
import { type Check, known } from '../facts.ts';
import { type Finding, warn } from '../finding.ts';

/** AWS refuses signatures that are five minutes off. Milliseconds. */
const SKEWED = 60_000;
/** A record that starts later than it arrived by so much; seconds. */
const AHEAD = 60;

export const clocksCheck: Check = ({ stack, shards }) => {
  const findings: Finding[] = [];
  const { clockSkew } = stack;
  if (clockSkew !== undefined && Math.abs(clockSkew) > SKEWED) {
    const direction = clockSkew > 0 ? 'ahead' : 'behind';
    findings.push(
      warn(
        'Processing',
        `the clock of this machine is ${formatDuration(Math.abs(clockSkew) / 1000)} ${direction}`,
        'set it by NTP',
      ),
    );
  }
  for (const { sources } of known(shards) ?? []) {
    for (const { source, clock, arrival } of sources) {
      if (clock - arrival <= AHEAD) continue;
      findings.push(
        warn(
          'Processing',
          `records of ${source.name} start ${formatDuration(clock - arrival)} after they arrived: their clock is ahead`,
        ),
      );
    }
  }
  return findings;
};
