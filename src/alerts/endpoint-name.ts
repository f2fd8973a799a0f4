/** Who an address belongs to, as the inventory put it into an alert's context. */
import type { Alert } from './alert.ts';
import { cleanValue } from './clean.ts';

/** `web-1 (instance i-0123, vpc-0456)`; empty where nothing is known. */
export function endpointName(alert: Alert, side: 'src' | 'dst'): string {
  const owner = alert.context[side];
  if (typeof owner !== 'object' || owner === null) return '';
  const text = (key: string): string => {
    const value = (owner as Record<string, unknown>)[key];
    return typeof value === 'string' || typeof value === 'number' ? cleanValue(value) : '';
  };
  const name = text('name');
  const id = text('instance-id') || text('interface-id');
  const kind = [text('kind'), id].filter(Boolean).join(' ');
  const details = [kind, text('vpc-id')].filter(Boolean).join(', ');
  if (name === '') return details;
  return details === '' ? name : `${name} (${details})`;
}
