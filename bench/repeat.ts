/**
 * `node bench/repeat.ts [GB]`: replays the example day again and again through one pipe, ten gigabytes
 * of text unless told otherwise, and prints the process's memory on the way: it must not grow with what was read.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';

/** Steps that a line is printed for. */
const STEPS = 10;
/** Heap that the replay may have, MB: what is garbage goes before it is reached. */
const HEAP = 300;

const gigabytes = Number(process.argv[2] ?? 10);
const day = readFileSync('examples/small-vpc-day.log.gz');
const bytes = gunzipSync(day).length;
const days = Math.ceil((gigabytes * 1e9) / bytes);
const child = spawn(
  process.execPath,
  [`--max-old-space-size=${HEAP}`, 'bin/flowlog-alerts.mjs', 'replay', '-'],
  { stdio: ['pipe', 'ignore', 'ignore'] },
);
const ended = once(child, 'exit');
const started = process.hrtime.bigint();

process.stdout.write(
  '| text read | resident now | at most | records a second |\n|---|---|---|---|\n',
);
for (let read = 1; read <= days; read++) {
  // Members of one gzip stream, as S3 and cat make them.
  if (!child.stdin.write(day)) await once(child.stdin, 'drain');
  if (read % Math.ceil(days / STEPS) === 0 || read === days) print(read);
}
child.stdin.end();
const [code] = await ended;
process.exitCode = code === 0 ? 0 : 1;

function print(read: number): void {
  const status = readFileSync(`/proc/${child.pid}/status`, 'utf8');
  const megabytes = (name: string) =>
    Math.round(Number(new RegExp(`${name}:\\s+(\\d+)`).exec(status)?.[1]) / 1_000);
  const seconds = Number(process.hrtime.bigint() - started) / 1e9;
  const rate = Math.round((read * 120_455) / seconds / 1_000);
  process.stdout.write(
    `| ${((read * bytes) / 1e9).toFixed(1)} GB | ${megabytes('VmRSS')} MB | ${megabytes('VmHWM')} MB | ${rate},000 |\n`,
  );
}
