/** What a rule alone costs in digests, measured by running what is deployed over made-up traffic. */
import { writeUnits } from '../adapters/aws/item-size.ts';
import type { Snapshot } from '../config/snapshot.ts';
import { deliveryOf, entriesOf } from '../generator/mapped.ts';
import type { Shape } from '../generator/shapes.ts';
import { decodeDigest } from '../log/codec.ts';
import { batchesOf } from '../log/digest.ts';
import type { LogEntry } from '../ports/digest-log.ts';
import { PRICES } from '../prices.ts';

/** Lines that are tried, and how many come in one delivery. */
const LINES = 20_000;
const BATCH = 100;

export interface RuleCost {
  readonly shape: string;
  readonly what: string;
  /** Share of the records that match. */
  readonly matching: number;
  /** Of 1,000 batches of 100 records each. */
  readonly digests: number;
  readonly writeUnits: number;
  /** Bytes of a digest, and of one group in it. */
  readonly digestBytes: number;
  readonly groupBytes: number;
  /** US cents of writing the digests of a million records. */
  readonly centsPerMillion: number;
}

/** @param snapshot of the one rule */
export async function measureCost(snapshot: Snapshot, shape: Shape): Promise<RuleCost> {
  const lines = [...shape.lines(LINES)].slice(0, LINES);
  const batches = Math.floor(lines.length / BATCH);
  const deliveries = Array.from({ length: batches }, (_, i) =>
    deliveryOf(lines.slice(i * BATCH, (i + 1) * BATCH), 0),
  );
  const entries = await entriesOf(snapshot, deliveries);
  return { shape: shape.name, what: shape.what, ...costOf(entries, batches) };
}

function costOf(entries: readonly LogEntry[], batches: number): Omit<RuleCost, 'shape' | 'what'> {
  let records = 0;
  let groups = 0;
  let bytes = 0;
  let units = 0;
  for (const entry of entries) {
    bytes += entry.data.length;
    units += writeUnits(entry);
    const digest = decodeDigest(entry.data);
    for (const rule of batchesOf(digest).flatMap(({ rules }) => rules)) {
      records += rule.records;
      groups += rule.groups.length;
    }
  }
  const perThousand = 1_000 / batches;
  return {
    matching: records / (batches * BATCH),
    digests: Math.round(entries.length * perThousand),
    writeUnits: Math.round(units * perThousand),
    digestBytes: Math.round(bytes / Math.max(1, entries.length)),
    groupBytes: Math.round(bytes / Math.max(1, groups)),
    centsPerMillion: (units / (batches * BATCH)) * 1e6 * PRICES.writeUnit * 100,
  };
}
