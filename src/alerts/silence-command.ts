/** The command that keeps an alert's like silent for a while, ready to be pasted. */

import { alarmOf } from './alarm.ts';
import type { Alert } from './alert.ts';
import { cleanLine, cleanValue } from './clean.ts';

/** A longer one is neither read nor pasted. */
const LONGEST = 1_000;

const LONGEST_VALUE = 120;

/**
 * `npx flowlog-alerts silence add --stage prod --match rule=ssh-from-internet --match dstaddr=10.0.0.5
 * --for 2h --reason 'alert ABC'`. Undefined for what is over and for what silences do not hide: tests,
 * the service's own troubles and alarms.
 * @param region of the deployment, where it is known
 */
export function silenceCommand(alert: Alert, region?: string): string | undefined {
  const silenceable = alert.type === 'alert' || alert.type === 'summary';
  if (!silenceable || alert.status === 'resolved' || alarmOf(alert) !== undefined) {
    return undefined;
  }
  const matches = Object.entries(alert.group).map(([field, value]) => `${field}=${pattern(value)}`);
  const words = [
    ...['npx', 'flowlog-alerts', 'silence', 'add', '--stage', cleanLine(alert.stage)],
    ...(region === undefined ? [] : ['--region', region]),
    ...[`rule=${alert.rule.id}`, ...matches].flatMap((match) => ['--match', match]),
    ...['--for', '2h', '--reason', `alert ${cleanLine(alert.id)}`],
  ];
  const command = words.map(quoted).join(' ');
  return command.length <= LONGEST ? command : undefined;
}

/** The value as silences compare it; where it had to be cleaned, wild cards stand for what was there. */
function pattern(value: string | number): string {
  const text = cleanValue(value);
  return text.length >= LONGEST_VALUE && text.endsWith('…') ? `${text.slice(0, -1)}*` : text;
}

/**
 * For a POSIX shell: no value can end the command or begin another. Neither quotes nor backticks are
 * left inside, so that a chat's own escaping of them changes nothing.
 */
function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replace(/[`'\\]/g, '?')}'`;
}
