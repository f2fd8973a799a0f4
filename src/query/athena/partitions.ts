/** The condition that spares Athena the paths in which no record of a span can be. */

const DAY = 86_400;
/** Objects are named by when they were delivered, minutes after their records; seconds. */
const DELIVERED_WITHIN = 2 * 3_600;
/** A longer span costs little more without a condition, which would be very long; days. */
const MOST_DAYS = 1_000;

/**
 * For tables whose partitions are `year`, `month` and `day`, as the stack makes them.
 * @param from Unix seconds
 * @param to the first second behind the span
 * @returns undefined where the span is too long for one
 */
export function partitionsBetween(from: number, to: number): string | undefined {
  const months = new Map<string, string[]>();
  const last = Math.floor((to - 1 + DELIVERED_WITHIN) / DAY);
  const first = Math.floor(from / DAY);
  if (last - first >= MOST_DAYS) return undefined;
  for (let day = first; day <= last; day++) {
    const [date] = new Date(day * DAY * 1_000).toISOString().split('T');
    const [year, month, number] = date.split('-');
    const name = `year = '${year}' AND month = '${month}'`;
    months.set(name, [...(months.get(name) ?? []), `'${number}'`]);
  }
  return [...months]
    .map(([name, days]) => `(${name} AND day IN (${days.join(', ')}))`)
    .join(' OR ');
}
