import type { CodeColumn, TextColumn } from '../../records/batch.ts';
import { type Bitmaps, clearBit, setBit } from './bitmaps.ts';
import type { TextSet } from './field-set.ts';

/** FNV-1a; one step a byte, so that each prefix's hash falls out on the way to the whole one. */
const FNV_OFFSET = 0x811c9dc5;
const FNV_PRIME = 0x01000193;

export interface TextPaint {
  readonly bit: number;
  readonly set: TextSet;
}

interface Entry {
  readonly bytes: Uint8Array;
  readonly id: number;
}

/**
 * From text to the class of its bitmap, straight from the bytes: exact values first, else the
 * longest prefix that some rule names, else what holds for every other value.
 */
export class TextIndex {
  /** Pieces it tells apart: fields with few are looked at first. */
  readonly size: number;
  readonly #absent: number;
  readonly #other: number;
  readonly #exact: ReadonlyMap<number, readonly Entry[]>;
  readonly #prefixes: ReadonlyMap<number, readonly Entry[]>;
  readonly #prefixLengths: ReadonlySet<number>;
  readonly #longest: number;
  readonly #paints: readonly TextPaint[];
  readonly #always: Uint32Array;
  readonly #bitmaps: Bitmaps;

  constructor(bitmaps: Bitmaps, always: Uint32Array, paints: readonly TextPaint[], absent: number) {
    this.#bitmaps = bitmaps;
    this.#always = always;
    this.#paints = paints;
    this.#absent = absent;
    const other = always.slice();
    // A value no rule names: no NUL can be in a flow log.
    for (const { bit, set } of paints) if (set.test('\0')) setBit(other, bit);
    this.#other = bitmaps.classOf(other);

    const prefixes = [...new Set(paints.flatMap(({ set }) => set.prefixes))].sort();
    const byPrefix = new Map<string, Uint32Array>();
    const mentions = mentionsOf(paints);
    const under = (value: string): Uint32Array => {
      for (let size = value.length; size > 0; size--) {
        const known = byPrefix.get(value.slice(0, size));
        if (known) return known.slice();
      }
      return other.slice();
    };
    for (const prefix of prefixes) {
      const bitmap = under(prefix);
      for (const { bit, set } of mentions.get(prefix) ?? []) {
        toggle(bitmap, bit, set.test(`${prefix}\0`));
      }
      byPrefix.set(prefix, bitmap);
    }
    const strings = [...new Set(paints.flatMap(({ set }) => set.strings))];
    this.size = prefixes.length + strings.length;
    this.#exact = tableOf(
      strings.map((value) => {
        const bitmap = under(value);
        for (const { bit, set } of mentions.get(value) ?? []) toggle(bitmap, bit, set.test(value));
        return { text: value, id: bitmaps.classOf(bitmap) };
      }),
    );
    this.#prefixes = tableOf(
      prefixes.map((text) => ({
        text,
        id: bitmaps.classOf(byPrefix.get(text) ?? other),
      })),
    );
    const lengths = prefixes.map((prefix) => Buffer.byteLength(prefix));
    this.#prefixLengths = new Set(lengths);
    this.#longest = Math.max(0, ...lengths);
  }

  classify(column: TextColumn, bytes: Uint8Array, count: number, out: Uint32Array): void {
    const { starts, ends } = column;
    for (let row = 0; row < count; row++) {
      const from = starts[row];
      const to = ends[row];
      out[row] = to === 0 ? this.#absent : this.#lookUp(bytes, from, to);
    }
  }

  /** The same for a column of a few names: one look-up a name, the first time. */
  classifyCodes(column: CodeColumn, count: number, out: Uint32Array): void {
    let ids = this.#codeClasses.get(column.names);
    if (ids === undefined) {
      ids = Uint32Array.from(column.names, (name, code) =>
        code === 0 ? this.#absent : this.#classOf(name),
      );
      this.#codeClasses.set(column.names, ids);
    }
    const { codes } = column;
    for (let row = 0; row < count; row++) out[row] = ids[codes[row]];
  }

  readonly #codeClasses = new Map<readonly string[], Uint32Array>();

  #classOf(value: string): number {
    const bitmap = this.#always.slice();
    for (const { bit, set } of this.#paints) if (set.test(value)) setBit(bitmap, bit);
    return this.#bitmaps.classOf(bitmap);
  }

  #lookUp(bytes: Uint8Array, from: number, to: number): number {
    let hash = FNV_OFFSET;
    let found = this.#other;
    const prefixesEnd = from + this.#longest;
    for (let p = from; p < to; ) {
      hash = Math.imul(hash ^ bytes[p++], FNV_PRIME);
      if (p <= prefixesEnd && this.#prefixLengths.has(p - from)) {
        const id = find(this.#prefixes, hash, bytes, from, p);
        if (id >= 0) found = id;
      }
    }
    const exact = find(this.#exact, hash, bytes, from, to);
    return exact >= 0 ? exact : found;
  }
}

function mentionsOf(paints: readonly TextPaint[]): Map<string, TextPaint[]> {
  const mentions = new Map<string, TextPaint[]>();
  for (const one of paints) {
    for (const value of new Set([...one.set.strings, ...one.set.prefixes])) {
      const list = mentions.get(value);
      if (list) list.push(one);
      else mentions.set(value, [one]);
    }
  }
  return mentions;
}

function toggle(bitmap: Uint32Array, bit: number, on: boolean): void {
  if (on) setBit(bitmap, bit);
  else clearBit(bitmap, bit);
}

function tableOf(entries: readonly { text: string; id: number }[]): Map<number, Entry[]> {
  const table = new Map<number, Entry[]>();
  for (const { text, id } of entries) {
    const bytes = Buffer.from(text);
    let hash = FNV_OFFSET;
    for (const byte of bytes) hash = Math.imul(hash ^ byte, FNV_PRIME);
    const bucket = table.get(hash);
    if (bucket) bucket.push({ bytes, id });
    else table.set(hash, [{ bytes, id }]);
  }
  return table;
}

function find(
  table: ReadonlyMap<number, readonly Entry[]>,
  hash: number,
  bytes: Uint8Array,
  from: number,
  to: number,
): number {
  const bucket = table.get(hash);
  if (bucket === undefined) return -1;
  next: for (const entry of bucket) {
    if (entry.bytes.length !== to - from) continue;
    for (let i = 0; i < entry.bytes.length; i++) {
      if (entry.bytes[i] !== bytes[from + i]) continue next;
    }
    return entry.id;
  }
  return -1;
}
