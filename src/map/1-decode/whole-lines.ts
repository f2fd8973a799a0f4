/**
 * Gathers a byte stream into chunks of whole lines, all of one size wherever the stream was cut:
 * what is read decides what is mapped together, not when it came.
 */
import { MAX_LINE } from './text.ts';

const NEWLINE = 0x0a;

/** Bytes gathered into one chunk unless told: some ten thousand lines, a hundredth of a second of work. */
const CHUNK = 1024 * 1024;

export interface WholeLines {
  readonly bytes: Uint8Array;
  /** Where the bytes stand in the unpacked source. */
  readonly offset: number;
}

export class LineCutter {
  readonly #size: number;
  /** Beginning of each line that was longer than MAX_LINE, since the last `takeLong`. */
  #long: string[] = [];
  #chunk: Buffer | undefined;
  #filled = 0;
  /** Where the chunk stands in the source. */
  #offset = 0;
  #skipping = false;

  /** @param size bytes of a chunk, more than MAX_LINE */
  constructor(size = CHUNK) {
    this.#size = size;
  }

  /** The chunks that the stream has filled up to here. */
  *push(piece: Uint8Array): Generator<WholeLines> {
    let from = this.#skipping ? this.#skip(piece) : 0;
    while (from < piece.length) {
      this.#chunk ??= newChunk(this.#size);
      const part = piece.subarray(from, from + this.#size - this.#filled);
      this.#chunk.set(part, this.#filled);
      this.#filled += part.length;
      from += part.length;
      if (this.#filled < this.#size) return;
      const whole = this.flush();
      if (whole) yield whole;
      if (this.#skipping) from += this.#skip(piece.subarray(from));
    }
  }

  /** The whole lines that wait for their chunk to fill. */
  flush(): WholeLines | undefined {
    const chunk = this.#chunk?.subarray(0, this.#filled);
    if (!chunk) return undefined;
    const end = chunk.lastIndexOf(NEWLINE) + 1;
    let tail = chunk.subarray(end);
    const whole = end > 0 ? { bytes: chunk.subarray(0, end), offset: this.#offset } : undefined;
    if (tail.length > MAX_LINE) {
      this.#long.push(tail.toString('utf8', 0, 120));
      this.#skipping = true;
      this.#offset += tail.length;
      tail = tail.subarray(0, 0);
    } else if (!whole) return undefined;
    this.#offset += end;
    this.#begin(tail);
    return whole;
  }

  /** The lines that wait, the last one too where no newline ends it. */
  end(): WholeLines | undefined {
    const chunk = this.#chunk;
    if (!chunk || this.#filled === 0) return undefined;
    return { bytes: chunk.subarray(0, this.#filled), offset: this.#offset };
  }

  /** Whether the stream so far ends within a line. */
  get unfinished(): boolean {
    return this.#skipping || this.#filled > 0;
  }

  takeLong(): string[] {
    const long = this.#long;
    this.#long = [];
    return long;
  }

  /** @returns where the piece goes on after the line that is too long */
  #skip(piece: Uint8Array): number {
    const end = piece.indexOf(NEWLINE) + 1;
    const skipped = end === 0 ? piece.length : end;
    this.#skipping = end === 0;
    this.#offset += skipped;
    return skipped;
  }

  #begin(tail: Uint8Array): void {
    this.#chunk = undefined;
    this.#filled = tail.length;
    if (tail.length === 0) return;
    this.#chunk = newChunk(this.#size);
    this.#chunk.set(tail);
  }
}

/** Chunks to be filled again, by their size. */
const spare = new Map<number, Buffer[]>();

/** Shared, so that another thread maps it without a copy. */
function newChunk(size: number): Buffer {
  let known = spare.get(size);
  if (!known) {
    known = [];
    spare.set(size, known);
  }
  return known.pop() ?? Buffer.from(new SharedArrayBuffer(size));
}

/** Takes back the bytes of lines that nobody looks at any more: new memory costs more than it seems. */
export function giveBack({ buffer }: Uint8Array): void {
  if (buffer instanceof SharedArrayBuffer) spare.get(buffer.byteLength)?.push(Buffer.from(buffer));
}
