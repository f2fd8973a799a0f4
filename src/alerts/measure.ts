/** What a rule's value counts: `records`, or the field whose sum it is. */
import type { Alert } from './alert.ts';
import { formatBytes, formatNumber, plural } from './english.ts';

/** `120 records`, `1.2 GB`, `3 packets`; a bare number where the measure is not known. */
export function amount(value: number, measure: string | undefined): string {
  if (measure === undefined) return formatNumber(value);
  if (measure === 'bytes') return formatBytes(value);
  if (measure === 'records') return plural(value, 'record');
  if (measure === 'packets') return plural(value, 'packet');
  return `${formatNumber(value)} ${measure}`;
}

/** A threshold beside its value: only bytes need their unit again. */
export function limit(threshold: number, measure: string | undefined): string {
  return amount(threshold, measure === 'bytes' ? measure : undefined);
}

/** The measure an alert names; for one that names none, what its evidence lets no doubt about. */
export function measureOf(alert: Alert): string | undefined {
  if (alert.measure !== undefined) return alert.measure;
  const { records, bytes, packets } = alert.evidence;
  const fitting = [
    ['records', records],
    ['bytes', bytes],
    ['packets', packets],
  ].filter(([, total]) => total === alert.value);
  return fitting.length === 1 ? (fitting[0][0] as string) : undefined;
}

/** Seconds of the window an alert was decided on. */
export function windowSeconds(alert: Alert): number {
  return (Date.parse(alert.window.end) - Date.parse(alert.window.start)) / 1_000 || 0;
}
