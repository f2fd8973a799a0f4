/** Rules, filters and records of the matching tests, with what the engine itself says of each line. */
import type { Snapshot } from '../../src/config/snapshot.ts';
import { newCounts, Parser } from '../../src/map/2-parse/parse.ts';
import { Enricher } from '../../src/map/3-enrich/enrich.ts';
import { predicateOf } from '../../src/map/4-match/evaluate.ts';
import type { RecordBatch } from '../../src/records/batch.ts';
import { DERIVED_FIELDS } from '../../src/records/fields.ts';
import { parseLayout } from '../../src/records/layout.ts';
import type { Match } from '../../src/rules/compiled.ts';
import { lineOf, type World } from '../map/4-match/worlds.ts';
import { inputOf } from '../map/inputs.ts';

/** When every event came; Unix seconds. */
const EVENT_TIME = 106;

const ALL_DERIVED = new Set(DERIVED_FIELDS.map(({ name }) => name));

export interface Parsed {
  readonly lines: readonly string[];
  readonly batch: RecordBatch;
  /** Whether the match holds for a row, by the engine. */
  readonly holds: (match: Match, row: number) => boolean;
  /** The line a row was made from. */
  readonly lineOf: (row: number) => string;
}

/** The lines of a world as the engine reads them, all derived fields filled in. */
export function parsed({ snapshot, records, format }: World): Parsed {
  return parsedLines(
    snapshot,
    records.map((record) => lineOf(record, format)),
    format,
  );
}

function parsedLines(
  { lists }: Pick<Snapshot, 'lists'>,
  lines: readonly string[],
  format: string,
): Parsed {
  const input = inputOf(lines, { formats: [format], times: lines.map(() => EVENT_TIME) });
  const batch = new Parser().parse(input, 0, lines.length, newCounts());
  new Enricher(lists.internal?.cidrs ?? [], ALL_DERIVED).enrich(batch);
  return {
    lines,
    batch,
    holds: (match, row) => predicateOf(match, lists)(batch, row),
    lineOf: (row) => lines[batch.lines[row]],
  };
}

export const layoutOf = ({ format }: World) => parseLayout(format);
