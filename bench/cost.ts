/**
 * `node bench/cost.ts`: what the service costs by list prices, from running the deployed code over five
 * kinds of traffic; `--write` keeps the tables in docs/cost.md and README.md between their markers.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { DirectorySource } from '../src/adapters/local/directory.ts';
import { compileConfig } from '../src/config/compile.ts';
import { SHAPES } from '../src/generator/shapes.ts';
import { fixedCosts, perMillion, perMonth, sumOf } from './cost/bill.ts';
import { type Measured, measure } from './cost/measure.ts';
import { measureStream } from './cost/measure-stream.ts';
import { ASSUMED, PRICES } from './cost/prices.ts';
import { type StreamRow, streamTable } from './cost/stream-table.ts';
import {
  batchTable,
  fixedTable,
  millionTable,
  monthTable,
  type Row,
  requestTable,
  summaryTable,
} from './cost/tables.ts';

const RECORDS = 60_000;
const SIZES = [50, 100, 1_000];
/** What is shown of the way through a stream. */
const STREAMED = { sizes: [50, 100], shapes: ['quiet web', 'busy web', 'scanned'] };
const PER_DAY = [1_000_000, 10_000_000, 100_000_000];

const builtin = await new DirectorySource('rules').read();
const { snapshot } = compileConfig([], { builtin, formats: {}, builtinDefault: true });

const rows: Row[] = [];
const streamed: StreamRow[] = [];
for (const { title: name, lines } of SHAPES) {
  process.stderr.write(`${name} ...\n`);
  const text = [...lines(RECORDS)];
  for (const size of SIZES) {
    const row = rowOf(name, size, await measure(snapshot, text, size));
    rows.push(row);
    if (!STREAMED.sizes.includes(size) || !STREAMED.shapes.includes(name)) continue;
    for (const perDay of PER_DAY) {
      const measured = await measureStream(snapshot, text, size, perDay / size / 1_440);
      streamed.push({ row, perDay, measured });
    }
  }
}

function rowOf(shape: string, size: number, measured: Measured): Row {
  const million = perMillion(measured, size);
  const months = PER_DAY.map((perDay) => {
    const millions = (perDay * ASSUMED.daysPerMonth) / 1e6;
    const time = sumOf(perMonth(measured, size, perDay));
    const records = millions * sumOf(million);
    const logs = millions * 1e6 * PRICES.logRecord;
    return { perDay, records, time, logs, share: (records + time) / logs };
  });
  return { shape, size, measured, million, months };
}

const alarms = (await import(String(new URL('../config/alarms.js', import.meta.url)))) as {
  serviceAlarms(stage: string): object;
};
const fixed = fixedCosts(Object.keys(alarms.serviceAlarms('bench')).length);
/** Each with the page that shows it. */
const tables: readonly (readonly [string, string, string])[] = [
  ['README.md', 'summary', summaryTable(rows, fixed)],
  ['docs/cost.md', 'months', monthTable(rows, fixed)],
  ['docs/cost.md', 'million', millionTable(rows)],
  ['docs/cost.md', 'stream', streamTable(streamed)],
  ['docs/cost.md', 'requests', requestTable(rows)],
  ['docs/cost.md', 'batches', batchTable(rows)],
  ['docs/cost.md', 'fixed', fixedTable(fixed)],
];

process.stdout.write(`${tables.map(([, , table]) => table).join('\n\n')}\n`);
if (process.argv.includes('--write')) {
  for (const [page, name, table] of tables) {
    writeFileSync(page, keep(readFileSync(page, 'utf8'), name, table));
  }
}

/** Puts a table between its markers. */
function keep(text: string, name: string, table: string): string {
  const [open, close] = [`<!-- cost: ${name} -->`, `<!-- /cost: ${name} -->`];
  const from = text.indexOf(open);
  const to = text.indexOf(close);
  if (from < 0 || to < from) throw new Error(`the page has no ${open} ... ${close}`);
  return `${text.slice(0, from + open.length)}\n\n${table}\n\n${text.slice(to)}`;
}
