const UNITS = { d: 86_400, h: 3_600, m: 60, s: 1 } as const;

/** `30s`, `5m`, `1h30m`, `7d`, or digits for seconds: larger units first, each at most once. */
export const DURATION = /^(?:(\d+)|(?=\d)(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?)$/;

/** Longest duration taken anywhere: a year. Seconds. */
export const LONGEST_DURATION = 366 * 86_400;

/**
 * @returns seconds, or undefined for what is no duration or longer than a year
 */
export function parseDuration(value: string | number): number | undefined {
  if (typeof value === 'number') {
    return Number.isInteger(value) && value >= 0 && value <= LONGEST_DURATION ? value : undefined;
  }
  const parts = DURATION.exec(value.trim());
  if (!parts) return undefined;
  const [, plain, days, hours, minutes, seconds] = parts.map((part) => Number(part ?? 0));
  const total = plain + days * UNITS.d + hours * UNITS.h + minutes * UNITS.m + seconds;
  return total <= LONGEST_DURATION ? total : undefined;
}

/** The shortest way to write it: 5400 is `1h30m`, 0 is `0s`. */
export function formatDuration(seconds: number): string {
  let rest = seconds;
  let text = '';
  for (const [unit, size] of Object.entries(UNITS)) {
    const count = Math.floor(rest / size);
    if (count > 0) text += `${count}${unit}`;
    rest -= count * size;
  }
  return text === '' ? '0s' : text;
}
