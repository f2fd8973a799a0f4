/** Conditions on an alert's own fields: what silences, routes and inhibition choose by. */
import { isGlob, matchesGlob } from '../config/glob.ts';
import { parseAddress, parseCidr } from '../records/address.ts';
import type { Alert } from './alert.ts';

/**
 * All fields must hold; of a field's values one is enough: a text, one with `*` and `?` for what may
 * stand there, or a CIDR for an address.
 */
export type AlertMatch = Readonly<Record<string, readonly string[]>>;

/** Fields beside those of the alert's group. */
export const ALERT_FIELDS = [
  'rule',
  'severity',
  'tag',
  'type',
  'status',
  'account',
  'region',
  'logGroup',
] as const;
type AlertField = (typeof ALERT_FIELDS)[number];

/** What of an alert is compared. */
export type MatchedAlert = Pick<Alert, 'type' | 'status' | 'group' | 'sources'> & {
  readonly rule: Pick<Alert['rule'], 'id' | 'severity' | 'tags'>;
};

/** Whether the alert meets every field; a match without fields is met by all. */
export function meetsAlert(match: AlertMatch, alert: MatchedAlert): boolean {
  return Object.entries(match).every(([field, wanted]) => {
    const found = valuesOf(alert, field);
    return wanted.some((pattern) => found.some((value) => fits(pattern, value)));
  });
}

function valuesOf(alert: MatchedAlert, field: string): readonly string[] {
  const { rule, type, status, sources, group } = alert;
  switch (field as AlertField) {
    case 'rule':
      return [rule.id];
    case 'severity':
      return [rule.severity];
    case 'tag':
      return rule.tags;
    case 'type':
      return [type];
    case 'status':
      return [status];
    case 'account':
    case 'region':
    case 'logGroup':
      return sources.flatMap((source) => source[field as 'account' | 'region' | 'logGroup'] ?? []);
    default:
      return Object.hasOwn(group, field) ? [String(group[field])] : [];
  }
}

function fits(pattern: string, value: string): boolean {
  if (pattern === value || (isGlob(pattern) && matchesGlob(pattern, value))) return true;
  return pattern.includes('/') && covers(pattern, value);
}

function covers(cidr: string, value: string): boolean {
  const address = parseAddress(value);
  if (address === undefined) return false;
  try {
    const { from, to } = parseCidr(cidr);
    return typeof from === typeof address && address >= from && address < to;
  } catch {
    // A log group's name has slashes as well.
    return false;
  }
}
