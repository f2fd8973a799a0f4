import { execFile } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { createGzip } from 'node:zlib';
import { expect, test } from '@jest/globals';
import { generateLines } from '../../src/generator/volume.ts';
import { DEFAULT_LAYOUT } from '../../src/records/layout.ts';

const run = promisify(execFile);
const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const RECORDS = 300_000;
/** Of text, again and again: what it unpacks to is more than all memory allowed. */
const TIMES = 8;

function* pieces(): Generator<string> {
  let text = '';
  for (const line of generateLines(RECORDS)) text += `${line}\n`;
  yield `${DEFAULT_LAYOUT.fields.map(({ name }) => name).join(' ')}\n`;
  for (let i = 0; i < TIMES; i++) yield text;
}

test('a file that unpacks to more than 256 MB is read in less', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'flowlog-memory-'));
  try {
    const file = join(folder, 'flows.log.gz');
    await pipeline(Readable.from(pieces()), createGzip({ level: 1 }), createWriteStream(file));
    const { stdout } = await run(process.execPath, ['bench/objects/read-once.ts', file, '10'], {
      cwd: ROOT,
    });
    const { records, peakMegabytes } = JSON.parse(stdout) as Record<string, number>;
    expect(records).toBe(RECORDS * TIMES);
    expect(peakMegabytes).toBeLessThan(256);
  } finally {
    await rm(folder, { recursive: true });
  }
}, 120_000);
