/** Generated lines through the deployed map, for what digests of them cost. */
import { MemoryDeadLetters } from '../adapters/local/memory-dead-letters.ts';
import type { Snapshot } from '../config/snapshot.ts';
import { Ingest } from '../map/ingest.ts';
import type { LogEntry } from '../ports/digest-log.ts';
import { subscriptionEvent } from './subscription.ts';

export interface Delivery {
  readonly event: unknown;
  /** Arrival, Unix ms. */
  readonly at: number;
}

/** One delivery of lines in the default format. @param at arrival, Unix ms */
export function deliveryOf(lines: readonly string[], at: number): Delivery {
  const event = subscriptionEvent({
    logGroup: '/vpc/flow-logs',
    logStream: 'eni-0123456789abcdef0-all',
    owner: '123456789012',
    lines,
  });
  return { event, at };
}

/** The log entries of the deliveries, without heartbeats: those are of the instance, whatever comes. */
export async function entriesOf(
  snapshot: Snapshot,
  deliveries: readonly Delivery[],
): Promise<LogEntry[]> {
  const entries: LogEntry[] = [];
  let now = 0;
  const ingest = new Ingest(
    {
      digests: {
        put: async (entry) => {
          if (!entry.key.includes('#beat#')) entries.push(entry);
          return 'stored';
        },
        read: async function* () {},
      },
      deadLetters: new MemoryDeadLetters(),
      log: () => {},
      snapshot: async () => snapshot,
      now: () => now,
    },
    { shards: 1, instance: 'generated', region: 'us-east-1' },
  );
  for (const { event, at } of deliveries) {
    now = at;
    await ingest.subscription(event);
  }
  return entries;
}
