/** Small sources of every kind, and the reading of them in tests. */
import { gzipSync } from 'node:zlib';
import type { Batch } from '../../../src/map/1-decode/lines.ts';
import { DEFAULT_LAYOUT, type Layout } from '../../../src/records/layout.ts';
import { type ReadOutcome, readBatches } from '../../../src/replay/inputs/read.ts';

/** A default-format record that begins `second` seconds into 2026. */
export function record(second: number, dstport = 443): string {
  const start = 1_767_225_600 + second;
  return `2 123456789012 eni-0a1b2c3d 198.51.100.7 10.0.0.5 51515 ${dstport} 6 10 840 ${start} ${start + 59} ACCEPT OK`;
}

export const GROUP = '/vpc/flow-logs';

export function payload(lines: readonly string[], type = 'DATA_MESSAGE'): string {
  return JSON.stringify({
    messageType: type,
    owner: '210987654321',
    logGroup: GROUP,
    logStream: 'eni-0a1b2c3d-all',
    subscriptionFilters: ['f'],
    logEvents: lines.map((message, i) => ({
      id: String(i).padStart(56, '3'),
      timestamp: 1_767_225_600_000,
      message,
    })),
  });
}

export interface ReadResult {
  readonly batches: readonly Batch[];
  readonly lines: readonly string[];
  readonly faults: Readonly<Record<string, number>>;
  readonly samples: readonly (readonly [string, string])[];
  readonly outcome: ReadOutcome;
}

/**
 * Reads bytes as a source.
 * @param size bytes a piece; the whole in one where absent
 */
export async function read(
  bytes: Uint8Array | string,
  size?: number,
  layouts: readonly Layout[] = [DEFAULT_LAYOUT],
): Promise<ReadResult> {
  const whole = Buffer.from(bytes);
  const outcome: ReadOutcome = { recognised: false };
  const batches: Batch[] = [];
  const samples: [string, string][] = [];
  const faults: Record<string, number> = {};
  const options = {
    layoutsOf: () => layouts,
    onSample: (reason: string, line: string) => samples.push([reason, line]),
  };
  for await (const batch of readBatches('a.log', pieces(whole, size), options, outcome)) {
    batches.push(batch);
    for (const [reason, count] of Object.entries(batch.lines.faults)) {
      faults[reason] = (faults[reason] ?? 0) + count;
    }
  }
  return { batches, lines: batches.flatMap(linesOf), faults, samples, outcome };
}

async function* pieces(bytes: Uint8Array, size = Math.max(1, bytes.length)) {
  for (let at = 0; at < bytes.length; at += size) yield bytes.slice(at, at + size);
}

export function linesOf({ lines }: Batch): string[] {
  return Array.from({ length: lines.count }, (_, i) =>
    Buffer.from(lines.bytes.subarray(lines.starts[i], lines.ends[i])).toString(),
  );
}

export function gzip(text: string | Uint8Array): Buffer {
  return gzipSync(text);
}
