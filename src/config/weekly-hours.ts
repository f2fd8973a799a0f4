/** Hours that recur each week, from how a silence writes them. */
import type { z } from 'zod';
import { show } from '../rules/problem.ts';
import type { Reporter } from '../rules/reporter.ts';
import { DAY_NAMES, type silenceSchema } from './silence-schema.ts';
import type { WeeklyHours } from './snapshot.ts';

type Written = NonNullable<z.infer<typeof silenceSchema>['during']>;

const EVERY_DAY = [0, 1, 2, 3, 4, 5, 6];
const DAY = 24 * 60;

/** @returns undefined, with an error reported, where there is no such time zone */
export function compileHours(
  { days, from = '00:00', to = '24:00', zone = 'UTC' }: Written,
  report: Reporter,
): WeeklyHours | undefined {
  if (!isZone(zone)) {
    const hint = 'write its name in the IANA database, like Europe/Zurich or America/New_York';
    return report.error(['during', 'zone'], `there is no time zone ${show(zone)}`, hint);
  }
  const named = days === undefined ? EVERY_DAY : [days].flat().flatMap((name) => DAY_NAMES[name]);
  return {
    days: EVERY_DAY.filter((day) => named.includes(day)),
    from: minuteOf(from),
    to: minuteOf(to),
    zone,
  };
}

/** Minutes after midnight; 24:00 is midnight again. */
function minuteOf(clock: string): number {
  const [hours, minutes] = clock.split(':').map(Number);
  return (hours * 60 + minutes) % DAY;
}

function isZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en-US', { timeZone: name }).format(0) !== '';
  } catch {
    return false;
  }
}
