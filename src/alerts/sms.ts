/** A text message: what, whom, when; nothing else fits. */
import type { Alert } from './alert.ts';
import { cut, toAscii } from './clean.ts';
import { formatClock } from './english.ts';
import { measureOf } from './measure.ts';
import { alertLabel, openingLine } from './status.ts';

/** One SMS in the GSM alphabet holds 160 characters. */
const LONGEST = 160;

/** What the time at the end is of. */
const WHEN: Readonly<Record<Alert['status'], string>> = {
  firing: '',
  updated: '',
  resolved: 'over since ',
};

/** At most 160 printable ASCII characters. */
export function renderSms(alert: Alert): string {
  const over = alert.status === 'resolved' && measureOf(alert) === 'silence';
  const time = formatClock(over ? alert.window.end : alert.lastSeen);
  const where = toAscii(`${alert.stage} ${WHEN[alert.status]}${time} UTC`);
  const what = toAscii(`[${alertLabel(alert)}] ${openingLine(alert)}`);
  return cut(`${cut(what, LONGEST - where.length - 1)} ${where}`, LONGEST);
}
