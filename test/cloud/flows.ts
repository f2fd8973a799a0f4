/** Flow-log lines for the cloud tests, at times of now: the deployed service has a clock. */

export interface Flow {
  readonly srcaddr: string;
  readonly dstaddr: string;
  readonly dstport: number;
  readonly srcport?: number;
  readonly action?: 'ACCEPT' | 'REJECT';
  /** Unix seconds; default: a minute ago. */
  readonly start?: number;
}

export const minuteAgo = () => Math.floor(Date.now() / 1_000) - 60;

/** A line in the default format. */
export function line(flow: Flow): string {
  const { srcaddr, dstaddr, dstport, srcport = 49_152, action = 'ACCEPT' } = flow;
  const { start = minuteAgo() } = flow;
  return `2 123456789012 eni-0123456789abcdef0 ${srcaddr} ${dstaddr} ${srcport} ${dstport} 6 10 840 ${start} ${start + 30} ${action} OK`;
}

/** The lines of a recorded file with their times moved so that the last begins a minute ago. */
export function broughtUpToDate(lines: readonly string[], column: number): string[] {
  const rows = lines.map((text) => text.trim().split(/\s+/));
  const latest = Math.max(...rows.map((row) => Number(row[column])));
  const shift = minuteAgo() - latest;
  const times = new Set(rows.flatMap((row) => [row[column]]));
  return rows.map((row) =>
    row
      .map((value, index) =>
        index === column || (times.has(value) && /^\d{10}$/.test(value))
          ? String(Number(value) + shift)
          : value,
      )
      .join(' '),
  );
}
