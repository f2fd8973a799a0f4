/**
 * Records as columns: one typed array a field, reused from batch to batch, so that a record costs
 * no allocation. A row is a flow; NODATA, SKIPDATA and malformed lines have none.
 */
import { formatIpv4, formatIpv6 } from './address.ts';
import { type Field, fieldNamed, unknownField } from './fields.ts';

/** Numbers and times; NaN is absent. */
export interface NumberColumn {
  readonly kind: 'number';
  readonly values: Float64Array;
}

/** Addresses; family 0 is absent. */
export interface AddressColumn {
  readonly kind: 'address';
  readonly family: Uint8Array;
  readonly v4: Uint32Array;
  /** Four words a row, made when the first IPv6 address comes. */
  v6: Uint32Array | undefined;
}

/** Text as offsets into the batch's bytes; an end of 0 is absent. */
export interface TextColumn {
  readonly kind: 'text';
  readonly starts: Uint32Array;
  readonly ends: Uint32Array;
}

/** One of a few names; code 0 is absent, code i is `names[i]`. */
export interface CodeColumn {
  readonly kind: 'code';
  readonly codes: Uint16Array;
  readonly names: readonly string[];
}

export type Column = NumberColumn | AddressColumn | TextColumn | CodeColumn;

const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

export class RecordBatch {
  readonly capacity: number;
  count = 0;
  bytes: Uint8Array = new Uint8Array(0);
  /** Line number of each row, to find its text again. */
  readonly lines: Uint32Array;
  /** Unix seconds that place each row in time: `start`, else `end`, else the event's time. */
  readonly times: Float64Array;
  /** Which of the input's layouts each row was read by. */
  readonly layouts: Uint8Array;
  /** By layout: whether it is a transit gateway's. */
  transit: readonly boolean[] = [];
  readonly #columns = new Map<string, Column>();
  readonly #present = new Set<string>();

  constructor(capacity: number) {
    this.capacity = capacity;
    this.lines = new Uint32Array(capacity);
    this.times = new Float64Array(capacity);
    this.layouts = new Uint8Array(capacity);
  }

  /** Empties the batch for lines of the same layouts. */
  reset(bytes: Uint8Array): void {
    this.count = 0;
    this.bytes = bytes;
  }

  /** Forgets which fields there are, for other layouts; columns stay allocated. */
  clear(): void {
    this.#present.clear();
    this.transit = [];
  }

  /** The column of a field this batch has, to be written by its one producer. */
  define(field: Field, names?: readonly string[]): Column {
    this.#present.add(field.name);
    let column = this.#columns.get(field.name);
    if (!column) {
      column = newColumn(field, this.capacity, names);
      this.#columns.set(field.name, column);
    }
    return column;
  }

  /** The column of a field, or undefined where no record of the batch can have it. */
  column(name: string): Column | undefined {
    return this.#present.has(name) ? this.#columns.get(name) : undefined;
  }

  /** Whether a transit gateway wrote this row. */
  isTransit(row: number): boolean {
    return this.transit[this.layouts[row]] === true;
  }

  /** Names of the fields this batch has. */
  get fields(): Iterable<string> {
    return this.#present;
  }

  /** A field's value as people read it, undefined where absent. */
  value(name: string, row: number): string | number | undefined {
    const column = this.column(name);
    return column && columnValue(column, row, this.bytes);
  }
}

/** A cell as text or number; undefined where absent. */
function columnValue(column: Column, row: number, bytes: Uint8Array): string | number | undefined {
  switch (column.kind) {
    case 'number': {
      const value = column.values[row];
      return Number.isNaN(value) ? undefined : value;
    }
    case 'address':
      if (column.family[row] === 4) return formatIpv4(column.v4[row]);
      return column.family[row] === 6 && column.v6 ? formatIpv6(column.v6, row * 4) : undefined;
    case 'text':
      if (column.ends[row] === 0) return undefined;
      return decoder.decode(bytes.subarray(column.starts[row], column.ends[row]));
    case 'code':
      return column.codes[row] === 0 ? undefined : column.names[column.codes[row]];
  }
}

function newColumn(field: Field, capacity: number, names?: readonly string[]): Column {
  const codes = names ?? (field.values && ['', ...field.values]);
  if (codes) return { kind: 'code', codes: new Uint16Array(capacity), names: codes };
  switch (field.type) {
    case 'number':
    case 'time':
      return { kind: 'number', values: new Float64Array(capacity) };
    case 'address':
      return {
        kind: 'address',
        family: new Uint8Array(capacity),
        v4: new Uint32Array(capacity),
        v6: undefined,
      };
    case 'string':
      return { kind: 'text', starts: new Uint32Array(capacity), ends: new Uint32Array(capacity) };
  }
}

/** The table's row for a name, or a string field for one that is not in it. */
export function fieldFor(name: string): Field {
  return fieldNamed(name) ?? unknownField(name);
}
