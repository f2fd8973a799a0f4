/** The most frequent values of a digest that has none, since its samples are all of its records. */
import { type GroupDigest, TALKERS } from '../../log/digest.ts';
import { recordOfLine } from '../../records/record-map.ts';

const WANTED: ReadonlySet<string> = new Set(TALKERS);

/** What a digest says of the most frequent values, in so many words or by its samples. */
export function topOfDigest({
  records,
  samples,
  top,
}: Pick<GroupDigest, 'records' | 'samples' | 'top'>): GroupDigest['top'] {
  if (records > samples.length || Object.keys(top).length > 0) return top;
  const rows = samples.map(({ format, line }) => recordOfLine(format, line, WANTED));
  return Object.fromEntries(
    TALKERS.flatMap((field) => {
      const counts = new Map<string | number, number>();
      for (const row of rows) {
        const value = row[field];
        if (value !== undefined) counts.set(value, (counts.get(value) ?? 0) + 1);
      }
      return counts.size === 0 ? [] : [[field, [...counts].sort((a, b) => b[1] - a[1])]];
    }),
  );
}
