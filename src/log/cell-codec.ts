/** Values of any type as one number each, so that a column of them is alike where they are alike. */
import type { TextReader, TextTable } from './text-table.ts';
import type { ByteReader, ByteWriter } from './varint.ts';

export type Cell = string | number | null;

/** Numbers are even, so that doubling keeps them exact; odd are null and then texts. */
const NULL_CODE = 1;

export function writeCell(to: ByteWriter, texts: TextTable, value: Cell): void {
  if (value === null) to.uint(NULL_CODE);
  else if (typeof value === 'number') to.uint(value * 2);
  else to.uint(texts.ref(value) * 2 + NULL_CODE + 2);
}

export function readCell(from: ByteReader, texts: TextReader): Cell {
  const code = from.uint();
  if (code === NULL_CODE) return null;
  return code % 2 === 0 ? code / 2 : texts.at((code - NULL_CODE) / 2 - 1);
}
