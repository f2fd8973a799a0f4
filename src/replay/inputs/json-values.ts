/** Cuts a stream of JSON into its records without holding more than one of them. */

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const NEWLINE = 0x0a;

/** Largest record: a Lambda event has at most 6 MB, a decoded payload some tens of them. */
const MAX_VALUE = 64 * 1024 * 1024;

export interface JsonFaults {
  /** Runs of bytes that stand outside every object, or objects that a line end cuts. */
  notJson: number;
  tooLarge: number;
}

/**
 * Hands out the objects that open `level` brackets deep: 0 for JSON lines and objects written one
 * after another, 1 inside an array, 2 inside `{"events": [...]}`.
 */
export class JsonValues {
  readonly faults: JsonFaults = { notJson: 0, tooLarge: 0 };
  readonly #level: number;
  readonly #max: number;
  #depth = 0;
  #inString = false;
  #escaped = false;
  #garbage = false;
  #skipping = false;
  #parts: Uint8Array[] = [];
  #size = 0;

  constructor(level: number, max = MAX_VALUE) {
    this.#level = level;
    this.#max = max;
  }

  /** True between the first and the last byte of a value: the stream may not end here. */
  get open(): boolean {
    return this.#depth > 0;
  }

  push(bytes: Uint8Array): Uint8Array[] {
    const values: Uint8Array[] = [];
    let from = this.#size > 0 || this.#skipping ? 0 : -1;
    for (let i = 0; i < bytes.length; i++) {
      const byte = bytes[i];
      if (this.#inString) {
        if (this.#escaped) this.#escaped = false;
        else if (byte === BACKSLASH) this.#escaped = true;
        else if (byte === QUOTE) this.#inString = false;
        else if (byte === NEWLINE) {
          // No JSON string spans lines: what was open is broken, the next line may be good.
          this.faults.notJson++;
          this.#drop();
          from = -1;
        }
        continue;
      }
      switch (byte) {
        case QUOTE:
          if (this.#depth === 0) this.#stray();
          else this.#inString = true;
          break;
        case 0x7b: // {
        case 0x5b: // [
          if (this.#depth === this.#level && byte === 0x7b) from = i;
          this.#depth++;
          this.#garbage = false;
          break;
        case 0x7d: // }
        case 0x5d: // ]
          if (this.#depth === 0) {
            this.#stray();
            break;
          }
          this.#depth--;
          if (this.#depth === this.#level && from >= 0) {
            const value = this.#close(bytes.subarray(from, i + 1));
            if (value) values.push(value);
            from = -1;
          }
          break;
        case NEWLINE:
          this.#garbage = false;
          break;
        default:
          // Between values only blanks and commas stand; 0xef 0xbb 0xbf is a byte order mark.
          if (this.#depth === 0 && byte > 0x20 && byte !== 0x2c && byte < 0x80) this.#stray();
      }
    }
    if (from >= 0) this.#keep(bytes.subarray(from));
    return values;
  }

  #stray(): void {
    if (!this.#garbage) this.faults.notJson++;
    this.#garbage = true;
  }

  #keep(part: Uint8Array): void {
    if (this.#skipping) return;
    this.#size += part.length;
    if (this.#size > this.#max) {
      this.faults.tooLarge++;
      this.#skipping = true;
      this.#parts = [];
      this.#size = 0;
    } else this.#parts.push(new Uint8Array(part));
  }

  #close(last: Uint8Array): Uint8Array | undefined {
    this.#keep(last);
    const value = this.#skipping ? undefined : Buffer.concat(this.#parts);
    this.#skipping = false;
    this.#parts = [];
    this.#size = 0;
    return value;
  }

  #drop(): void {
    this.#depth = this.#level;
    this.#inString = false;
    this.#escaped = false;
    this.#skipping = false;
    this.#parts = [];
    this.#size = 0;
  }
}
