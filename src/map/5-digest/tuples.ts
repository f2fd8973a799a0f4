/**
 * Values of one or several fields as one number, the same in every process, batch and layout: what
 * one batch counts as a member, another must know again.
 */
import type { Column, NumberColumn, RecordBatch } from '../../records/batch.ts';

/** Hashes lie from here to twice this, so that they are never taken for an address. */
const HASHES = 2 ** 48;
const HALF = 2 ** 24;

const { imul } = Math;

/** The number of a row, as long as the batch has the same columns; all of its cells must be there. */
export type Numbering = (row: number) => number;

/**
 * A lone number is itself, a lone IPv4 address its 32 bits; any other value, and several together,
 * are 48 bits of two independent hashes.
 */
export function numberingOf(batch: RecordBatch, fields: readonly string[]): Numbering {
  const columns = fields.map((field) => batch.column(field));
  const [column] = columns;
  const hashed = hashOf(columns, batch);
  if (fields.length === 1 && column?.kind === 'number') return itself(column);
  if (fields.length === 1 && column?.kind === 'address') {
    const { family, v4 } = column;
    return (row) => (family[row] === 4 ? v4[row] : hashed(row));
  }
  return hashed;
}

function itself({ values }: NumberColumn): Numbering {
  return (row) => values[row];
}

function hashOf(columns: readonly (Column | undefined)[], batch: RecordBatch): Numbering {
  return (row) => {
    // Asked each time: the numbering outlives what the batch holds now.
    const { bytes } = batch;
    WORDS.length = 0;
    for (let i = 0; i < columns.length; i++) addCell(WORDS, columns[i], bytes, row);
    return WORDS.hash();
  };
}

/** Cells as 32-bit words. */
class Words {
  length = 0;
  #words = new Int32Array(32);

  add(word: number): void {
    if (this.length === this.#words.length) {
      const larger = new Int32Array(this.length * 2);
      larger.set(this.#words);
      this.#words = larger;
    }
    this.#words[this.length++] = word;
  }

  hash(): number {
    const upper = murmur(this.#words, this.length) >>> 8;
    return HASHES + upper * HALF + (xx(this.#words, this.length) >>> 8);
  }
}

/** Filled again for each hash. */
const WORDS = new Words();

function addCell(words: Words, column: Column | undefined, bytes: Uint8Array, row: number): void {
  switch (column?.kind) {
    case 'number': {
      const value = column.values[row];
      words.add(value | 0);
      words.add((value / 4_294_967_296) | 0);
      break;
    }
    case 'address':
      words.add(column.family[row]);
      if (column.family[row] === 6 && column.v6) {
        for (let i = row * 4; i < row * 4 + 4; i++) words.add(column.v6[i]);
      } else words.add(column.v4[row]);
      break;
    case 'text':
      addText(words, bytes, column.starts[row], column.ends[row]);
      break;
    case 'code': {
      // By its name: the order of names is not for ever.
      const name = encoded(column.names)[column.codes[row]];
      addText(words, name, 0, name.length);
    }
  }
}

function addText(words: Words, bytes: Uint8Array, from: number, to: number): void {
  words.add(to - from);
  for (let p = from; p < to; p += 4) {
    let word = bytes[p];
    for (let i = 1; i < 4 && p + i < to; i++) word |= bytes[p + i] << (8 * i);
    words.add(word);
  }
}

const encodings = new WeakMap<readonly string[], readonly Uint8Array[]>();

function encoded(names: readonly string[]): readonly Uint8Array[] {
  let known = encodings.get(names);
  if (!known) {
    known = names.map((name) => Buffer.from(name));
    encodings.set(names, known);
  }
  return known;
}

/** MurmurHash3, 32 bits (Appleby). */
function murmur(words: Int32Array, length: number): number {
  let hash = 0x5f3759df;
  for (let i = 0; i < length; i++) {
    let word = imul(words[i], 0xcc9e2d51);
    word = (word << 15) | (word >>> 17);
    hash ^= imul(word, 0x1b873593);
    hash = (hash << 13) | (hash >>> 19);
    hash = (imul(hash, 5) + 0xe6546b64) | 0;
  }
  hash ^= length;
  hash = imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}

/** xxHash, 32 bits, its loop for short inputs (Collet). */
function xx(words: Int32Array, length: number): number {
  let hash = (0x165667b1 + length) | 0;
  for (let i = 0; i < length; i++) {
    hash = (hash + imul(words[i], 0xc2b2ae3d)) | 0;
    hash = imul((hash << 17) | (hash >>> 15), 0x27d4eb2f);
  }
  hash = imul(hash ^ (hash >>> 15), 0x85ebca77);
  hash = imul(hash ^ (hash >>> 13), 0xc2b2ae3d);
  return hash ^ (hash >>> 16);
}
