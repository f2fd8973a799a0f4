/** A function's first invocation in a process of its own, with AWS played by a server that answers at once. */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { pkOf } from '../src/adapters/aws/digest-item.ts';
import { SNAPSHOT_KEY } from '../src/adapters/aws/state-bucket.ts';
import type { Snapshot } from '../src/config/snapshot.ts';
import { deliveryOf, entriesOf } from '../src/generator/mapped.ts';
import { CODEC_VERSION } from '../src/log/codec.ts';
import { buildBundle, ENVIRONMENT } from './bundles.ts';

export interface ColdStart {
  readonly importMs: number;
  readonly firstMs: number;
  /** Before its first write, in order, e.g. `GET snapshot.json.gz`. */
  readonly calls: readonly string[];
}

/** One record, and the event of the stream that its digest makes. */
async function eventFor(name: 'logs' | 'reduce', snapshot: Snapshot): Promise<unknown> {
  const now = Math.floor(Date.now() / 1000);
  const delivery = deliveryOf(
    [
      `2 123456789012 eni-0123456789abcdef0 10.0.0.1 10.0.0.2 49152 38 6 1 40 ${now - 59} ${now} ACCEPT OK`,
    ],
    now * 1000,
  );
  if (name === 'logs') return delivery.event;
  const [entry] = await entriesOf(snapshot, [delivery]);
  const { shard, key, at, data } = entry;
  const NewImage = {
    pk: { S: pkOf(shard) },
    sk: { S: key },
    v: { N: String(CODEC_VERSION) },
    at: { N: String(at) },
    d: { B: Buffer.from(data).toString('base64') },
  };
  return { Records: [{ eventName: 'INSERT', dynamodb: { NewImage } }] };
}

export async function measureColdStart(
  name: 'logs' | 'reduce',
  snapshot: Snapshot,
): Promise<ColdStart> {
  const folder = mkdtempSync(join(tmpdir(), 'flowlog-bench-'));
  const body = gzipSync(JSON.stringify(snapshot));
  const calls: string[] = [];
  const event = await eventFor(name, snapshot);
  const server = createServer((incoming, answer) => {
    calls.push(callOf(incoming));
    void respond(incoming, body).then(([status, headers, content]) => {
      answer.writeHead(status, headers).end(content);
    });
  });
  try {
    const bundle = join(folder, `${name}.mjs`);
    buildBundle(name, bundle);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const code = `
      const start = performance.now();
      const { handler } = await import(${JSON.stringify(bundle)});
      const imported = performance.now();
      await handler(${JSON.stringify(event)});
      console.log('#' + JSON.stringify([imported - start, performance.now() - imported]));
      process.exit(0);`;
    const env = {
      ...process.env,
      ...ENVIRONMENT,
      AWS_ENDPOINT_URL: `http://127.0.0.1:${port}`,
    };
    const run = promisify(execFile);
    const { stdout } = await run(process.execPath, ['--input-type=module', '-e', code], { env });
    const line = stdout.split('\n').find((one) => one.startsWith('#['));
    const [importMs, firstMs] = JSON.parse(line?.slice(1) ?? '[]') as [number, number];
    const write = calls.findIndex((call) => !call.startsWith('GET '));
    return { importMs, firstMs, calls: write < 0 ? calls : calls.slice(0, write) };
  } finally {
    server.close();
    rmSync(folder, { recursive: true });
  }
}

function callOf({ method, url = '', headers }: IncomingMessage): string {
  const target = headers['x-amz-target'];
  if (typeof target === 'string') return target.split('.')[1] ?? target;
  const key = new URL(url, 'http://localhost').pathname.split('/').slice(2).join('/');
  return `${method} ${key}`;
}

/** S3 has the snapshot and nothing else; whatever is written is accepted. */
async function respond(
  incoming: IncomingMessage,
  snapshot: Uint8Array,
): Promise<readonly [number, Record<string, string>, Uint8Array | string]> {
  for await (const _ of incoming);
  if (incoming.method !== 'GET') return [200, { etag: '"1"' }, '{}'];
  if (incoming.url?.includes(SNAPSHOT_KEY)) return [200, { etag: '"1"' }, snapshot];
  const missing = '<Error><Code>NoSuchKey</Code><Message>none</Message></Error>';
  return [404, { 'content-type': 'application/xml' }, missing];
}
