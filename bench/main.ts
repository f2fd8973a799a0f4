/**
 * `npm run bench`: ratios within one run, never absolute times, as a table; `-- --write` keeps it in
 * docs/performance.md between its markers.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { measureAllocation } from './allocation.ts';
import { measureBundles } from './bundles.ts';
import { measureEngine } from './engine.ts';
import { measurePipeline, type PipelineResult } from './pipeline.ts';
import { measureReplay } from './replay.ts';

interface Row {
  readonly what: string;
  readonly figure: string;
  readonly limit: string;
  readonly met: boolean | undefined;
}

const PAGE = 'docs/performance.md';
const rows: Row[] = [];

function row(what: string, value: number, unit: string, limit?: number): void {
  rows.push({
    what,
    figure: `${value.toFixed(value < 10 ? 2 : 0)} ${unit}`,
    limit: limit === undefined ? '' : `at most ${limit} ${unit}`,
    met: limit === undefined ? undefined : value <= limit,
  });
}

const say = (text: string) => process.stderr.write(`${text}\n`);

say('decode, parse and match: batches of 10,000 and of 50 ...');
for (const [size, batches] of [
  [10_000, 6],
  [50, 600],
] as const) {
  pipelineRows(measurePipeline(size, batches, [10, 50, 1000]));
  const { floor, engine } = await measureEngine(size, batches);
  const what = 'all built-in rules, from payload to decision, memory warm, to base64 + gunzip';
  row(`batches of ${size.toLocaleString('en')}: ${what}`, engine / floor, 'x', 4.5);
}
say('allocation ...');
const { ours, naive } = measureAllocation(10_000);
// An object with fourteen fields takes 150 bytes and more; typed arrays of a batch are shared by its records.
row('heap a record, batches of 10,000', ours, 'bytes', 16);
row('heap a record of JSON.parse and split into objects', naive, 'bytes');
say('bundles ...');
const limits = new Map([
  ['logs', 400],
  ['reduce', 600],
]);
for (const { name, kilobytes, importMs } of measureBundles(['logs', 'objects', 'reduce', 'tick'])) {
  row(`bundle of ${name}`, kilobytes, 'KB', limits.get(name));
  row(`cold import of ${name}`, importMs, 'ms', limits.has(name) ? 150 : undefined);
}
say('replay of 1,000,000 lines ...');
const replay = await measureReplay(1_000_000, 50);
row(
  'replay of 1,000,000 lines .gz under 50 rules, to zcat and wc -l, whole processes',
  replay.replay / replay.zcat,
  'x',
);
row(
  'the same to DuckDB answering one rule by SQL, all threads of both (the goal is 1)',
  replay.replay / replay.duckdb,
  'x',
);
row('the same, one thread of both', replay.replayOneThread / replay.duckdbOneThread, 'x');
row('the same on all threads to one thread', replay.replay / replay.replayOneThread, 'x');

const table = [
  '| measured | figure | limit | |',
  '|---|---|---|---|',
  ...rows.map(({ what, figure, limit, met }) => {
    const mark = met === undefined ? '' : met ? 'met' : 'MISSED';
    return `| ${what} | ${figure} | ${limit} | ${mark} |`;
  }),
].join('\n');
const node = `Node ${process.version.slice(1)}, ${availableParallelism()} processors`;
process.stdout.write(`${table}\n\n${node}\n`);
if (process.argv.includes('--write')) keep(`${node}.\n\n${table}`);

function pipelineRows({ size, floor, naive, byRules }: PipelineResult): void {
  const of = (rules: number) => byRules.get(rules) ?? Number.NaN;
  const where = `batches of ${size.toLocaleString('en')}`;
  row(`${where}: decode + parse + match of 50 rules, to base64 + gunzip`, of(50) / floor, 'x', 3);
  row(`${where}: the same of 1,000 rules`, of(1000) / floor, 'x');
  row(`${where}: 1,000 rules to 10 rules`, of(1000) / of(10), 'x', 1.5);
  row(`${where}: JSON.parse and split into objects, no rule`, naive / floor, 'x');
}

/** Puts the table between the page's markers. */
function keep(text: string): void {
  const page = readFileSync(PAGE, 'utf8');
  const [before] = page.split('<!-- bench -->');
  const after = page.split('<!-- /bench -->')[1] ?? '\n';
  writeFileSync(PAGE, `${before}<!-- bench -->\n${text}\n<!-- /bench -->${after}`);
}
