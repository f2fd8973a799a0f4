/**
 * Texts of a digest. Each stands once, in order of first use, by kind: IPv4 addresses take four
 * bytes, identifiers that end in hexadecimal half their digits. A reference is 0 for the next text
 * that was not named yet, else how far back it was: a column of addresses that each occur once is all
 * zeros, which deflate to nothing.
 */
import { formatIpv4, parseIpv4Bytes } from '../records/address.ts';
import type { ByteReader, ByteWriter } from './varint.ts';

const TEXT = 0;
const IPV4 = 1;
const HEXADECIMAL = 2;

/** `eni-0a1b2c3d4e5f60718`, a fingerprint: what stands before eight or more digits, and these. */
const ID = /^((?:[a-z]+-)*)([0-9a-f]{8,})$/;

const DOTTED = /^[0-9.]{7,15}$/;

export class TextTable {
  readonly #ids = new Map<string, number>();
  readonly #texts: string[] = [];

  /** The number to write for a text at this place. */
  ref(text: string): number {
    const id = this.#ids.get(text);
    if (id !== undefined) return this.#texts.length - id;
    this.#ids.set(text, this.#texts.push(text) - 1);
    return 0;
  }

  has(text: string): boolean {
    return this.#ids.has(text);
  }

  write(to: ByteWriter): void {
    const entries = this.#texts.map(entryOf);
    to.uint(entries.length);
    for (const { kind } of entries) to.byte(kind);
    for (const { kind, text } of entries) if (kind !== IPV4) to.text(text);
    for (const { kind, digits } of entries) if (kind === HEXADECIMAL) writeDigits(to, digits);
    for (const { kind, v4 } of entries) {
      if (kind !== IPV4) continue;
      for (let shift = 24; shift >= 0; shift -= 8) to.byte((v4 >>> shift) & 255);
    }
  }
}

interface TextEntry {
  readonly kind: number;
  /** Without the digits. */
  readonly text: string;
  readonly digits: string;
  readonly v4: number;
}

function entryOf(text: string): TextEntry {
  const id = ID.exec(text);
  if (id) return { kind: HEXADECIMAL, text: id[1] as string, digits: id[2] as string, v4: 0 };
  const v4 = DOTTED.test(text) ? parseIpv4Bytes(Buffer.from(text), 0, text.length) : -1;
  return { kind: v4 >= 0 ? IPV4 : TEXT, text, digits: '', v4 };
}

/** Reads references in the order in which they were written. */
export class TextReader {
  readonly #texts: readonly string[];
  #named = 0;

  constructor(from: ByteReader) {
    const kinds = list(from, () => from.byte());
    const texts = kinds.map((kind) => {
      if (kind > HEXADECIMAL) throw new RangeError('a kind of text is not known');
      return kind === IPV4 ? '' : from.text();
    });
    kinds.forEach((kind, i) => {
      if (kind === HEXADECIMAL) texts[i] += readDigits(from);
    });
    kinds.forEach((kind, i) => {
      if (kind === IPV4) texts[i] = readIpv4(from);
    });
    this.#texts = texts;
  }

  /** @throws RangeError where the table has no such text */
  at(ref: number): string {
    const text = this.#texts[ref === 0 ? this.#named++ : this.#named - ref];
    if (text === undefined) throw new RangeError('a text is missing');
    return text;
  }
}

function writeDigits(to: ByteWriter, digits: string): void {
  to.uint(digits.length);
  for (let i = 0; i < digits.length; i += 2) {
    to.byte(Number.parseInt(digits.slice(i, i + 2).padEnd(2, '0'), 16));
  }
}

function readDigits(from: ByteReader): string {
  const count = from.uint();
  let digits = '';
  while (digits.length < count) digits += from.byte().toString(16).padStart(2, '0');
  return digits.slice(0, count);
}

export function readIpv4(from: ByteReader): string {
  let v4 = 0;
  for (let i = 0; i < 4; i++) v4 = v4 * 256 + from.byte();
  return formatIpv4(v4);
}

/** A count, then so many of what `read` reads. */
export function list<T>(from: ByteReader, read: () => T): T[] {
  return times(from.uint(), read);
}

export function times<T>(count: number, read: () => T): T[] {
  const out: T[] = [];
  for (let left = count; left > 0; left--) out.push(read());
  return out;
}
