/** Numbers, amounts and times as an English sentence says them; no locale of the machine enters. */

/** 1234567 -> `1,234,567`; fractions keep at most two places. */
export function formatNumber(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  const [whole, fraction] = trimmed(Math.abs(value), 2).split('.');
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ',');
  return `${value < 0 ? '-' : ''}${grouped}${fraction === undefined ? '' : `.${fraction}`}`;
}

const UNITS = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'] as const;

/** Bytes in powers of ten, as rules write them: 1500000 -> `1.5 MB`. */
export function formatBytes(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (Math.abs(value) >= 999.95 && unit < UNITS.length - 1) {
    value /= 1_000;
    unit++;
  }
  return `${trimmed(value, 1)} ${UNITS[unit]}`;
}

const SPANS = [
  [86_400, 'day'],
  [3_600, 'hour'],
  [60, 'minute'],
  [1, 'second'],
] as const;

/** Seconds in their two greatest units: 5400 -> `1 hour 30 minutes`. */
export function formatDuration(seconds: number): string {
  let rest = Math.max(0, Math.round(seconds));
  const first = SPANS.findIndex(([span]) => rest >= span);
  if (first < 0) return '0 seconds';
  const words: string[] = [];
  for (const [span, name] of SPANS.slice(first, first + 2)) {
    const count = Math.floor(rest / span);
    rest -= count * span;
    if (count > 0) words.push(plural(count, name));
  }
  return words.join(' ');
}

/** `1 record`, `2 records`, `1,200 records`. */
export function plural(count: number, noun: string): string {
  return `${formatNumber(count)} ${noun}${count === 1 ? '' : 's'}`;
}

/** A share between 0 and 1: 0.034 -> `3.4%`; above nothing never reads as nothing. */
export function formatShare(share: number): string {
  if (share > 0 && share < 0.001) return 'under 0.1%';
  return `${trimmed(share * 100, 1)}%`;
}

/** An ISO time's clock, `10:31:02`, in UTC. */
export function formatClock(iso: string): string {
  return parts(iso)?.[1] ?? iso;
}

/**
 * From one ISO time to another, in UTC: `2026-11-23 10:31:02 UTC`,
 * `2026-11-23 10:31:02 to 10:35:00 UTC`, with the second date where it differs.
 */
export function formatSpan(from: string, to: string): string {
  const first = parts(from);
  const last = parts(to);
  if (!first || !last) return from === to ? from : `${from} to ${to}`;
  if (from === to) return `${first[0]} ${first[1]} UTC`;
  const end = first[0] === last[0] ? last[1] : `${last[0]} ${last[1]}`;
  return `${first[0]} ${first[1]} to ${end} UTC`;
}

function parts(iso: string): [date: string, clock: string] | undefined {
  const time = Date.parse(iso);
  if (Number.isNaN(time)) return undefined;
  const text = new Date(time).toISOString();
  return [text.slice(0, 10), text.slice(11, 19)];
}

function trimmed(value: number, places: number): string {
  return value.toFixed(places).replace(/\.?0+$/, '');
}
