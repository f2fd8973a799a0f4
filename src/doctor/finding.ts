/** What `doctor` has to say. */

export type Health = 'ok' | 'warn' | 'bad';

/** Headings, in the order in which they are shown. */
export const AREAS = [
  'Stack',
  'Flow logs',
  'Log groups',
  'Configuration',
  'Processing',
  'Alerts',
  'Limits',
] as const;

export type Area = (typeof AREAS)[number];

export interface Finding {
  readonly area: Area;
  readonly severity: Health;
  /** One line. */
  readonly what: string;
  /** An exact command where there is one. */
  readonly mend?: string;
}

export function ok(area: Area, what: string): Finding {
  return { area, severity: 'ok', what };
}

export function warn(area: Area, what: string, mend?: string): Finding {
  return { area, severity: 'warn', what, ...(mend !== undefined && { mend }) };
}

export function bad(area: Area, what: string, mend?: string): Finding {
  return { area, severity: 'bad', what, ...(mend !== undefined && { mend }) };
}

/** `a, b and 3 more`. */
export function listed(names: readonly string[], most = 5): string {
  const rest = names.length - most;
  if (rest > 0) return `${names.slice(0, most).join(', ')} and ${rest} more`;
  if (names.length < 2) return names.join('');
  return `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}
