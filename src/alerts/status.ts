/** What a message is about: something new, something that goes on, something that is over. */
import { alarmState } from './alarm-state.ts';
import type { Alert } from './alert.ts';
import { cleanLine } from './clean.ts';
import { formatSpan } from './english.ts';
import { groupText } from './flow-text.ts';
import { measureOf } from './measure.ts';

/** The word an alert is filed under: its severity while it burns, else what it is. */
export function alertLabel(alert: Alert): string {
  if (alert.type === 'test') return 'TEST';
  if (alert.type === 'service') return 'SERVICE';
  if (alert.status === 'resolved') return 'RESOLVED';
  const severity = alert.rule.severity.toUpperCase();
  return alert.status === 'updated' ? `${severity}, ONGOING` : severity;
}

/** Title and group: `Port probing from the internet: 198.51.100.7 -> 10.0.0.5`. */
export function titleLine(alert: Alert): string {
  const group = groupText(alert.group);
  const title = cleanLine(alert.rule.title || alert.rule.id);
  return group === '' ? title : `${title}: ${group}`;
}

/**
 * The first line of a message. What is over does not open with what happened, which would read as
 * if it happened now.
 */
export function openingLine(alert: Alert): string {
  if (alert.status === 'resolved') return titleLine(alert);
  return cleanLine(alert.message) || cleanLine(alert.rule.title);
}

/** What became of an alert that was told before; empty for one that is new. */
export function outcomeLine(alert: Alert): string {
  if (alert.status === 'firing') return '';
  if (alarmState(alert) !== undefined) return alarmLine(alert);
  if (alert.status === 'updated') {
    return `Not over yet: this is message ${alert.seq + 1} of the alert.`;
  }
  const end =
    measureOf(alert) === 'silence'
      ? `Records come again since ${at(alert.window.end)}`
      : `Over: nothing more since ${at(alert.lastSeen)}`;
  const message = cleanLine(alert.message);
  return message === '' ? `${end}.` : `${end}. It was: ${message}`;
}

/** Of an alarm there is no count of messages, and its reason tells why it is over. */
function alarmLine(alert: Alert): string {
  if (alert.status === 'updated') return 'It can neither be called well nor ill for now.';
  const reason = cleanLine(alert.message);
  return `Back to OK since ${at(alert.lastSeen)}${reason === '' ? '.' : `: ${reason}`}`;
}

function at(iso: string): string {
  return formatSpan(iso, iso);
}
