/** Silences in words. */
import type { AlertMatch } from '../alerts/alert-match.ts';
import { isInForce } from '../alerts/silence.ts';
import type { CompiledSilence, WeeklyHours } from '../config/snapshot.ts';

/** `rule=ssh, dstport=22 or 23`. */
export function matchText(match: AlertMatch): string {
  return Object.entries(match)
    .map(([field, values]) => `${field}=${values.map(short).join(' or ')}`)
    .join(', ');
}

/** One address reads better without the length of its block. */
function short(value: string): string {
  return value.replace(/^([\d.]+)\/32$|^([\da-f:]+)\/128$/, '$1$2');
}

/** `waiting`: between two of its weekly hours. */
export type SilenceState = 'active' | 'waiting' | 'upcoming' | 'ended';

/** @param now Unix seconds */
export function stateOf(silence: CompiledSilence, now: number): SilenceState {
  if (silence.until !== undefined && now >= silence.until) return 'ended';
  if (silence.from !== undefined && now < silence.from) return 'upcoming';
  return isInForce(silence, now) ? 'active' : 'waiting';
}

/** When it holds: `until 2026-12-31 18:00`, `sat sun 22:00-06:00 Europe/Zurich`. */
export function whenText({ from, until, during }: CompiledSilence, state: SilenceState): string {
  return [
    during && hoursText(during),
    state === 'upcoming' && from !== undefined && `from ${minute(from)}`,
    until !== undefined && `until ${minute(until)}`,
  ]
    .filter(Boolean)
    .join(' ');
}

const DAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];

function hoursText({ days, from, to, zone }: WeeklyHours): string {
  const named = days.length === 7 ? 'daily' : days.map((day) => DAYS[day]).join(' ');
  return `${named} ${clock(from)}-${to === 0 ? '24:00' : clock(to)} ${zone}`;
}

function clock(minutes: number): string {
  const two = (value: number) => String(value).padStart(2, '0');
  return `${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}

function minute(seconds: number): string {
  return new Date(seconds * 1000).toISOString().slice(0, 16).replace('T', ' ');
}
