/** Alerts that a summary names one by one: those of the greatest value among all it stands for. */
import type { StormState } from '../state.ts';

type Named = StormState['groups'];

const MOST = 10;

export function keepNamed(groups: Named, value: number, message: string): void {
  groups.push([value, message]);
  groups.sort((a, b) => b[0] - a[0]);
  if (groups.length > MOST) groups.pop();
}

/** `a; b; c and 7 more`. @param count of all that the summary stands for */
export function namedText(groups: Named, count: number): string {
  const rest = count - groups.length;
  const named = groups.map(([, message]) => message).join('; ');
  return `${named}${rest > 0 ? ` and ${rest} more` : ''}`;
}
