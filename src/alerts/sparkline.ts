/** A window's records over time in one line of text: `▁▁▂▇█▃`. */
import type { AlertSeries } from './alert.ts';
import { formatDuration, formatNumber } from './english.ts';

/** Nothing, then eighths of the greatest value; all of one width in the fonts of chats and mails. */
const BLOCKS = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'] as const;

/** What a phone shows in one line. */
const WIDEST = 30;

/** One block a value. Only nothing looks like nothing, however small the rest is. */
export function sparkline(values: readonly number[]): string {
  const greatest = values.reduce((most, value) => Math.max(most, value), 0);
  const steps = BLOCKS.length - 1;
  return values
    .map((value) => BLOCKS[value > 0 ? Math.max(1, Math.round((value / greatest) * steps)) : 0])
    .join('');
}

/**
 * The line with its scale: `▁▂█ up to 64 records a minute`. Long series are drawn coarser; one of a
 * single slot, or with nothing in it, has no course to show and is an empty text.
 */
export function seriesText(series: AlertSeries | undefined): string {
  if (series === undefined || !(series.slot > 0)) return '';
  const width = Math.ceil(series.values.length / WIDEST);
  const values = joined(series.values, width);
  const greatest = values.reduce((most, value) => Math.max(most, value), 0);
  if (values.length < 2 || greatest === 0) return '';
  const slot = series.slot * width;
  const every = slot === 60 ? 'a minute' : `in ${formatDuration(slot)}`;
  const records = greatest === 1 ? 'record' : 'records';
  return `${sparkline(values)} up to ${formatNumber(greatest)} ${records} ${every}`;
}

/** Sums of `width` neighbours. */
function joined(values: readonly number[], width: number): number[] {
  const sums = Array.from({ length: Math.ceil(values.length / width) }, () => 0);
  values.forEach((value, index) => {
    if (value > 0) sums[Math.floor(index / width)] += value;
  });
  return sums;
}
