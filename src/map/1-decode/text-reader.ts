/** Plain text: records a line, described by header lines or by a format given beside them. */

import type { Source } from '../../ports/source.ts';
import { type Layout, layoutOfHeader } from '../../records/layout.ts';
import { type Prefix, prefixOf, withoutPrefix } from './export-prefix.ts';
import { batchIdentity } from './identity.ts';
import type { Batch, Lines } from './lines.ts';
import { linesOfText } from './text.ts';
import { LineCutter, type WholeLines } from './whole-lines.ts';

const LOWER_A = 0x61;
const LOWER_Z = 0x7a;

const decoder = new TextDecoder();

export interface TextOptions {
  /** Unpacked bytes that are mapped together, a megabyte unless given. */
  readonly chunk?: number;
  /** Names the batch that begins at an offset of the text; by source and offset unless given. */
  readonly identityOf?: (offset: number) => string;
}

/**
 * Turns the text of one source into batches. A header line, at the beginning or in the middle of
 * files that were joined, sets the layout of the lines after it.
 */
export class TextReader {
  /** Whether a header was seen: such a file is readable even without a record. */
  sawHeader = false;
  readonly #source: Source;
  readonly #onSample: (reason: string, line: string) => void;
  readonly #cutter: LineCutter;
  readonly #identityOf: (offset: number) => string;
  #layouts: readonly Layout[];
  #prefix: Prefix | undefined;
  #first = true;
  #tooLong = 0;
  #cutOff = 0;

  constructor(
    source: Source,
    layouts: readonly Layout[],
    onSample: (reason: string, line: string) => void,
    { chunk, identityOf }: TextOptions = {},
  ) {
    this.#cutter = new LineCutter(chunk);
    this.#identityOf = identityOf ?? ((offset) => batchIdentity(this.#source.name, String(offset)));
    this.#source = source;
    this.#layouts = layouts;
    this.#onSample = onSample;
  }

  *push(piece: Uint8Array): Generator<Batch> {
    let from = 0;
    if (this.#first && piece.length > 0) {
      this.#first = false;
      if (piece[0] === 0xef && piece[1] === 0xbb && piece[2] === 0xbf) from = 3;
    }
    for (const whole of this.#cutter.push(from === 0 ? piece : piece.subarray(from))) {
      yield* this.#batches(whole);
    }
  }

  /** The whole lines so far, for a source that may be silent for long. */
  *flush(): Generator<Batch> {
    const whole = this.#cutter.flush();
    if (whole) yield* this.#batches(whole);
  }

  /** @param broken the source broke off: its last line may lack its end and is only counted */
  *end(broken = false): Generator<Batch> {
    if (broken) {
      yield* this.flush();
      if (this.#cutter.unfinished) this.#cutOff++;
    } else {
      const last = this.#cutter.end();
      if (last) yield* this.#batches(last);
    }
    this.#countLong();
    if (this.#tooLong + this.#cutOff > 0)
      yield this.#batch(linesOfText(new Uint8Array(0)), Number.NaN);
  }

  #countLong(): void {
    for (const line of this.#cutter.takeLong()) {
      this.#tooLong++;
      this.#onSample('line-too-long', line);
    }
  }

  *#batches({ bytes, offset }: WholeLines): Generator<Batch> {
    this.#countLong();
    const lines = linesOfText(bytes);
    if (lines.count > 0) this.#prefix ??= prefixOf(lineText(lines, 0));
    let from = 0;
    for (let i = 0; i < lines.count; i++) {
      const first = bytes[lines.starts[i]];
      // Only a line that begins like a field name is worth a look.
      if (first < LOWER_A || first > LOWER_Z || !seemsHeader(lines, i)) continue;
      const layout = layoutOfHeader(lineText(lines, i));
      if (!layout) continue;
      if (i > from) yield this.#batch(ownPart(lines, from, i), offset + lines.starts[from]);
      this.#layouts = [layout];
      this.sawHeader = true;
      from = i + 1;
    }
    if (from < lines.count || Object.keys(lines.faults).length > 0) {
      const at = from < lines.count ? lines.starts[from] : bytes.length;
      yield this.#batch({ ...part(lines, from, lines.count), faults: lines.faults }, offset + at);
    }
  }

  #batch(lines: Lines, offset: number): Batch {
    const faults: Record<string, number> = { ...lines.faults };
    if (this.#tooLong > 0) faults['line-too-long'] = (faults['line-too-long'] ?? 0) + this.#tooLong;
    if (this.#cutOff > 0) faults['cut-off'] = this.#cutOff;
    this.#tooLong = 0;
    this.#cutOff = 0;
    return {
      lines: withoutPrefix({ ...lines, faults }, this.#prefix ?? 'none'),
      source: this.#source,
      layouts: this.#layouts,
      identity: this.#identityOf(offset),
    };
  }
}

function lineText(lines: Lines, i: number): string {
  return decoder.decode(lines.bytes.subarray(lines.starts[i], lines.ends[i]));
}

/** Field names are lower case letters, digits and hyphens; records soon have something else. */
function seemsHeader({ bytes, starts, ends }: Lines, i: number): boolean {
  for (let at = starts[i]; at < ends[i]; at++) {
    const byte = bytes[at];
    const name =
      (byte >= LOWER_A && byte <= LOWER_Z) || byte === 0x2d || (byte >= 0x30 && byte <= 0x39);
    if (!name && byte !== 0x20 && byte !== 0x09) return false;
  }
  return true;
}

/** With bytes of its own: those of a chunk are given back by the last that comes of it. */
function ownPart({ bytes, starts, ends }: Lines, from: number, to: number): Lines {
  const first = starts[from];
  return {
    bytes: new Uint8Array(bytes.subarray(first, ends[to - 1])),
    starts: starts.subarray(from, to).map((start) => start - first),
    ends: ends.subarray(from, to).map((end) => end - first),
    count: to - from,
    faults: {},
  };
}

function part(lines: Lines, from: number, to: number): Lines {
  if (from === 0 && to === lines.count) return { ...lines, faults: {} };
  return {
    bytes: lines.bytes,
    starts: lines.starts.subarray(from, to),
    ends: lines.ends.subarray(from, to),
    count: to - from,
    faults: {},
  };
}
