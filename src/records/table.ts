/**
 * Records that came as columns, before it is known which of them are flows: what a reader of
 * Parquet hands to the parser.
 */
import { formatIpv4, formatIpv6 } from './address.ts';
import type { Column } from './batch.ts';
import type { Layout } from './layout.ts';

export interface RecordTable {
  readonly count: number;
  readonly layout: Layout;
  /** What text columns point into. */
  readonly bytes: Uint8Array;
  /** By the layout's fields. */
  readonly columns: readonly Column[];
  /** Codes of what is wrong with each row, 0 where nothing is. */
  readonly faults: Uint8Array;
  /** What stands in cells that are wrong, by `row * fields + field`; a few, for samples. */
  readonly odd: ReadonlyMap<number, string>;
}

/** Rows `[from, to)` of a table, sharing its memory. */
export function rowsOf(table: RecordTable, from: number, to: number): RecordTable {
  const width = table.columns.length;
  const odd = new Map<number, string>();
  for (const [cell, text] of table.odd) {
    const row = Math.floor(cell / width);
    if (row >= from && row < to) odd.set(cell - from * width, text);
  }
  return {
    ...table,
    count: to - from,
    columns: table.columns.map((column) => part(column, from, to)),
    faults: table.faults.subarray(from, to),
    odd,
  };
}

function part(column: Column, from: number, to: number): Column {
  switch (column.kind) {
    case 'number':
      return { ...column, values: column.values.subarray(from, to) };
    case 'address':
      return {
        ...column,
        family: column.family.subarray(from, to),
        v4: column.v4.subarray(from, to),
        v6: column.v6?.subarray(from * 4, to * 4),
      };
    case 'text':
      return {
        ...column,
        starts: column.starts.subarray(from, to),
        ends: column.ends.subarray(from, to),
      };
    case 'code':
      return { ...column, codes: column.codes.subarray(from, to) };
  }
}

/** A row as the line that a flow log in text would have, in the order of its layout. */
export function lineOfRow(table: RecordTable, row: number): string {
  const width = table.columns.length;
  return table.columns
    .map((column, i) => cellText(column, row, table.bytes) ?? table.odd.get(row * width + i) ?? '-')
    .map((text) => text.replace(/\s/g, encodeURIComponent))
    .join(' ');
}

function cellText(column: Column, row: number, bytes: Uint8Array): string | undefined {
  switch (column.kind) {
    case 'number':
      return Number.isNaN(column.values[row]) ? undefined : String(column.values[row]);
    case 'address':
      if (column.family[row] === 4) return formatIpv4(column.v4[row]);
      return column.family[row] === 6 && column.v6 ? formatIpv6(column.v6, row * 4) : undefined;
    case 'text':
      if (column.ends[row] === 0) return undefined;
      return Buffer.from(bytes.subarray(column.starts[row], column.ends[row])).toString();
    case 'code':
      return column.codes[row] === 0 ? undefined : column.names[column.codes[row]];
  }
}
