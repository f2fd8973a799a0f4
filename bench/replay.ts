/** Replay of a large file against reading it at all, and against DuckDB on one rule's question. */
import { execFileSync } from 'node:child_process';
import {
  createWriteStream,
  mkdirSync,
  mkdtempSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { stringify } from 'yaml';
import { generateLines } from '../src/generator/volume.ts';
import { median } from './measure.ts';
import { benchDocuments } from './rules.ts';

export interface ReplayResult {
  readonly lines: number;
  readonly megabytes: number;
  /** Seconds as whole processes. */
  readonly zcat: number;
  /** With a thread a processor, as it is unless told otherwise. */
  readonly replay: number;
  readonly replayOneThread: number;
  readonly duckdb: number;
  readonly duckdbOneThread: number;
}

const HEADER =
  'version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status';
const ROUNDS = 5;

export async function measureReplay(lines: number, rules: number): Promise<ReplayResult> {
  const folder = mkdtempSync(join(tmpdir(), 'flowlog-bench-'));
  try {
    const file = join(folder, 'flows.log.gz');
    await pipeline(Readable.from(pieces(lines)), createGzip(), createWriteStream(file));
    const folderOfRules = join(folder, 'rules');
    writeRules(folderOfRules, rules);
    const cli = ['bin/flowlog-alerts.mjs', 'replay', file, '--rules', folderOfRules, '--json'];
    const zcat: number[] = [];
    const replay: number[] = [];
    const replayOne: number[] = [];
    const duckdb: number[] = [];
    const duckdbOne: number[] = [];
    // Compiles what later runs start from, as a second run by hand does.
    run(process.execPath, cli);
    for (let round = 0; round < ROUNDS; round++) {
      zcat.push(run('sh', ['-c', `zcat '${file}' | wc -l`]));
      replay.push(run(process.execPath, cli));
      replayOne.push(run(process.execPath, [...cli, '--threads', '1']));
      duckdb.push(run(process.execPath, ['bench/duckdb.ts', file]));
      duckdbOne.push(run(process.execPath, ['bench/duckdb.ts', file, '1']));
    }
    return {
      lines,
      megabytes: statSync(file).size / 1e6,
      zcat: median(zcat),
      replay: median(replay),
      replayOneThread: median(replayOne),
      duckdb: median(duckdb),
      duckdbOneThread: median(duckdbOne),
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function* pieces(lines: number): Generator<string> {
  yield `${HEADER}\n`;
  let held: string[] = [];
  for (const line of generateLines(lines)) {
    held.push(line);
    if (held.length < 5_000) continue;
    yield `${held.join('\n')}\n`;
    held = [];
  }
  if (held.length > 0) yield `${held.join('\n')}\n`;
}

function writeRules(folder: string, count: number): void {
  mkdirSync(folder);
  benchDocuments(count).forEach((rule) => {
    writeFileSync(join(folder, `${rule.id}.yaml`), stringify(rule));
  });
}

function run(command: string, args: readonly string[]): number {
  const start = process.hrtime.bigint();
  execFileSync(command, args, { stdio: ['ignore', 'ignore', 'ignore'] });
  return Number(process.hrtime.bigint() - start) / 1e9;
}
