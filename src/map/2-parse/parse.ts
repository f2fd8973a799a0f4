/** Lines into a batch of records; what is not a flow is counted, with the reason. */
import {
  type CodeColumn,
  type Column,
  fieldFor,
  type NumberColumn,
  RecordBatch,
} from '../../records/batch.ts';
import { FLOW_FIELDS } from '../../records/fields.ts';
import type { Layout } from '../../records/layout.ts';
import { lineOfRow } from '../../records/table.ts';
import { isTransitGateway } from '../../records/transit-gateway.ts';
import type { Batch, Lines } from '../1-decode/lines.ts';
import { AMBIGUOUS, FAULTS, NO_TIME, OK } from './faults.ts';
import { LineParser } from './line-parser.ts';
import { TableRows } from './table-rows.ts';

/** Rows a batch holds at most; longer inputs are parsed in turns of this many lines. */
export const BATCH_ROWS = 16_384;

/** What became of the lines of a batch. */
export interface Counts {
  /** Flows. */
  records: number;
  malformed: number;
  noData: number;
  skipData: number;
  /** Lines outside the span of time that was asked for. */
  outside: number;
  /** Malformed lines by reason, unreadable ones of the decoder included. */
  readonly reasons: Record<string, number>;
  /** One line for each reason, cut to 200 characters. */
  readonly samples: { readonly reason: string; readonly line: string }[];
}

export function newCounts(): Counts {
  return {
    records: 0,
    malformed: 0,
    noData: 0,
    skipData: 0,
    outside: 0,
    reasons: {},
    samples: [],
  };
}

/** When lines without a flow began; Unix seconds. */
export interface Flowless {
  readonly noData: number[];
  readonly skipData: number[];
}

/** Times that are looked at: from `from` on, before `until`; Unix seconds. */
export interface TimeSpan {
  readonly from: number;
  readonly until: number;
}

const ALL_TIME: TimeSpan = { from: -Infinity, until: Infinity };

const SAMPLE_LENGTH = 200;
const LOG_STATUS_NODATA = 2;
const LOG_STATUS_SKIPDATA = 3;

/** Parses lines into one batch that it keeps and fills again. */
export class Parser {
  readonly batch = new RecordBatch(BATCH_ROWS);
  /** Lines of the last turn that carried no flow and yet tell a time. */
  readonly flowless: Flowless = { noData: [], skipData: [] };
  readonly #parsers = new Map<string, LineParser>();
  #layouts: readonly Layout[] = [];
  #bound: readonly LineParser[] = [];
  /** Columns of each layout that make a line a flow. */
  #flows: readonly (readonly Column[])[] = [];
  readonly #span: TimeSpan;

  constructor(span = ALL_TIME) {
    this.#span = span;
  }

  /**
   * Parses lines `[from, to)`, at most BATCH_ROWS of them, and adds to `counts`.
   * A header line among them changes nothing but is no record either: readers of files split there.
   */
  parse(input: Batch, from: number, to: number, counts: Counts): RecordBatch {
    const { lines, layouts, table } = input;
    const { batch } = this;
    batch.reset(lines.bytes);
    if (layouts !== this.#layouts) this.#bind(layouts);
    const parsers = this.#bound;
    // Two flow logs of one format are no two candidates.
    const only = parsers.every((parser) => parser === parsers[0]) ? parsers[0] : undefined;
    const rows = table && new TableRows(table, batch);
    const status = batch.column('log-status') as CodeColumn | undefined;
    const start = batch.column('start') as NumberColumn | undefined;
    const end = batch.column('end') as NumberColumn | undefined;
    const { noData, skipData } = this.flowless;
    noData.length = 0;
    skipData.length = 0;
    const { from: since, until } = this.#span;
    let row = 0;
    for (let i = from; i < to; i++) {
      if (only) batch.layouts[row] = 0;
      const fault = rows
        ? rows.copy(i, row)
        : only
          ? only.parse(lines.bytes, lines.starts[i], lines.ends[i], row)
          : this.#parseByCandidates(parsers, lines.bytes, lines.starts[i], lines.ends[i], row);
      if (fault !== OK) {
        countFault(counts, fault, input, i);
        continue;
      }
      const time = timeOf(start, end, row, lines, i);
      if (time < since || time >= until) {
        counts.outside++;
        continue;
      }
      const code = status === undefined ? 0 : status.codes[row];
      if (code === LOG_STATUS_NODATA || (code === 0 && this.#carriesNoFlow(row))) {
        counts.noData++;
        if (time >= 0) noData.push(time);
      } else if (code === LOG_STATUS_SKIPDATA) {
        counts.skipData++;
        if (time >= 0) skipData.push(time);
      } else {
        if (!(time >= 0)) {
          countFault(counts, NO_TIME, input, i);
          continue;
        }
        batch.times[row] = time;
        batch.lines[row] = i;
        row++;
      }
    }
    batch.count = row;
    counts.records += row;
    return batch;
  }

  /** Most batches have the layouts of the one before: their columns are there already. */
  #bind(layouts: readonly Layout[]): void {
    this.#layouts = layouts;
    this.batch.clear();
    this.#bound = layouts.map((layout) => this.#parserFor(layout));
    this.batch.transit = layouts.map(({ fields }) => isTransitGateway(fields));
    for (const layout of layouts) for (const field of layout.fields) this.batch.define(field);
    this.#flows = layouts.map(({ fields }) =>
      fields
        .filter(({ name }) => FLOW_FIELDS.includes(name))
        .map((field) => this.batch.define(field)),
    );
  }

  /** Formats without log-status show NODATA and SKIPDATA as a line whose flow is all absent. */
  #carriesNoFlow(row: number): boolean {
    const flow = this.#flows[this.batch.layouts[row]];
    for (const column of flow) {
      if (column.kind === 'address' && column.family[row] !== 0) return false;
      if (column.kind === 'number' && !Number.isNaN(column.values[row])) return false;
    }
    return flow.length > 0;
  }

  #parserFor(layout: Layout): LineParser {
    let parser = this.#parsers.get(layout.format);
    if (!parser) {
      parser = new LineParser(layout, this.batch);
      this.#parsers.set(layout.format, parser);
    }
    return parser;
  }

  /** One group may have several formats: the only one that fits is right, two are ambiguous. */
  #parseByCandidates(
    parsers: readonly LineParser[],
    bytes: Uint8Array,
    from: number,
    to: number,
    row: number,
  ): number {
    let fits: LineParser | undefined;
    let parses: LineParser | undefined;
    let fitting = 0;
    let parsing = 0;
    let fault = OK;
    for (const parser of new Set(parsers)) {
      const result = parser.parse(bytes, from, to, row);
      if (result !== OK) {
        fault = Math.max(fault, result);
        continue;
      }
      parses = parser;
      parsing++;
      if (parser.plausible(bytes, row)) {
        fits = parser;
        fitting++;
      }
    }
    if (parsing === 0) return fault;
    const chosen =
      fitting === 1 || parsing === 1
        ? (fits ?? parses)
        : this.#withoutFlow(parsers, bytes, from, to, row);
    if (!chosen) return AMBIGUOUS;
    this.#clear(row);
    this.batch.layouts[row] = parsers.indexOf(chosen);
    return chosen.parse(bytes, from, to, row);
  }

  /** A line without a flow has little to tell candidates apart by: one if all see NODATA or SKIPDATA. */
  #withoutFlow(
    parsers: readonly LineParser[],
    bytes: Uint8Array,
    from: number,
    to: number,
    row: number,
  ): LineParser | undefined {
    const status = this.batch.column('log-status') as CodeColumn | undefined;
    let found: LineParser | undefined;
    let first = 0;
    for (const parser of parsers) {
      if (status) status.codes[row] = 0;
      if (parser.parse(bytes, from, to, row) !== OK) continue;
      const code = status?.codes[row] ?? 0;
      if (code !== LOG_STATUS_NODATA && code !== LOG_STATUS_SKIPDATA) return undefined;
      found ??= parser;
      first ||= code;
      if (code !== first) return undefined;
    }
    return found;
  }

  /** Fields of the other candidates are absent from this row. */
  #clear(row: number): void {
    for (const name of this.batch.fields) {
      const column = this.batch.define(fieldFor(name));
      if (column.kind === 'number') column.values[row] = Number.NaN;
      else if (column.kind === 'address') column.family[row] = 0;
      else if (column.kind === 'text') column.ends[row] = 0;
      else column.codes[row] = 0;
    }
  }
}

/** `start`, else `end`, else when the event came; NaN where none of them is known. */
function timeOf(
  start: NumberColumn | undefined,
  end: NumberColumn | undefined,
  row: number,
  lines: Lines,
  line: number,
): number {
  let time = start === undefined ? Number.NaN : start.values[row];
  if (Number.isNaN(time) && end !== undefined) time = end.values[row];
  if (!Number.isNaN(time)) return time;
  // Worked out when asked for, which a batch that has `start` never does.
  const { times } = lines;
  return times === undefined ? Number.NaN : Math.floor(times[line]);
}

function countFault(counts: Counts, fault: number, { lines, table }: Batch, i: number): void {
  const reason = FAULTS[fault];
  const seen = counts.reasons[reason] ?? 0;
  counts.reasons[reason] = seen + 1;
  counts.malformed++;
  if (seen === 0) {
    const { bytes, starts, ends } = lines;
    const line = table
      ? Buffer.from(lineOfRow(table, i))
      : Buffer.from(bytes.buffer, bytes.byteOffset + starts[i], ends[i] - starts[i]);
    counts.samples.push({ reason, line: line.toString('utf8', 0, SAMPLE_LENGTH) });
  }
}
