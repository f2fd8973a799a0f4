/**
 * Parts and answers as bytes. A reader knows no rules, so the encoding follows from the numbers
 * alone: hashes (2^48 and above, see `map/5-digest/tuples.ts`) take six bytes where a varint takes
 * seven, ascending numbers are their differences.
 */
import { times } from './text-table.ts';
import type { ByteReader, ByteWriter } from './varint.ts';

const HASHES = 2 ** 48;

/** As they are. */
const NUMBERS = 0;
/** Each as its difference to the one before. */
const ASCENDING = 1;
/** Hashes alone. */
const HASHED = 2;
/** Triplets of a hash and two numbers. */
const SPANS = 3;

/** A part that is not empty: count and encoding in one number, then the numbers. */
export function writePart(to: ByteWriter, part: readonly number[]): void {
  const encoding = encodingOf(part);
  to.uint(part.length * 4 + encoding);
  let before = 0;
  part.forEach((value, i) => {
    if (encoding === HASHED || (encoding === SPANS && i % 3 === 0)) writeHash(to, value);
    else if (encoding === ASCENDING) {
      to.uint(value - before);
      before = value;
    } else to.uint(value);
  });
}

export function readPart(from: ByteReader): number[] {
  const head = from.uint();
  const encoding = head % 4;
  let at = 0;
  let before = 0;
  return times(Math.floor(head / 4), () => {
    if (encoding === HASHED || (encoding === SPANS && at++ % 3 === 0)) return readHash(from);
    const value = from.uint();
    if (encoding !== ASCENDING) return value;
    before += value;
    if (before > Number.MAX_SAFE_INTEGER) throw new RangeError('a part is out of range');
    return before;
  });
}

function encodingOf(part: readonly number[]): number {
  if (part.every(isHash)) return HASHED;
  if (part.length % 3 === 0 && part.every((value, i) => i % 3 !== 0 || isHash(value))) return SPANS;
  const ascending = part.every(
    (value, i) => value <= Number.MAX_SAFE_INTEGER && (i === 0 || value > part[i - 1]),
  );
  return ascending ? ASCENDING : NUMBERS;
}

function isHash(value: number): boolean {
  return value >= HASHES && value < 2 * HASHES;
}

/** @throws RangeError where it is no hash */
export function writeHash(to: ByteWriter, value: number): void {
  if (!isHash(value)) throw new RangeError(`${value} is no hash`);
  let rest = value - HASHES;
  for (let i = 0; i < 6; i++) {
    to.byte(rest % 256);
    rest = Math.floor(rest / 256);
  }
}

export function readHash(from: ByteReader): number {
  let value = HASHES;
  for (let scale = 1; scale < HASHES; scale *= 256) value += from.byte() * scale;
  return value;
}
