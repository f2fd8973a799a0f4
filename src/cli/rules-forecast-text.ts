/** A forecast as a table, and as JSON. */
import { cleanLine } from '../alerts/clean.ts';
import { formatBytes, formatDuration, formatNumber } from '../alerts/english.ts';
import { DELIVERY, type Written } from '../forecast/digest-cost.ts';
import { dollarsAMonth, type RuleForecast } from '../forecast/forecast.ts';
import { renderTable } from './table.ts';

export interface ForecastReport {
  /** Of traffic, or of log. */
  readonly seconds: number;
  readonly records?: number;
  readonly rules: readonly RuleForecast[];
  /** There is a `before`. */
  readonly compared: boolean;
  readonly written?: { readonly before?: Written; readonly after: Written };
}

/** Groups that are named; the rest is counted. */
const MOST_NAMED = 3;
const DAY = 86_400;

export function reportLines(report: ForecastReport): string[] {
  const { rules, seconds, records, compared } = report;
  const traffic = records === undefined ? '' : `${formatNumber(records)} records over `;
  const short = seconds < DAY ? ', which is less than a day: a day is taken to go on like it' : '';
  return [
    ...(rules.length === 0 ? ['No rule would send anything.'] : table(rules, compared)),
    '',
    `Alerts a day, from ${traffic}${formatDuration(seconds)}${short}.`,
    ...costLines(report),
  ];
}

function table(rules: readonly RuleForecast[], compared: boolean): string[] {
  const head = [
    { title: 'rule' },
    ...(compared ? [{ title: 'before', align: 'right' } as const] : []),
    { title: compared ? 'after' : 'a day', align: 'right' } as const,
    { title: 'folded', align: 'right' } as const,
    ...(compared ? [{ title: 'groups gained and lost' }] : []),
  ];
  const rows = rules.map(({ rule, shadow, before, after, folded, gained, lost }) => [
    `${rule}${shadow ? ' (shadow)' : ''}`,
    ...(compared ? [rate(before)] : []),
    rate(after),
    folded === 0 ? '-' : rate(folded),
    ...(compared ? [[named('+', gained), named('-', lost)].filter(Boolean).join('  ')] : []),
  ]);
  return renderTable(head, rows);
}

function rate(perDay: number | undefined): string {
  if (perDay === undefined) return 'none';
  return perDay === 0 || perDay >= 10 ? formatNumber(Math.round(perDay)) : perDay.toFixed(1);
}

function named(sign: string, groups: readonly string[]): string {
  if (groups.length === 0) return '';
  const shown = groups.slice(0, MOST_NAMED).map(cleanLine).join('; ');
  const rest = groups.length - MOST_NAMED;
  return `${sign}${formatNumber(groups.length)} ${shown}${rest > 0 ? '; ...' : ''}`;
}

function costLines({ written, seconds }: ForecastReport): string[] {
  if (!written) return [];
  const line = (name: string, one: Written) =>
    `Digests${name}: ${formatNumber(one.digests)} of ${formatBytes(one.bytes)}, ${formatNumber(one.units)} write units, $${dollarsAMonth(one, seconds).toFixed(2)} a month`;
  const { before, after } = written;
  return [
    ...(before ? [`${line(' before', before)}.`] : []),
    `${line(before ? ' after' : '', after)}, if records come ${DELIVERY} at a time.`,
  ];
}

export function reportJson(report: ForecastReport): string[] {
  const { rules, seconds, records, written } = report;
  const dollars = (one: Written) => ({ ...one, dollarsAMonth: dollarsAMonth(one, seconds) });
  return [
    ...rules.map((rule) => JSON.stringify({ kind: 'rule', ...rule })),
    JSON.stringify({
      kind: 'summary',
      seconds,
      ...(records !== undefined && { records }),
      ...(written && {
        digests: {
          ...(written.before && { before: dollars(written.before) }),
          after: dollars(written.after),
        },
      }),
    }),
  ];
}
