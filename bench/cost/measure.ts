/** Runs the deployed code over traffic in memory and counts what AWS would bill. */

import { itemBytes } from '../../src/adapters/aws/item-size.ts';
import { MemoryCheckpointStore } from '../../src/adapters/local/memory-checkpoint-store.ts';
import { MemoryDeadLetters } from '../../src/adapters/local/memory-dead-letters.ts';
import { MemoryNotifier } from '../../src/adapters/local/memory-notifier.ts';
import type { Snapshot } from '../../src/config/snapshot.ts';
import { type Delivery, deliveryOf, entriesOf } from '../../src/generator/mapped.ts';
import type { LogEntry } from '../../src/ports/digest-log.ts';
import { decodeCheckpoint, encodeCheckpoint } from '../../src/reduce/3-checkpoint/checkpoint.ts';
import { ReduceLoop } from '../../src/reduce/run.ts';

/** What one shape in batches of one size comes to, per batch unless named otherwise. */
export interface Measured {
  readonly records: number;
  readonly batches: number;
  /** Share of batches that made a digest. */
  readonly matched: number;
  /** Milliseconds of one core from the event to its encoded digest. */
  readonly mapMs: number;
  /** Items put, mostly one where something matched. */
  readonly items: number;
  readonly writeUnits: number;
  readonly itemBytes: number;
  /** Milliseconds of one core to merge a batch's items and decide. */
  readonly mergeMs: number;
  /** Milliseconds of one core to encode the last checkpoint. */
  readonly saveMs: number;
  /** Bytes of the last checkpoint. */
  readonly saveBytes: number;
}

const PASSES = 3;
/** Times that the last checkpoint is encoded to be timed. */
const SAVES = 9;
/** Arrival after the last record's start, as CloudWatch Logs delivers; ms. */
const DELAY = 120_000;
/**
 * Digests are handed on in windows of this length; ms. Longer than deployed, so that what is measured
 * is merging and not the checkpoints in between, which are priced by themselves.
 */
const WINDOW = 60_000;

export async function measure(
  snapshot: Snapshot,
  lines: readonly string[],
  size: number,
): Promise<Measured> {
  const batches = batchesOf(lines, size);
  const records = batches.length * size;
  let best = Infinity;
  let entries: LogEntry[] = [];
  for (let pass = 0; pass < PASSES; pass++) {
    const run = await mapAll(snapshot, batches);
    best = Math.min(best, run.ms);
    entries = run.entries;
  }
  const reduced = await reduceAll(snapshot, entries);
  const sizes = entries.map(itemBytes);
  const per = (total: number) => total / batches.length;
  return {
    records,
    batches: batches.length,
    matched: per(new Set(entries.map(({ key }) => key.replace(/\d+$/, ''))).size),
    mapMs: per(best),
    items: per(entries.length),
    writeUnits: per(sum(sizes.map((bytes) => Math.ceil(bytes / 1024)))),
    itemBytes: per(sum(sizes)),
    mergeMs: per(reduced.mergeMs),
    saveMs: reduced.saveMs,
    saveBytes: reduced.saveBytes,
  };
}

/** Whole batches only: a short last one would count as a batch and bring few records. */
export function batchesOf(lines: readonly string[], size: number): Delivery[] {
  return Array.from({ length: Math.floor(lines.length / size) }, (_, i) => {
    const own = lines.slice(i * size, (i + 1) * size);
    const starts = own.map((line) => Number(line.split(' ')[10]));
    return deliveryOf(own, Math.max(...starts.filter(Number.isFinite)) * 1000 + DELAY);
  });
}

async function mapAll(
  snapshot: Snapshot,
  batches: readonly Delivery[],
): Promise<{ readonly ms: number; readonly entries: LogEntry[] }> {
  const start = process.cpuUsage();
  const entries = await entriesOf(snapshot, batches);
  return { ms: processorMs(start), entries };
}

/** Merges the entries and decides, as deployed. */
export async function reduceAll(
  snapshot: Snapshot,
  entries: readonly LogEntry[],
): Promise<Pick<Measured, 'mergeMs' | 'saveMs' | 'saveBytes'>> {
  const checkpoints = new CountingStore();
  let now = 0;
  const loop = new ReduceLoop(
    {
      checkpoints,
      notifier: new MemoryNotifier(),
      metrics: { publish: async () => {} },
      deadLetters: new MemoryDeadLetters(),
      log: () => {},
      snapshot: async () => snapshot,
      now: () => now,
    },
    { stage: 'bench', writer: 'bench', lease: 300_000 },
  );
  const start = process.cpuUsage();
  for (const window of windowsOf(entries)) {
    now = window[window.length - 1].at;
    await loop.run(window);
  }
  const ms = processorMs(start);
  const last = await checkpoints.load(0);
  if (!last) return { mergeMs: 0, saveMs: 0, saveBytes: 0 };
  const state = decodeCheckpoint(last.body);
  const again = process.cpuUsage();
  for (let i = 0; i < SAVES; i++) encodeCheckpoint(state);
  const saveMs = processorMs(again) / SAVES;
  // The memory grows while it is filled: on average a save has taken half of the last one's time.
  const mergeMs = Math.max(0, ms - (checkpoints.saves * saveMs) / 2);
  return { mergeMs, saveMs, saveBytes: last.body.length };
}

/** Processor time of all threads since then: another process on the machine does not add to it. */
export function processorMs(since: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(since);
  return (user + system) / 1000;
}

/** The entries of each window of arrival. */
function windowsOf(entries: readonly LogEntry[]): LogEntry[][] {
  const windows = new Map<number, LogEntry[]>();
  for (const entry of [...entries].sort((a, b) => a.at - b.at)) {
    const window = Math.floor(entry.at / WINDOW);
    const known = windows.get(window);
    if (known) known.push(entry);
    else windows.set(window, [entry]);
  }
  return [...windows.values()];
}

class CountingStore extends MemoryCheckpointStore {
  saves = 0;

  override async save(shard: number, body: Uint8Array, previous: string | undefined) {
    this.saves++;
    return super.save(shard, body, previous);
  }
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
