/** The subject line of a notification, within what SNS takes. */
import type { Alert } from './alert.ts';
import { cut, toAscii } from './clean.ts';
import { groupText } from './flow-text.ts';

/** SNS refuses 100 characters and more. */
const LONGEST = 99;

/** The word an alert is filed under: its severity while it burns, else what it is. */
export function alertLabel(alert: Alert): string {
  if (alert.type === 'test') return 'TEST';
  if (alert.type === 'service') return 'SERVICE';
  if (alert.status === 'resolved') return 'RESOLVED';
  return alert.rule.severity.toUpperCase();
}

/** `[HIGH] title: group` in printable ASCII, under 100 characters, as SNS wants it. */
export function renderSubject(alert: Alert): string {
  const group = groupText(alert.group);
  const title = alert.rule.title || alert.rule.id;
  const text = group === '' ? title : `${title}: ${group}`;
  return cut(toAscii(`[${alertLabel(alert)}] ${text}`), LONGEST).trim();
}
