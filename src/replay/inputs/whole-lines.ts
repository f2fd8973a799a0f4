/** Cuts a byte stream where lines end, holding no more than the beginning of one line. */
import { MAX_LINE } from '../../map/1-decode/text.ts';

const NEWLINE = 0x0a;

export interface WholeLines {
  readonly bytes: Uint8Array;
  /** Where the bytes stand in the unpacked source. */
  readonly offset: number;
}

export class LineCutter {
  /** Beginning of each line that was longer than MAX_LINE, since the last `takeLong`. */
  #long: string[] = [];
  #held: Uint8Array[] = [];
  #heldSize = 0;
  #offset = 0;
  #skipping = false;

  /** The whole lines that the stream has up to here. */
  push(piece: Uint8Array): WholeLines | undefined {
    let from = 0;
    if (this.#skipping) {
      const end = piece.indexOf(NEWLINE);
      if (end < 0) {
        this.#offset += piece.length;
        return undefined;
      }
      from = end + 1;
      this.#offset += from;
      this.#skipping = false;
    }
    const end = piece.lastIndexOf(NEWLINE) + 1;
    const tail = piece.subarray(Math.max(end, from));
    let whole: WholeLines | undefined;
    if (end > from) {
      const rest = piece.subarray(from, end);
      const bytes = this.#held.length > 0 ? Buffer.concat([...this.#held, rest]) : rest;
      whole = { bytes, offset: this.#offset };
      this.#offset += bytes.length;
      this.#held = [];
      this.#heldSize = 0;
    }
    this.#hold(tail);
    return whole;
  }

  /** The last line, where no newline ends it. */
  end(): WholeLines | undefined {
    if (this.#heldSize === 0) return undefined;
    const whole = { bytes: Buffer.concat(this.#held), offset: this.#offset };
    this.#held = [];
    this.#heldSize = 0;
    return whole;
  }

  /** Forgets the unfinished last line of a source that broke off. @returns whether there was one */
  drop(): boolean {
    const had = this.#heldSize > 0 || this.#skipping;
    this.#held = [];
    this.#heldSize = 0;
    this.#skipping = false;
    return had;
  }

  takeLong(): string[] {
    const long = this.#long;
    this.#long = [];
    return long;
  }

  #hold(tail: Uint8Array): void {
    if (tail.length === 0) return;
    this.#held.push(new Uint8Array(tail));
    this.#heldSize += tail.length;
    if (this.#heldSize <= MAX_LINE) return;
    this.#long.push(beginning(this.#held));
    this.#offset += this.#heldSize;
    this.#held = [];
    this.#heldSize = 0;
    this.#skipping = true;
  }
}

function beginning(parts: readonly Uint8Array[]): string {
  return new TextDecoder().decode(Buffer.concat(parts).subarray(0, 120));
}
