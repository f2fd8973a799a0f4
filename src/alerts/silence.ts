/** Whether an alert is held back at a time. Pure: hours of the week go by the time zone named. */
import type { CompiledSilence, WeeklyHours } from '../config/snapshot.ts';
import { type MatchedAlert, meetsAlert } from './alert-match.ts';

/**
 * The first silence that holds an alert back; undefined where none does.
 * @param time Unix seconds: the slot that fired
 */
export function silenceOf(
  silences: readonly CompiledSilence[],
  alert: MatchedAlert,
  time: number,
): CompiledSilence | undefined {
  return silences.find(
    // Hours are asked last: they cost the most.
    (silence) =>
      isBetween(silence, time) && meetsAlert(silence.match, alert) && isHour(silence, time),
  );
}

/** Whether a silence holds back what it matches at a time. @param time Unix seconds */
export function isInForce(silence: CompiledSilence, time: number): boolean {
  return isBetween(silence, time) && isHour(silence, time);
}

function isBetween({ from = -Infinity, until = Infinity }: CompiledSilence, time: number): boolean {
  return time >= from && time < until;
}

function isHour({ during }: CompiledSilence, time: number): boolean {
  return during === undefined || isDuring(during, time);
}

/** Whether a time lies in hours that recur each week. @param time Unix seconds */
export function isDuring({ days, from, to, zone }: WeeklyHours, time: number): boolean {
  const { day, minute } = localTime(zone, time);
  if (from < to) return days.includes(day) && minute >= from && minute < to;
  // They end on the day after the one they are named by.
  if (minute >= from) return days.includes(day);
  return minute < to && days.includes((day + 6) % 7);
}

const formatters = new Map<string, Intl.DateTimeFormat>();
const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];

function localTime(zone: string, time: number): { day: number; minute: number } {
  let formatter = formatters.get(zone);
  if (!formatter) {
    formatter = new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      weekday: 'short',
      hour: '2-digit',
      minute: '2-digit',
      hourCycle: 'h23',
    });
    formatters.set(zone, formatter);
  }
  const parts = formatter.formatToParts(time * 1000);
  const of = (type: string) => parts.find((part) => part.type === type)?.value ?? '';
  return {
    day: DAYS.indexOf(of('weekday')),
    minute: Number(of('hour')) * 60 + Number(of('minute')),
  };
}
