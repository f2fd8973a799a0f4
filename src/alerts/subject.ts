/** The subject line of a notification, within what SNS takes. */
import type { Alert } from './alert.ts';
import { cut, toAscii } from './clean.ts';
import { alertLabel, titleLine } from './status.ts';

/** SNS refuses 100 characters and more. */
const LONGEST = 99;

/** `[HIGH] title: group` in printable ASCII, under 100 characters, as SNS wants it. */
export function renderSubject(alert: Alert): string {
  return cut(toAscii(`[${alertLabel(alert)}] ${titleLine(alert)}`), LONGEST).trim();
}
