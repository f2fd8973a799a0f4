/** A file in columns as batches. */
import type { Source } from '../../ports/source.ts';
import type { Layout } from '../../records/layout.ts';
import type { Batch } from './lines.ts';
import { type RandomAccess, tablesOfParquet } from './parquet.ts';

/**
 * @param identityOf names the batch that begins with a row of the file
 * @throws UnreadableBatchError where it is no flow log, or broken; any error of the file as it is
 */
export async function* tableBatches(
  file: RandomAccess,
  source: Source,
  identityOf: (row: number) => string,
): AsyncGenerator<Batch> {
  const nothing = new Uint32Array(0);
  let layouts: readonly Layout[] = [];
  for await (const { table, first } of tablesOfParquet(file)) {
    // Parsers stay bound to a list that stays the same.
    if (layouts[0] !== table.layout) layouts = [table.layout];
    const { bytes, count } = table;
    const lines = { bytes, starts: nothing, ends: nothing, count, faults: {} };
    yield { lines, table, source, layouts, identity: identityOf(first) };
  }
}
