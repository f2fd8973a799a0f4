/** Values of a columnar file into the columns of a table, checked as the text parser checks them. */
import { NOT_IPV4, parseIpv4Bytes, parseIpv6Bytes } from '../../records/address.ts';
import type { AddressColumn, CodeColumn, Column, TextColumn } from '../../records/batch.ts';
import type { Field } from '../../records/fields.ts';
import { BAD_ADDRESS, BAD_NUMBER, BAD_VALUE, OUT_OF_RANGE } from '../2-parse/faults.ts';
import { MILLISECONDS } from '../2-parse/line-parser.ts';

/** Cells kept for samples of what is wrong. */
const MOST_ODD = 32;
const ODD_LENGTH = 200;

/** Typed arrays where a column is all numbers, else anything that a file can hold. */
export type Values = ArrayLike<unknown>;

/** Builds the columns of one table, field by field in their order: the first fault of a row stays. */
export class TableColumns {
  readonly columns: Column[] = [];
  readonly faults: Uint8Array;
  readonly odd = new Map<number, string>();
  readonly #texts = new Texts();
  readonly #rows: number;
  readonly #width: number;

  constructor(rows: number, width: number) {
    this.#rows = rows;
    this.#width = width;
    this.faults = new Uint8Array(rows);
  }

  get bytes(): Uint8Array {
    return this.#texts.bytes;
  }

  add(field: Field, values: Values): void {
    if (field.values) this.columns.push(this.#codes(field.values, values));
    else if (field.type === 'address') this.columns.push(this.#addresses(values));
    else if (field.type === 'string') this.columns.push(this.#text(values));
    else this.columns.push(this.#numbers(field, values));
  }

  #numbers({ range = [0, Number.MAX_SAFE_INTEGER], type }: Field, from: Values): Column {
    const values = new Float64Array(this.#rows).fill(Number.NaN);
    const [least, most] = range;
    for (let row = 0; row < this.#rows; row++) {
      const cell = from[row];
      let value = typeof cell === 'number' ? cell : numberOf(cell);
      if (value === undefined) continue;
      if (!Number.isInteger(value) || value < 0) {
        this.#fault(row, BAD_NUMBER, cell);
        continue;
      }
      if (type === 'time' && value > MILLISECONDS) value = Math.floor(value / 1000);
      if (value < least || value > most) this.#fault(row, OUT_OF_RANGE, cell);
      else values[row] = value;
    }
    return { kind: 'number', values };
  }

  #addresses(from: Values): Column {
    const rows = this.#rows;
    const column: AddressColumn = {
      kind: 'address',
      family: new Uint8Array(rows),
      v4: new Uint32Array(rows),
      v6: undefined,
    };
    // Row where an address was read first: there are many more records than addresses.
    const known = new Map<string, number>();
    for (let row = 0; row < rows; row++) {
      const text = textOf(from[row]);
      if (text === undefined) continue;
      const first = known.get(text);
      if (first !== undefined) copyCell(column, first, row);
      else if (readAddress(column, text, row, rows)) known.set(text, row);
      else this.#fault(row, BAD_ADDRESS, text);
    }
    return column;
  }

  #text(from: Values): Column {
    const column: TextColumn = {
      kind: 'text',
      starts: new Uint32Array(this.#rows),
      ends: new Uint32Array(this.#rows),
    };
    for (let row = 0; row < this.#rows; row++) {
      const text = textOf(from[row]);
      if (text !== undefined) this.#texts.put(text, column, row);
    }
    return column;
  }

  #codes(values: readonly string[], from: Values): Column {
    const names = ['', ...values];
    const column: CodeColumn = { kind: 'code', codes: new Uint16Array(this.#rows), names };
    for (let row = 0; row < this.#rows; row++) {
      const text = textOf(from[row]);
      if (text === undefined) continue;
      const code = names.indexOf(text, 1);
      if (code < 0) this.#fault(row, BAD_VALUE, text);
      else column.codes[row] = code;
    }
    return column;
  }

  #fault(row: number, code: number, cell: unknown): void {
    if (this.faults[row] !== 0) return;
    this.faults[row] = code;
    if (this.odd.size >= MOST_ODD) return;
    this.odd.set(row * this.#width + this.columns.length, String(cell).slice(0, ODD_LENGTH));
  }
}

/** Each text once in the bytes, however often it stands in the table. */
class Texts {
  #buffer = Buffer.alloc(64 * 1024);
  /** The first byte is nobody's, since an end of 0 is absent. */
  #used = 1;
  readonly #known = new Map<string, number>();
  readonly #ends: number[] = [];
  readonly #starts: number[] = [];

  get bytes(): Uint8Array {
    return this.#buffer.subarray(0, this.#used);
  }

  put(text: string, { starts, ends }: TextColumn, row: number): void {
    let id = this.#known.get(text);
    if (id === undefined) {
      id = this.#starts.length;
      this.#known.set(text, id);
      this.#starts.push(this.#used);
      this.#write(text);
      this.#ends.push(this.#used);
    }
    starts[row] = this.#starts[id];
    ends[row] = this.#ends[id];
  }

  #write(text: string): void {
    const most = this.#used + text.length * 3;
    if (most > this.#buffer.length) {
      const larger = Buffer.alloc(Math.max(most, this.#buffer.length * 2));
      this.#buffer.copy(larger, 0, 0, this.#used);
      this.#buffer = larger;
    }
    this.#used += this.#buffer.write(text, this.#used);
  }
}

/** undefined where absent, NaN where it is no number. */
function numberOf(cell: unknown): number | undefined {
  if (typeof cell === 'bigint') return Number(cell);
  const text = textOf(cell);
  if (text === undefined) return undefined;
  return /^\d+$/.test(text) ? Number(text) : Number.NaN;
}

/** undefined where absent: no value, or as in text a dash. */
function textOf(cell: unknown): string | undefined {
  if (cell === null || cell === undefined || cell === '-' || cell === '') return undefined;
  if (typeof cell === 'string') return cell;
  return cell instanceof Date ? cell.toISOString() : String(cell);
}

const encoder = new TextEncoder();
const room = new Uint8Array(64);
const words = new Uint32Array(4);

function readAddress(column: AddressColumn, text: string, row: number, rows: number): boolean {
  const { read, written } = encoder.encodeInto(text, room);
  if (read !== text.length) return false;
  const v4 = parseIpv4Bytes(room, 0, written);
  if (v4 !== NOT_IPV4) {
    column.v4[row] = v4;
    column.family[row] = 4;
    return true;
  }
  if (!parseIpv6Bytes(room, 0, written, words, 0)) return false;
  column.v6 ??= new Uint32Array(rows * 4);
  column.v6.set(words, row * 4);
  column.family[row] = 6;
  return true;
}

function copyCell({ family, v4, v6 }: AddressColumn, from: number, to: number): void {
  family[to] = family[from];
  v4[to] = v4[from];
  if (family[from] === 6) v6?.copyWithin(to * 4, from * 4, from * 4 + 4);
}
