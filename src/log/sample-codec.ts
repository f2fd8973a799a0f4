/**
 * Sample lines as bytes: each line once, and token by token, since those in one place of all lines
 * are alike.
 */
import { type Cell, readCell, writeCell } from './cell-codec.ts';
import type { Sample } from './digest.ts';
import { list, type TextReader, type TextTable, times } from './text-table.ts';
import type { ByteReader, ByteWriter } from './varint.ts';

/** As `String` prints it, and small enough to be exact. */
const NUMBER = /^(?:0|[1-9]\d{0,14})$/;
/** Account ids and the like: better named once than written as numbers. */
const LONG_NUMBER = 1e9;
/** Numbers this close to the batch's time are times. */
const CLOSE = 2 ** 24;
/** Ports: where one is too many for a byte, all take two. */
const PORTS = [2 ** 8, 2 ** 16] as const;
/** Places that may be written in a way of their own; those behind them are cells. */
const MOST_PLACES = 40;

/** The different lines of a digest, numbered in order. */
export class SampleTable {
  /** By format and line. */
  readonly #ids = new Map<string, Map<string, number>>();
  readonly #samples: Sample[] = [];

  add(sample: Sample): void {
    let ids = this.#ids.get(sample.format);
    if (!ids) {
      ids = new Map();
      this.#ids.set(sample.format, ids);
    }
    if (!ids.has(sample.line)) ids.set(sample.line, this.#samples.push(sample) - 1);
  }

  id({ format, line }: Sample): number {
    return this.#ids.get(format)?.get(line) as number;
  }

  write(to: ByteWriter, texts: TextTable, latest: number): void {
    const lines = this.#samples.map(({ line }) => line.split(' '));
    to.uint(lines.length);
    for (const { format } of this.#samples) to.uint(texts.ref(format));
    for (const tokens of lines) to.uint(tokens.length);
    const places = Math.max(0, ...lines.map((tokens) => tokens.length));
    const columns = Array.from({ length: places }, (_, place) => columnOf(lines, place, latest));
    to.uint(maskOf(columns.map(({ way }) => way === 'near')));
    to.uint(maskOf(columns.map(({ way }) => way === 'port')));
    for (const { way, tokens } of columns) {
      if (way === 'near') for (const token of tokens) to.near(latest, Number(token));
      else if (way === 'port') writePorts(to, tokens.map(Number));
      else for (const token of tokens) writeCell(to, texts, cellOf(token, texts));
    }
  }
}

export function readSamples(from: ByteReader, texts: TextReader, latest: number): Sample[] {
  const formats = list(from, () => texts.at(from.uint()));
  const lines = formats.map((format) => ({ format, tokens: [] as string[], left: from.uint() }));
  const near = from.uint();
  const port = from.uint();
  let open = lines.filter(({ left }) => left > 0);
  for (let place = 0; open.length > 0; place++) {
    const column = isIn(near, place)
      ? open.map(() => from.near(latest))
      : isIn(port, place)
        ? readPorts(from, open.length)
        : open.map(() => readCell(from, texts));
    open.forEach((line, i) => {
      line.tokens.push(String(column[i]));
      line.left--;
    });
    open = open.filter(({ left }) => left > 0);
  }
  return lines.map(({ format, tokens }) => ({ format, line: tokens.join(' ') }));
}

interface Column {
  readonly way: 'cell' | 'near' | 'port';
  readonly tokens: readonly string[];
}

/** What stands in one place of the lines, and the shortest way to write it. */
function columnOf(lines: readonly (readonly string[])[], place: number, latest: number): Column {
  const tokens: string[] = [];
  for (const line of lines) if (place < line.length) tokens.push(line[place] as string);
  if (place >= MOST_PLACES || !tokens.every((token) => NUMBER.test(token))) {
    return { way: 'cell', tokens };
  }
  const values = tokens.map(Number);
  if (latest > CLOSE && values.every((value) => Math.abs(value - latest) < CLOSE)) {
    return { way: 'near', tokens };
  }
  const most = Math.max(...values);
  return { way: most >= PORTS[0] && most < PORTS[1] ? 'port' : 'cell', tokens };
}

function maskOf(set: readonly boolean[]): number {
  return set.reduce((mask, is, place) => (is ? mask + 2 ** place : mask), 0);
}

function isIn(mask: number, place: number): boolean {
  return Math.floor(mask / 2 ** place) % 2 === 1;
}

/** The high bytes first, which are alike. */
function writePorts(to: ByteWriter, values: readonly number[]): void {
  for (const value of values) to.byte(value >> 8);
  for (const value of values) to.byte(value & 255);
}

function readPorts(from: ByteReader, count: number): number[] {
  const high = times(count, () => from.byte());
  return high.map((byte) => byte * 256 + from.byte());
}

function cellOf(token: string, texts: TextTable): Cell {
  if (!NUMBER.test(token)) return token;
  const value = Number(token);
  return value >= LONG_NUMBER && texts.has(token) ? token : value;
}
