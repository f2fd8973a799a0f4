/** Parquet files as AWS writes them, made by DuckDB. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { fieldNamed } from '../../../src/records/fields.ts';

export type Compression = 'gzip' | 'snappy' | 'zstd' | 'uncompressed' | 'brotli' | 'lz4_raw';

export interface ParquetOptions {
  readonly compression?: Compression;
  readonly rowGroup?: number;
  /** Columns of 64 bits where AWS says 32, as its own table for Athena does. */
  readonly wide?: boolean;
  /** Text that stands for no value; other dashes are text. */
  readonly absent?: string;
  /** Version of the file format: data pages of the second kind. */
  readonly version?: 'V1' | 'V2';
}

let connection: Promise<DuckDBConnection> | undefined;
let directory: Promise<string> | undefined;
let made = 0;

async function connect(): Promise<DuckDBConnection> {
  const instance = await DuckDBInstance.create(':memory:', { threads: '1' });
  return instance.connect();
}

export async function closeParquet(): Promise<void> {
  (await connection)?.closeSync();
  if (directory) await rm(await directory, { recursive: true, force: true });
}

/** The lines of a layout, given as its field names, as a Parquet file. */
export async function parquetOf(
  fields: readonly string[],
  lines: readonly string[],
  {
    compression = 'gzip',
    rowGroup = 122_880,
    wide = false,
    absent = '-',
    version = 'V1',
  }: ParquetOptions = {},
): Promise<Buffer> {
  connection ??= connect();
  directory ??= mkdtemp(join(tmpdir(), 'parquet-'));
  const path = join(await directory, `${made++}`);
  const rows = lines.map((line) => `${line.trim().split(/\s+/).join(' ')}\n`);
  await writeFile(`${path}.txt`, rows.join(''));
  const columns = fields.map((name) => `'${name.replaceAll('-', '_')}': '${typeOf(name, wide)}'`);
  await (await connection).run(`
    COPY (SELECT * FROM read_csv('${path}.txt', delim = ' ', header = false, quote = '', escape = '',
      nullstr = '${absent}', columns = {${columns.join(', ')}}))
    TO '${path}.parquet' (FORMAT parquet, COMPRESSION ${compression}, ROW_GROUP_SIZE ${rowGroup}, PARQUET_VERSION ${version})`);
  return readFile(`${path}.parquet`);
}

function typeOf(name: string, wide: boolean): string {
  const field = fieldNamed(name);
  if (field?.type === 'time') return 'BIGINT';
  if (field?.type !== 'number') return 'VARCHAR';
  return wide || (field.range?.[1] ?? 0) > 2 ** 31 ? 'BIGINT' : 'INTEGER';
}
