/** A text message: what, whom, when; nothing else fits. */
import type { Alert } from './alert.ts';
import { cut, toAscii } from './clean.ts';
import { formatClock } from './english.ts';
import { alertLabel } from './subject.ts';

/** One SMS in the GSM alphabet holds 160 characters. */
const LONGEST = 160;

/** At most 160 printable ASCII characters. */
export function renderSms(alert: Alert): string {
  const where = toAscii(`${alert.stage} ${formatClock(alert.lastSeen)} UTC`);
  const what = toAscii(`[${alertLabel(alert)}] ${alert.message || alert.rule.title}`);
  return cut(`${cut(what, LONGEST - where.length - 1)} ${where}`, LONGEST);
}
