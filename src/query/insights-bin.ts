/** Bins of Logs Insights, which count each unit up to a bound of its own. */

const UNITS: readonly (readonly [unit: string, size: number, most: number])[] = [
  ['m', 60, 59],
  ['h', 3_600, 23],
];

/** The shortest bin of at least so many seconds; Insights counts minutes to 60 and hours to 24, which are the next unit's. */
export function binOf(seconds: number): { readonly unit: string; readonly seconds: number } {
  for (const [unit, size, most] of UNITS) {
    const count = Math.ceil(seconds / size);
    if (count <= most) return { unit: `${count}${unit}`, seconds: count * size };
  }
  const days = Math.ceil(seconds / 86_400);
  return { unit: `${days}d`, seconds: days * 86_400 };
}
