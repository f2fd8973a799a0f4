/** What a message is about: something new, something that goes on, something that is over. */
import { alarmOf } from './alarm.ts';
import type { Alert } from './alert.ts';
import { cleanLine } from './clean.ts';
import { formatSpan } from './english.ts';
import { groupText } from './flow-text.ts';
import { measureOf } from './measure.ts';

/** The word an alert is filed under: its severity while it burns, else what it is. */
export function alertLabel(alert: Alert): string {
  if (alert.type === 'test') return 'TEST';
  const service = alert.type === 'service';
  if (alert.status === 'resolved') return service ? 'SERVICE, RESOLVED' : 'RESOLVED';
  const label = service ? 'SERVICE' : alert.rule.severity.toUpperCase();
  if (alert.status === 'firing') return label;
  return `${label}, ${alarmOf(alert) === undefined ? 'ONGOING' : 'NO DATA'}`;
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
  const alarm = alarmOf(alert);
  if (alarm !== undefined) return alarmLine(alert, alarm.reason);
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
function alarmLine(alert: Alert, reason: string): string {
  if (alert.status === 'updated') return 'The alarm has no data to judge by.';
  return `Back to OK since ${at(alert.lastSeen)}${reason === '' ? '.' : `: ${reason}`}`;
}

function at(iso: string): string {
  return formatSpan(iso, iso);
}
