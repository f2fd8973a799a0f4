/**
 * Reads one flow-log file as the function `objects` would, in a process of its own, and prints what it took:
 * `node bench/objects/read-once.ts FILE [RULES]`. The bucket is the disk, the digest log forgets.
 */
import { type FileHandle, open, readFile } from 'node:fs/promises';
import { messageOf } from '../../src/map/1-decode/object-events.ts';
import { IngestObjects } from '../../src/map/ingest-objects.ts';
import type { StoredObject } from '../../src/ports/object-reader.ts';
import { benchSnapshot } from '../rules.ts';

/** What S3ObjectReader asks for at once. */
const PART = 8 * 1024 * 1024;

async function read(file: FileHandle, from: number, to: number): Promise<Buffer> {
  const buffer = Buffer.allocUnsafeSlow(to - from);
  await file.read(buffer, 0, buffer.length, from);
  return buffer;
}

async function objectOf(path: string): Promise<StoredObject> {
  const file = await open(path);
  const { size } = await file.stat();
  return {
    bucket: 'logs',
    key: path,
    etag: 'etag',
    size,
    async *pieces() {
      for (let from = 0; from < size; from += PART) {
        yield read(file, from, Math.min(size, from + PART));
      }
    },
    range: async (from, to) => new Uint8Array(await read(file, from, to)).buffer,
  };
}

const [path = '', rules = '50'] = process.argv.slice(2);
const object = await objectOf(path);
const snapshot = benchSnapshot(Number(rules));
let digests = 0;
let bytes = 0;
const letters: string[] = [];
let totals: unknown;
const ingest = new IngestObjects(
  {
    objects: { open: async () => object },
    digests: {
      put: async ({ data }) => {
        digests++;
        bytes += data.length;
        return 'stored';
      },
      async *read() {},
    },
    queue: { hide: async () => {} },
    deadLetters: { park: async ({ reason }) => void letters.push(reason) },
    log: (_, event, fields) => {
      if (event === 'object') totals = fields;
    },
    snapshot: async () => snapshot,
    now: Date.now,
  },
  { shards: 1, instance: 'bench' },
);
const message = { id: '1', receipt: '1', body: messageOf('logs', path), sentAt: 0, receives: 1 };
const began = process.hrtime.bigint();
await ingest.run([message], Number.MAX_SAFE_INTEGER);
const seconds = Number(process.hrtime.bigint() - began) / 1e9;
const { records = 0, malformed = 0 } = (totals ?? {}) as { records?: number; malformed?: number };
const peak = await peakMegabytes();
const result = { records, malformed, digests, bytes, seconds, peakMegabytes: peak, letters };
process.stdout.write(`${JSON.stringify(result)}\n`);
process.exit(letters.length > 0 ? 1 : 0);

/** What Linux says of this program alone: maxRSS still has that of the process that started it. */
async function peakMegabytes(): Promise<number> {
  const status = await readFile('/proc/self/status', 'utf8').catch(() => '');
  const [, kilobytes] = /^VmHWM:\s+(\d+)/m.exec(status) ?? [];
  const peak = kilobytes === undefined ? process.resourceUsage().maxRSS : Number(kilobytes);
  return Math.round((peak * 1024) / 1e6);
}
