/**
 * Parses one line by one layout into the columns of a batch. All fields of the layout are read and
 * checked whether a rule needs them or not, so that what counts as malformed does not depend on rules.
 */
import { isUtf8 } from 'node:buffer';
import { parseIpv6Bytes } from '../../records/address.ts';
import type { AddressColumn, RecordBatch } from '../../records/batch.ts';
import type { Layout } from '../../records/layout.ts';
import {
  BAD_ADDRESS,
  BAD_NUMBER,
  BAD_VALUE,
  EMPTY,
  NOT_UTF8,
  OK,
  OUT_OF_RANGE,
  TOO_FEW,
  TOO_MANY,
} from './faults.ts';

const BLANK = 0x20;
const DASH = 0x2d;
const DOT = 0x2e;
/** Start and end above this are milliseconds; AWS has sent such. */
export const MILLISECONDS = 1e11;

const NUMBER = 0;
const TIME = 1;
const ADDRESS = 2;
const TEXT = 3;
const CODE = 4;

/** A layout bound to the columns of one batch. */
export class LineParser {
  readonly layout: Layout;
  readonly #kinds: Uint8Array;
  readonly #least: Float64Array;
  readonly #most: Float64Array;
  readonly #numbers: Float64Array[] = [];
  readonly #addresses: AddressColumn[] = [];
  readonly #families: Uint8Array[] = [];
  readonly #v4s: Uint32Array[] = [];
  readonly #starts: Uint32Array[] = [];
  readonly #ends: Uint32Array[] = [];
  readonly #codes: Uint16Array[] = [];
  readonly #names: Uint8Array[][] = [];
  /** Values that an open set has today, looked at only to tell candidate layouts apart. */
  readonly #usual: (ReadonlySet<string> | undefined)[];
  readonly #capacity: number;

  constructor(layout: Layout, batch: RecordBatch) {
    const { fields } = layout;
    this.layout = layout;
    this.#capacity = batch.capacity;
    this.#kinds = new Uint8Array(fields.length);
    this.#least = new Float64Array(fields.length);
    this.#most = new Float64Array(fields.length).fill(Number.MAX_SAFE_INTEGER);
    this.#usual = fields.map((field) => field.usual && new Set(field.usual));
    fields.forEach((field, i) => {
      const column = batch.define(field);
      if (field.range) [this.#least[i], this.#most[i]] = field.range;
      switch (column.kind) {
        case 'number':
          this.#kinds[i] = field.type === 'time' ? TIME : NUMBER;
          this.#numbers[i] = column.values;
          break;
        case 'address':
          this.#kinds[i] = ADDRESS;
          this.#addresses[i] = column;
          this.#families[i] = column.family;
          this.#v4s[i] = column.v4;
          break;
        case 'text':
          this.#kinds[i] = TEXT;
          this.#starts[i] = column.starts;
          this.#ends[i] = column.ends;
          break;
        case 'code':
          this.#kinds[i] = CODE;
          this.#codes[i] = column.codes;
          this.#names[i] = column.names.map((name) => Buffer.from(name));
          break;
      }
    });
  }

  /**
   * Reads `bytes[from, to)` into row `row`.
   * @returns OK or the code of what is wrong; the row is then to be written over
   */
  parse(bytes: Uint8Array, from: number, to: number, row: number): number {
    const result = this.#read(bytes, from, to, row);
    return result === OK ? OK : this.#blame(result, bytes, from, to);
  }

  /** A line of another length is of another format: that says more than its first odd value. */
  #blame(fault: number, bytes: Uint8Array, from: number, to: number): number {
    if (fault === EMPTY || fault === NOT_UTF8) return fault;
    const width = this.#kinds.length;
    let fields = 0;
    for (let p = from; p < to && fields <= width; p++) {
      if (bytes[p] > BLANK && (p === from || bytes[p - 1] <= BLANK)) fields++;
    }
    if (fields === width) return fault;
    return fields < width ? TOO_FEW : TOO_MANY;
  }

  #read(bytes: Uint8Array, from: number, to: number, row: number): number {
    const kinds = this.#kinds;
    const least = this.#least;
    const most = this.#most;
    const numbers = this.#numbers;
    const families = this.#families;
    const v4s = this.#v4s;
    const starts = this.#starts;
    const ends = this.#ends;
    const codes = this.#codes;
    const names = this.#names;
    const width = kinds.length;
    let field = 0;
    let wide = 0;
    let p = from;
    while (p < to) {
      let c = bytes[p];
      if (c <= BLANK) {
        p++;
        continue;
      }
      if (field === width) return TOO_MANY;
      const start = p;
      const kind = kinds[field];
      if (c === DASH && (p + 1 === to || bytes[p + 1] <= BLANK)) {
        this.#setAbsent(field, kind, row);
        p++;
      } else if (kind <= TIME) {
        // Doubles hold whole numbers to 2^53; more digits end beyond every range.
        let value = 0;
        do {
          const digit = c - 0x30;
          if (digit < 0 || digit > 9) break;
          value = value * 10 + digit;
          c = ++p < to ? bytes[p] : BLANK;
        } while (c > BLANK);
        if (c > BLANK) return BAD_NUMBER;
        if (kind === TIME && value > MILLISECONDS) value = Math.floor(value / 1000);
        if (value < least[field] || value > most[field]) return OUT_OF_RANGE;
        numbers[field][row] = value;
      } else if (kind === TEXT) {
        do {
          wide |= c;
          c = ++p < to ? bytes[p] : BLANK;
        } while (c > BLANK);
        starts[field][row] = start;
        ends[field][row] = p;
      } else if (kind === ADDRESS) {
        // IPv4 in one pass; whatever it stops at may still be IPv6.
        let value = 0;
        let octet = 0;
        let digits = 0;
        let dots = 0;
        do {
          const digit = c - 0x30;
          if (digit >= 0 && digit <= 9) {
            octet = (octet * 10 + digit) | 0;
            if (octet > 255 || (++digits > 1 && octet < 10)) break;
          } else if (c === DOT && digits > 0 && dots < 3) {
            value = (value << 8) | octet;
            octet = 0;
            digits = 0;
            dots++;
          } else break;
          c = ++p < to ? bytes[p] : BLANK;
        } while (c > BLANK);
        if (c <= BLANK && dots === 3 && digits > 0) {
          v4s[field][row] = (value << 8) | octet;
          families[field][row] = 4;
        } else {
          while (p < to && bytes[p] > BLANK) p++;
          if (!this.#parseIpv6(bytes, start, p, field, row)) return BAD_ADDRESS;
        }
      } else {
        while (p < to && bytes[p] > BLANK) p++;
        const code = codeOf(names[field], bytes, start, p);
        if (code < 0) return BAD_VALUE;
        codes[field][row] = code;
      }
      field++;
      p++;
    }
    if (field < width) return field === 0 ? EMPTY : TOO_FEW;
    if (wide > 0x7f && !isUtf8(bytes.subarray(from, to))) return NOT_UTF8;
    return OK;
  }

  #setAbsent(field: number, kind: number, row: number): void {
    if (kind <= TIME) this.#numbers[field][row] = Number.NaN;
    else if (kind === ADDRESS) this.#families[field][row] = 0;
    else if (kind === TEXT) this.#ends[field][row] = 0;
    else this.#codes[field][row] = 0;
  }

  #parseIpv6(bytes: Uint8Array, from: number, to: number, field: number, row: number): boolean {
    const column = this.#addresses[field];
    column.v6 ??= new Uint32Array(this.#capacity * 4);
    if (!parseIpv6Bytes(bytes, from, to, column.v6, row * 4)) return false;
    column.family[row] = 6;
    return true;
  }

  /** Whether a parsed row also looks like this layout: values of open sets are ones known today. */
  plausible(bytes: Uint8Array, row: number): boolean {
    for (let i = 0; i < this.#usual.length; i++) {
      const usual = this.#usual[i];
      if (!usual || this.#ends[i][row] === 0) continue;
      const text = Buffer.from(bytes.subarray(this.#starts[i][row], this.#ends[i][row])).toString();
      if (!usual.has(text)) return false;
    }
    return true;
  }
}

function codeOf(names: readonly Uint8Array[], bytes: Uint8Array, from: number, to: number): number {
  for (let code = 1; code < names.length; code++) {
    const name = names[code];
    if (name.length !== to - from || name[0] !== bytes[from]) continue;
    let i = 1;
    while (i < name.length && name[i] === bytes[from + i]) i++;
    if (i === name.length) return code;
  }
  return -1;
}
