/** The function `stream` over the same traffic, and what AWS would bill of it. */
import { itemBytes } from '../../src/adapters/aws/item-size.ts';
import { MemoryDeadLetters } from '../../src/adapters/local/memory-dead-letters.ts';
import { MemoryDigestLog } from '../../src/adapters/local/memory-digest-log.ts';
import type { Snapshot } from '../../src/config/snapshot.ts';
import type { Delivery } from '../../src/generator/mapped.ts';
import { payloadOfEvent } from '../../src/map/1-decode/subscription.ts';
import { IngestStream, type StreamRecord } from '../../src/map/ingest-stream.ts';
import type { LogEntry } from '../../src/ports/digest-log.ts';
import { batchesOf, processorMs, reduceAll } from './measure.ts';

/** What batches of one size come to, per batch unless named otherwise. */
export interface MeasuredStream {
  /** Batches that one invocation takes. */
  readonly together: number;
  readonly mapMs: number;
  readonly items: number;
  readonly writeUnits: number;
  readonly itemBytes: number;
  readonly mergeMs: number;
  /** Of the record in the stream: gzip of a batch. */
  readonly recordBytes: number;
}

const PASSES = 3;

/** @param perMinute batches that come in a minute, the batching window */
export async function measureStream(
  snapshot: Snapshot,
  lines: readonly string[],
  size: number,
  perMinute: number,
): Promise<MeasuredStream> {
  const records = batchesOf(lines, size).map(recordOf);
  const bytes = records.reduce((sum, { data }) => sum + data.length, 0);
  const together = batchesTogether(perMinute, bytes / records.length);
  let best = Infinity;
  let entries: LogEntry[] = [];
  for (let pass = 0; pass < PASSES; pass++) {
    const run = await mapAll(snapshot, records, together);
    best = Math.min(best, run.ms);
    entries = run.entries;
  }
  const { mergeMs } = await reduceAll(snapshot, entries);
  const sizes = entries.map(itemBytes);
  const per = (total: number) => total / records.length;
  return {
    together,
    mapMs: per(best),
    items: per(entries.length),
    writeUnits: per(sizes.reduce((sum, one) => sum + Math.ceil(one / 1024), 0)),
    itemBytes: per(sizes.reduce((sum, one) => sum + one, 0)),
    mergeMs: per(mergeMs),
    recordBytes: per(bytes),
  };
}

/** Lambda hands over 6 MB at most, as base64 text among some 500 bytes a record. */
const MOST_PAYLOAD = 6 * 1_048_576;

function batchesTogether(perMinute: number, bytes: number): number {
  const most = Math.min(10_000, Math.floor(MOST_PAYLOAD / ((bytes * 4) / 3 + 500)));
  return Math.max(1, Math.min(most, Math.round(perMinute)));
}

function recordOf({ event, at }: Delivery, index: number): StreamRecord {
  return {
    data: payloadOfEvent(event),
    streamArn: 'arn:aws:kinesis:us-east-1:123456789012:stream/flow-logs',
    shardId: 'shardId-000000000000',
    sequenceNumber: String(index),
    arrival: at / 1000,
    event: undefined,
  };
}

async function mapAll(
  snapshot: Snapshot,
  records: readonly StreamRecord[],
  together: number,
): Promise<{ readonly ms: number; readonly entries: LogEntry[] }> {
  let now = 0;
  const digests = new MemoryDigestLog();
  const ingest = new IngestStream(
    {
      digests,
      deadLetters: new MemoryDeadLetters(),
      log: () => {},
      snapshot: async () => snapshot,
      now: () => now,
    },
    { shards: 1, instance: 'bench', region: 'us-east-1' },
  );
  const start = process.cpuUsage();
  for (let from = 0; from < records.length; from += together) {
    const invocation = records.slice(from, from + together);
    now = (invocation[invocation.length - 1] as StreamRecord).arrival * 1000;
    await ingest.run(sameMinute(invocation));
  }
  const ms = processorMs(start);
  const entries: LogEntry[] = [];
  for await (const entry of digests.read(0)) {
    if (!entry.key.includes('#beat#')) entries.push(entry);
  }
  return { ms, entries };
}

/** The generator's records may take hours for what comes within a minute here. */
function sameMinute(records: readonly StreamRecord[]): StreamRecord[] {
  const arrival = records[0]?.arrival ?? 0;
  return records.map((record) => ({ ...record, arrival }));
}
