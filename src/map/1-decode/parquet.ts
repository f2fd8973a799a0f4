/**
 * Flow logs in Parquet: columns are the field names with `_` for `-`. Read by row groups, a column
 * at a time, so that of a large object only what is worked on is in memory.
 * https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-s3-path.html
 */
import zlib from 'node:zlib';
import { type FileMetaData, parquetMetadataAsync, parquetScan, parquetSchema } from 'hyparquet';
import { compressors } from 'hyparquet-compressors';
import { FIELD_NAME, fieldNamed } from '../../records/fields.ts';
import { type Layout, LayoutError, parseLayout } from '../../records/layout.ts';
import { type RecordTable, rowsOf } from '../../records/table.ts';
import { UnreadableBatchError } from './gunzip.ts';
import { TableColumns } from './table-columns.ts';

/** Rows of a row group that are in memory at once; a group of more is read in turns. */
const MOST_ROWS = 524_288;
/** Rows that are mapped together: about as many records as a chunk of text has. */
const CHUNK_ROWS = 98_304;
/** Columns whose bytes are asked for while an earlier one is worked on. */
const AHEAD = 4;

export interface RandomAccess {
  /** Bytes. */
  readonly size: number;
  range(from: number, to: number): Promise<ArrayBuffer>;
}

/** Rows of a Parquet file that are mapped together. */
export interface TableChunk {
  readonly table: RecordTable;
  /** Number of the first row in the file. */
  readonly first: number;
}

/** A page that unpacks to more than it says is broken, or a bomb. */
const atMost = (size: number) => ({ maxOutputLength: Math.max(1, size) });

const OPTIONS = {
  geoparquet: false,
  compressors: {
    ...compressors,
    GZIP: (packed: Uint8Array, size: number) => zlib.gunzipSync(packed, atMost(size)),
    BROTLI: (packed: Uint8Array, size: number) => zlib.brotliDecompressSync(packed, atMost(size)),
    // Node has it since version 22.15.
    ...(zlib.zstdDecompressSync && {
      ZSTD: (packed: Uint8Array, size: number) => zlib.zstdDecompressSync(packed, atMost(size)),
    }),
  },
  // AWS writes seconds as numbers; who converted them to timestamps means the same.
  parsers: {
    timestampFromMilliseconds: (ms: bigint) => Math.floor(Number(ms) / 1e3),
    timestampFromMicroseconds: (us: bigint) => Math.floor(Number(us) / 1e6),
    timestampFromNanoseconds: (ns: bigint) => Math.floor(Number(ns) / 1e9),
  },
};

/**
 * Reads the records of a Parquet file, in chunks that are the same each time.
 * @throws UnreadableBatchError with reason bad-parquet or not-a-flow-log; any error of `file` as it is
 */
export async function* tablesOfParquet(source: RandomAccess): AsyncGenerator<TableChunk> {
  const file = new GuardedFile(source);
  const { metadata, names, layout, groups } = await file.decode(async () => {
    const read = await parquetMetadataAsync(file, OPTIONS);
    return { metadata: read, ...columnsOf(read), groups: read.row_groups.map(rowsOfGroup) };
  });
  let start = 0;
  for (const rows of groups) {
    const end = start + rows;
    for (let from = start; from < end; from += MOST_ROWS) {
      const to = Math.min(end, from + MOST_ROWS);
      const table = await file.decode(() => readRows(file, metadata, names, layout, from, to));
      for (let first = from; first < to; first += CHUNK_ROWS) {
        const last = Math.min(to, first + CHUNK_ROWS);
        yield { table: rowsOf(table, first - from, last - from), first };
      }
    }
    start = end;
  }
}

function rowsOfGroup({ num_rows }: FileMetaData['row_groups'][number]): number {
  const rows = Number(num_rows);
  if (!Number.isSafeInteger(rows) || rows < 0) throw new Error(`a row group has ${num_rows} rows`);
  return rows;
}

async function readRows(
  file: GuardedFile,
  metadata: FileMetaData,
  names: readonly string[],
  layout: Layout,
  rowStart: number,
  rowEnd: number,
): Promise<RecordTable> {
  // A new one for each turn: it remembers every column it has read.
  const scan = await parquetScan({ ...OPTIONS, file, metadata });
  const count = rowEnd - rowStart;
  const made = new TableColumns(count, names.length);
  const reading: ReturnType<typeof scan.readColumn>[] = [];
  for (let i = 0; i < names.length; i++) {
    while (reading.length < Math.min(names.length, i + AHEAD)) {
      const column = scan.readColumn({ column: names[reading.length], rowStart, rowEnd });
      column.catch(() => {});
      reading.push(column);
    }
    const values = await reading[i];
    if (values.length !== count) {
      throw new Error(`the column ${names[i]} has ${values.length} values for ${count} rows`);
    }
    made.add(layout.fields[i], values);
    // Its values are held by no one from here on.
    reading[i] = Promise.resolve([]);
  }
  const { bytes, columns, faults, odd } = made;
  return { count, layout, bytes, columns, faults, odd };
}

/** Columns that hold one value a row and are named like a field; others say nothing to a rule. */
function columnsOf(metadata: FileMetaData): { names: string[]; layout: Layout } {
  const seen = new Set<string>();
  const names = parquetSchema(metadata).children.flatMap(({ element, children }) => {
    const field = element.name.replaceAll('_', '-');
    const usable =
      children.length === 0 &&
      element.repetition_type !== 'REPEATED' &&
      FIELD_NAME.test(field) &&
      !seen.has(field);
    seen.add(field);
    return usable ? [element.name] : [];
  });
  if (!names.some((name) => (fieldNamed(name.replaceAll('_', '-'))?.version ?? 0) > 0)) {
    throw new UnreadableBatchError(
      'not-a-flow-log',
      'the Parquet file has no column of a flow log, such as srcaddr or log_status',
    );
  }
  try {
    return { names, layout: parseLayout(names.join(' ')) };
  } catch (cause) {
    if (!(cause instanceof LayoutError)) throw cause;
    throw new UnreadableBatchError('not-a-flow-log', `its columns are odd: ${cause.message}`);
  }
}

/** Tells what the file could not give from what cannot be made of it. */
class GuardedFile {
  readonly byteLength: number;
  readonly #source: RandomAccess;
  #failure: unknown;

  constructor(source: RandomAccess) {
    this.#source = source;
    this.byteLength = source.size;
  }

  async slice(from: number, to = this.byteLength): Promise<ArrayBuffer> {
    if (from < 0 || to > this.byteLength || to < from) {
      throw new Error(`it points to bytes ${from} to ${to} of ${this.byteLength}`);
    }
    try {
      return await this.#source.range(from, to);
    } catch (error) {
      this.#failure ??= error;
      throw error;
    }
  }

  async decode<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (cause) {
      if (this.#failure !== undefined) throw this.#failure;
      if (cause instanceof UnreadableBatchError) throw cause;
      const message = `the Parquet file cannot be read: ${(cause as Error).message}`;
      throw new UnreadableBatchError('bad-parquet', message, { cause });
    }
  }
}
