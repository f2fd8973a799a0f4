/** A silence's document from what was given on a command line. */

import { stringify } from 'yaml';
import { iso } from '../alerts/iso-time.ts';
import { CommandError, EXIT } from './exit.ts';

export interface WrittenSilence {
  readonly id: string;
  /** YAML, as it is stored. */
  readonly text: string;
  /** Unix seconds. */
  readonly from: number;
  readonly until: number;
  readonly reason: string;
}

export interface SilenceWish {
  /** `field=value`. */
  readonly match?: readonly string[];
  /** Seconds. */
  readonly for?: number;
  /** Unix seconds. */
  readonly until?: number;
  readonly from?: number;
  readonly reason?: string;
  readonly id?: string;
}

/** Records come minutes after what they tell of: without --from, those on their way are meant too; seconds. */
const BACK = 3_600;
/** Longest id that is made here: the time comes after it. */
const LONGEST_NAME = 48;

/**
 * @param now Unix seconds
 * @throws CommandError where something is missing or makes no sense
 */
export function silenceDocument(wish: SilenceWish, now: number): WrittenSilence {
  const match = matchOf(wish.match ?? []);
  if ((wish.for === undefined) === (wish.until === undefined)) {
    throw usage('Give --for or --until, and not both: every silence has an end.');
  }
  const from = wish.from ?? now - BACK;
  const until = wish.until ?? (wish.from ?? now) + (wish.for ?? 0);
  if (until <= now) throw usage(`${iso(until)} is past: the silence would hold nothing back.`);
  if (until <= from) throw usage(`--until ${iso(until)} is not after --from ${iso(from)}.`);
  const reason = wish.reason ?? '';
  const text = stringify({
    match,
    from: iso(from),
    until: iso(until),
    ...(reason === '' ? {} : { reason }),
  });
  return { id: wish.id ?? nameOf(match, now), text, from, until, reason };
}

function matchOf(given: readonly string[]): Record<string, string | string[]> {
  if (given.length === 0) {
    throw usage("Give at least one --match, like --match rule=ssh-*; 'rule=*' is every alert.");
  }
  const match: Record<string, string[]> = {};
  for (const one of given) {
    const at = one.indexOf('=');
    const field = one.slice(0, at).trim();
    const values = one
      .slice(at + 1)
      .split(',')
      .map((value) => value.trim());
    if (at < 1 || field === '' || values.includes('')) {
      throw usage(`--match ${one} is not of the form field=value.`);
    }
    match[field] = [...(match[field] ?? []), ...values];
  }
  return Object.fromEntries(
    Object.entries(match).map(([field, values]) => [field, values.length > 1 ? values : values[0]]),
  );
}

/** `ssh-from-internet-20261123-1200`. */
function nameOf({ rule, ...rest }: Record<string, string | string[]>, now: number): string {
  const about = [rule ?? Object.values(rest)[0]].flat()[0] ?? '';
  const name = about
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, LONGEST_NAME)
    .replace(/^-+|-+$/g, '');
  const time = iso(now).slice(0, 16).replace(/[-:]/g, '').replace('T', '-');
  return `${name === '' ? 'silence' : name}-${time}`;
}

function usage(message: string): CommandError {
  return new CommandError(EXIT.usage, message);
}
