import { type Counts, newCounts, Parser } from '../../../src/map/2-parse/parse.ts';
import { type InputOptions, inputOf } from '../inputs.ts';

export type Record = { [field: string]: string | number };

export interface Parsed {
  readonly records: Record[];
  readonly times: number[];
  readonly lines: number[];
  readonly layouts: number[];
  readonly counts: Counts;
}

const shared = new Parser();

/** Parses lines in one turn and copies out what came of it. */
export function parse(
  lines: readonly (string | Uint8Array)[],
  options?: InputOptions,
  parser = shared,
): Parsed {
  const counts = newCounts();
  const batch = parser.parse(inputOf(lines, options), 0, lines.length, counts);
  const rows = Array.from({ length: batch.count }, (_, row) => row);
  const records = rows.map((row) =>
    Object.fromEntries(
      [...batch.fields].flatMap((field) => {
        const value = batch.value(field, row);
        return value === undefined ? [] : [[field, value]];
      }),
    ),
  );
  return {
    records,
    times: rows.map((row) => batch.times[row]),
    lines: rows.map((row) => batch.lines[row]),
    layouts: rows.map((row) => batch.layouts[row]),
    counts,
  };
}

/** What one line is: a record, no flow, or the reason why it is neither. */
export function verdict(line: string | Uint8Array, options?: InputOptions): string {
  const { counts } = parse([line], options);
  if (counts.records === 1) return 'record';
  if (counts.noData === 1) return 'no data';
  if (counts.skipData === 1) return 'skipped data';
  return Object.keys(counts.reasons).join();
}
