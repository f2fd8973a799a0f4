/**
 * What a thousand rules are in Parameter Store, for `reconcile` and at a cold start, as a table;
 * `--write` keeps it in docs/performance.md between its markers.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { stringify } from 'yaml';
import { formatBytes, formatDuration, formatNumber } from '../src/alerts/english.ts';
import { compileConfig } from '../src/config/compile.ts';
import { WRITE_PAUSE } from '../src/config/plan/apply-push.ts';
import { STANDARD_BYTES } from '../src/config/plan/parameters.ts';
import { compileRuleSet } from '../src/map/4-match/rule-set.ts';
import type { ConfigDocument } from '../src/ports/config-source.ts';
import { measureColdStart } from './cold-start.ts';
import { median } from './measure.ts';
import { benchDocuments } from './rules.ts';

const RULES = 1_000;
const ROUNDS = 5;
/** Parameters that GetParametersByPath gives at once. */
const PAGE = 10;
const PAGE_NAME = 'docs/performance.md';

const rows: (readonly [string, string])[] = [];
const single = benchDocuments(RULES).map((rule) => stringify(rule));
const documents = packed(single);
const bytes = documents.reduce((sum, { text }) => sum + Buffer.byteLength(text), 0);
const push = (parameters: number) => formatDuration(((parameters - 1) * WRITE_PAUSE) / 1_000);
rows.push(
  [
    'as documents of several rules, each in a standard parameter',
    `${formatNumber(documents.length)} parameters, ${formatBytes(bytes)}`,
  ],
  ['pushing them at 2.5 writes a second', push(documents.length)],
  ['pushing a parameter for each rule instead', push(RULES)],
  [
    'GetParametersByPath to read them all; of a parameter for each rule',
    `${Math.ceil(documents.length / PAGE)} calls; ${Math.ceil(RULES / PAGE)} calls`,
  ],
);

const compile = () => compileConfig(documents, { builtin: [], formats: {}, builtinDefault: true });
const { snapshot, problems } = compile();
if (problems.length > 0) throw new Error(`the rules are wrong: ${problems[0].message}`);
const text = JSON.stringify(snapshot);
rows.push(
  ['`reconcile`: reading the documents and compiling them', `${milliseconds(compile)} ms`],
  [
    'the snapshot it publishes',
    `${formatBytes(Buffer.byteLength(text))}, ${formatBytes(gzipSync(text).length)} in gzip`,
  ],
  [
    'reading the snapshot and making bitmaps of it',
    `${milliseconds(() => compileRuleSet(JSON.parse(text)))} ms`,
  ],
);
for (const name of ['logs', 'reduce'] as const) {
  const { importMs, firstMs, calls } = await measureColdStart(name, snapshot);
  rows.push([
    `cold start of \`${name}\`: import, then the first invocation, its calls to AWS answered at once`,
    `${Math.round(importMs)} ms, ${Math.round(firstMs)} ms`,
  ]);
  rows.push([`its calls to AWS before it can work`, calls.join(', ')]);
}

const table = [
  `Node ${process.versions.node}, ${formatNumber(snapshot.rules.length - 1)} rules.`,
  '',
  '| 1,000 rules | figure |',
  '|---|---|',
  ...rows.map(([what, figure]) => `| ${what} | ${figure} |`),
].join('\n');
process.stdout.write(`${table}\n`);
if (process.argv.includes('--write')) {
  const page = readFileSync(PAGE_NAME, 'utf8');
  const kept = page.replace(
    /(<!-- thousand -->\n).*?(<!-- \/thousand -->)/s,
    (_, open: string, close: string) => `${open}${table}\n${close}`,
  );
  writeFileSync(PAGE_NAME, kept);
}

/** As many rules to a document as a standard parameter holds. */
function packed(rules: readonly string[]): ConfigDocument[] {
  const texts: string[] = [];
  let part = '';
  for (const rule of rules) {
    const longer = part === '' ? rule : `${part}---\n${rule}`;
    if (Buffer.byteLength(longer) > STANDARD_BYTES) texts.push(part);
    part = Buffer.byteLength(longer) > STANDARD_BYTES ? rule : longer;
  }
  texts.push(part);
  return texts.map((text, i) => ({ path: `rules/part-${i}`, text, origin: `part-${i}.yaml` }));
}

function milliseconds(run: () => void): number {
  const times = Array.from({ length: ROUNDS }, () => {
    const start = performance.now();
    run();
    return performance.now() - start;
  });
  return Math.round(median(times));
}
