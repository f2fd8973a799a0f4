/**
 * Flow logs in S3 against the least that reading them takes, and against DuckDB over the same files:
 * `node bench/objects.ts`; `-- --write` keeps the table in docs/performance.md.
 */
import { execFileSync } from 'node:child_process';
import {
  createWriteStream,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { DuckDBInstance } from '@duckdb/node-api';
import { generateLines } from '../src/generator/volume.ts';
import { DEFAULT_LAYOUT } from '../src/records/layout.ts';
import { median } from './measure.ts';

interface Once {
  readonly records: number;
  readonly digests: number;
  readonly seconds: number;
  readonly peakMegabytes: number;
}

const PAGE = 'docs/performance.md';
const ROUNDS = 3;
const RECORDS = 1_000_000;
/** The largest file that AWS writes has 75 MB. */
const LARGEST = 75e6;
const RULES = 50;

const folder = mkdtempSync(join(tmpdir(), 'flowlog-objects-'));
const say = (text: string) => process.stderr.write(`${text}\n`);
const rows: string[] = [];
const row = (what: string, ...cells: string[]) => rows.push(`| ${[what, ...cells].join(' | ')} |`);

function* pieces(count: number, seed: number): Generator<string> {
  yield `${DEFAULT_LAYOUT.fields.map(({ name }) => name).join(' ')}\n`;
  let held = '';
  for (const line of generateLines(count, seed)) {
    held += `${line}\n`;
    if (held.length < 500_000) continue;
    yield held;
    held = '';
  }
  yield held;
}

async function textFile(name: string, count: number): Promise<string> {
  const path = join(folder, name);
  await pipeline(Readable.from(pieces(count, 1)), createGzip(), createWriteStream(path));
  return path;
}

async function parquetFile(text: string, compression: string): Promise<string> {
  const path = join(folder, `${compression}.log.parquet`);
  const connection = await (await DuckDBInstance.create(':memory:')).connect();
  const columns = DEFAULT_LAYOUT.fields
    .map(
      ({ name, type }) =>
        `"${name}"${type === 'string' || type === 'address' ? '' : columnType(name)} AS ${name.replaceAll('-', '_')}`,
    )
    .join(', ');
  await connection.run(`COPY (SELECT ${columns} FROM read_csv('${text}', delim = ' ', header = true,
    nullstr = '-', all_varchar = true)) TO '${path}' (FORMAT parquet, COMPRESSION ${compression})`);
  connection.closeSync();
  return path;
}

const columnType = (name: string) =>
  ['bytes', 'packets', 'start', 'end'].includes(name) ? '::BIGINT' : '::INTEGER';

function timed(command: string, args: readonly string[]): number {
  const began = process.hrtime.bigint();
  execFileSync(command, args, { stdio: 'ignore' });
  return Number(process.hrtime.bigint() - began) / 1e9;
}

function readOnce(path: string): Once {
  const args = ['bench/objects/read-once.ts', path, String(RULES)];
  return JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8' })) as Once;
}

function measure(what: string, path: string, floor?: () => number): void {
  say(`${what} ...`);
  const ours: Once[] = [];
  const floors: number[] = [];
  const duck: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    ours.push(readOnce(path));
    if (floor) floors.push(floor());
    duck.push(timed(process.execPath, ['bench/duckdb.ts', path, '1']));
  }
  const seconds = median(ours.map((one) => one.seconds));
  const [{ records, digests, peakMegabytes }] = ours as [Once, ...Once[]];
  row(
    what,
    `${(statSync(path).size / 1e6).toFixed(0)} MB`,
    `${Math.round(records / seconds / 1000)}`,
    floor ? `${(seconds / median(floors)).toFixed(2)} x` : '',
    `${(seconds / median(duck)).toFixed(2)} x`,
    `${peakMegabytes} MB`,
    String(digests),
  );
}

try {
  const text = await textFile('flows.log.gz', RECORDS);
  const zcat = () => timed('sh', ['-c', `zcat '${text}' | wc -l`]);
  measure('text, gzip', text, zcat);
  for (const compression of ['gzip', 'snappy', 'zstd']) {
    measure(`Parquet, ${compression}`, await parquetFile(text, compression));
  }
  say('the largest file that AWS writes ...');
  const each = statSync(text).size / RECORDS;
  const largest = await textFile('largest.log.gz', Math.ceil(LARGEST / each));
  const { records, seconds, peakMegabytes, digests } = readOnce(largest);
  row(
    'text, gzip, the largest file that AWS writes',
    `${(statSync(largest).size / 1e6).toFixed(0)} MB`,
    `${Math.round(records / seconds / 1000)}`,
    '',
    '',
    `${peakMegabytes} MB`,
    String(digests),
  );
} finally {
  rmSync(folder, { recursive: true });
}

const table = [
  `Node ${process.version.slice(1)}, ${availableParallelism()} processors, ${RULES} rules, ${RECORDS.toLocaleString('en')} records unless said otherwise.`,
  '',
  '| file | size | thousand records a second | to `zcat \\| wc -l` | to DuckDB answering one rule by SQL, one thread | most memory | digests |',
  '|---|---|---|---|---|---|---|',
  ...rows,
].join('\n');
process.stdout.write(`${table}\n`);
if (process.argv.includes('--write')) {
  const page = readFileSync(PAGE, 'utf8');
  const [before] = page.split('<!-- objects -->');
  const after = page.split('<!-- /objects -->')[1] ?? '\n';
  writeFileSync(PAGE, `${before}<!-- objects -->\n${table}\n<!-- /objects -->${after}`);
}
