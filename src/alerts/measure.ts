/** What a rule's value counts, and how it reads: `120 records`, `more than 25 distinct dstport`, `62%`. */
import type { CompiledRule } from '../rules/compiled.ts';
import type { Alert } from './alert.ts';
import { formatBytes, formatDuration, formatNumber, formatShare, plural } from './english.ts';

/** What a rule's value counts: `records`, a field whose sum it is, or a name that `amount` knows. */
export function measureOfRule({ detect }: Pick<CompiledRule, 'detect'>): string {
  switch (detect.kind) {
    case 'every':
    case 'new':
      return 'records';
    case 'count':
      return detect.of === undefined ? 'records' : 'distinct connections';
    case 'sum':
      return detect.field;
    case 'spike':
      return detect.field ?? 'records';
    case 'distinct':
      return `distinct ${detect.fields.join(', ')}`;
    case 'ratio':
      return 'share';
    case 'absent':
      return 'silence';
    case 'beacon':
      return 'regular connections';
    case 'unanswered':
      return 'unanswered connections';
    case 'sequence':
      return 'steps';
    case 'visibility':
      return detect.of;
  }
}

/** Shares of a source's lines, and what became of them. */
const LOST: Readonly<Record<string, string>> = {
  skipped: 'of the records skipped by AWS',
  malformed: 'of the lines unreadable',
};

/** A value with what it counts: `120 records`, `1.2 GB`; a bare number where the measure is not known. */
export function amount(value: number, measure: string | undefined): string {
  if (measure === undefined) return formatNumber(value);
  if (measure === 'bytes') return formatBytes(value);
  if (measure === 'share') return formatShare(value);
  if (measure === 'silence') return `no record for ${formatDuration(value)}`;
  if (measure === 'steps') return value === 2 ? 'both steps' : `all ${plural(value, 'step')}`;
  if (Object.hasOwn(LOST, measure)) return `${formatShare(value)} ${LOST[measure]}`;
  if (/^(?:records|packets|[a-z]+ connections)$/.test(measure)) {
    return plural(value, measure.slice(0, -1));
  }
  return `${formatNumber(value)} ${measure}`;
}

/** A value or threshold where what it counts is said beside it; units and percent stay. */
export function bareAmount(value: number, measure: string | undefined): string {
  if (measure === 'bytes') return formatBytes(value);
  if (measure === 'silence') return formatDuration(value);
  const share = measure !== undefined && (measure === 'share' || Object.hasOwn(LOST, measure));
  return share ? formatShare(value) : formatNumber(value);
}

/** Distinct values are told apart until there are more than the threshold, and no further. */
export function isAtLeast(value: number, threshold: number, measure: string | undefined): boolean {
  return value > threshold && measure?.startsWith('distinct ') === true;
}

export interface Decided {
  readonly value: number;
  readonly threshold: number;
  readonly measure: string | undefined;
  /** Matching records, for what is a share of them. */
  readonly records?: number;
  /** Seconds of the window; 0 where none is to be told. */
  readonly window: number;
}

/** What was decided on, in words: the value, and the threshold unless the value says it. */
export function decided({ value, threshold, measure, records = 0, window }: Decided): {
  readonly what: string;
  readonly threshold?: string;
} {
  const within = window > 0 && measure !== 'silence' ? ` in ${formatDuration(window)}` : '';
  if (isAtLeast(value, threshold, measure)) {
    return { what: `more than ${amount(threshold, measure)}${within}` };
  }
  const of = measure === 'share' && records > 0 ? ` of ${plural(records, 'record')}` : '';
  const what = `${amount(value, measure)}${of}${within}`;
  if (threshold <= 0 || measure === 'steps') return { what };
  return { what, threshold: bareAmount(threshold, measure) };
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

/** Seconds of the window an alert was decided on; 0 for later messages, whose span is the whole alert. */
export function windowSeconds(alert: Alert): number {
  if (alert.status !== 'firing') return 0;
  return (Date.parse(alert.window.end) - Date.parse(alert.window.start)) / 1_000 || 0;
}
