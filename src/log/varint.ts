/** Bytes written and read as unsigned LEB128 numbers and text: the alphabet of the digest codec. */
import { isUtf8 } from 'node:buffer';

/** Sums may exceed 2^53; no count or sum comes near this. */
const MOST = 2 ** 84;
const MOST_BYTES = 12;
/** Times end long before this; twice their difference is still a whole number. */
const MOST_TIME = 2 ** 51;

export class ByteWriter {
  #bytes = new Uint8Array(256);
  #length = 0;

  byte(value: number): void {
    if (this.#length === this.#bytes.length) {
      const larger = new Uint8Array(this.#bytes.length * 2);
      larger.set(this.#bytes);
      this.#bytes = larger;
    }
    this.#bytes[this.#length++] = value;
  }

  /**
   * A whole number; beyond 2^53 the double that it is.
   * @throws RangeError when it is negative or not finite
   */
  uint(value: number): void {
    if (!(value >= 0 && value < MOST)) throw new RangeError(`${value} cannot be written`);
    let rest = Math.floor(value);
    while (rest > 0x7f) {
      this.byte((rest % 128) | 0x80);
      rest = Math.floor(rest / 128);
    }
    this.byte(rest);
  }

  /** A time as its distance to another one, which stands before it. */
  near(time: number, value: number): void {
    const behind = time - value;
    this.uint(behind >= 0 ? behind * 2 : -behind * 2 - 1);
  }

  text(value: string): void {
    const bytes = Buffer.from(value);
    this.uint(bytes.length);
    for (const byte of bytes) this.byte(byte);
  }

  finish(): Uint8Array {
    return this.#bytes.subarray(0, this.#length);
  }
}

export class ByteReader {
  readonly #bytes: Uint8Array;
  #at: number;

  constructor(bytes: Uint8Array, at = 0) {
    this.#bytes = bytes;
    this.#at = at;
  }

  get ended(): boolean {
    return this.#at === this.#bytes.length;
  }

  /** @throws RangeError past the end */
  byte(): number {
    if (this.#at >= this.#bytes.length) throw new RangeError('the digest breaks off');
    return this.#bytes[this.#at++];
  }

  uint(): number {
    let value = 0;
    let scale = 1;
    for (let size = 0; size < MOST_BYTES; size++) {
      const byte = this.byte();
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
      scale *= 128;
    }
    throw new RangeError('a number is too long');
  }

  /** @throws RangeError on what is no time */
  time(): number {
    return checkedTime(this.uint());
  }

  /** @throws RangeError on what is no time */
  near(time: number): number {
    const code = this.uint();
    return checkedTime(code % 2 === 0 ? time - code / 2 : time + (code + 1) / 2);
  }

  text(): string {
    const length = this.uint();
    const end = this.#at + length;
    if (end > this.#bytes.length) throw new RangeError('the digest breaks off');
    const bytes = this.#bytes.subarray(this.#at, end);
    if (!isUtf8(bytes)) throw new RangeError('a text is not UTF-8');
    this.#at = end;
    return Buffer.from(bytes).toString();
  }
}

function checkedTime(value: number): number {
  if (!(value >= 0 && value < MOST_TIME)) throw new RangeError('a time is out of range');
  return value;
}
