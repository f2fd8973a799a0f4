/** Map among its ports: a delivered payload in, digests and now and then a heartbeat out. */
import type { LogEntry } from '../ports/digest-log.ts';
import type { DeadLetters } from '../ports/notifier.ts';
import type { Source } from '../ports/source.ts';
import { ScannedEvents } from './1-decode/event-scanner.ts';
import { UnreadableBatchError } from './1-decode/gunzip.ts';
import type { Batch } from './1-decode/lines.ts';
import { decodeSubscription, payloadOfEvent } from './1-decode/subscription.ts';
import { DigestWriter, type WriterOptions, type WriterPorts } from './digest-writer.ts';
import type { Mapped } from './map.ts';

export interface IngestPorts extends WriterPorts {
  readonly deadLetters: DeadLetters;
}

export interface IngestOptions extends WriterOptions {
  readonly region: string;
}

/** What became of one payload; the function's answer. */
export interface Ingested {
  readonly records: number;
  readonly malformed: number;
  /** The log entries written or found. */
  readonly digests: readonly Pick<LogEntry, 'shard' | 'key'>[];
  readonly unreadable?: string;
}

const NOTHING: Ingested = { records: 0, malformed: 0, digests: [] };

export class Ingest {
  readonly #ports: IngestPorts;
  readonly #options: IngestOptions;
  readonly #writer: DigestWriter;
  /** Batches are mapped and named before anything is awaited, so that one is enough. */
  readonly #events = new ScannedEvents();

  constructor(ports: IngestPorts, options: IngestOptions) {
    this.#ports = ports;
    this.#options = options;
    this.#writer = new DigestWriter(ports, options);
  }

  /**
   * Takes a Lambda event of a subscription.
   * @throws when the log or the configuration cannot be reached: the same event must come again
   */
  async subscription(event: unknown): Promise<Ingested> {
    const rules = await this.#writer.rules();
    const { mapper, layouts } = rules;
    let mapped: Mapped;
    let batch: Batch;
    try {
      const payload = decodeSubscription(payloadOfEvent(event), this.#events);
      if (payload.kind === 'control') return NOTHING;
      const { owner: account, logGroup: name, lines } = payload;
      const source: Source = { kind: 'logGroup', name, account, region: this.#options.region };
      batch = {
        lines,
        source,
        layouts: layouts.of(name),
        get identity() {
          return payload.identity;
        },
      };
      mapped = mapper.map(batch);
    } catch (error) {
      if (!(error instanceof UnreadableBatchError)) throw error;
      return this.#park(event, error);
    }
    const entries = await this.#writer.write(batch, mapped, batch.lines.bytes.length, rules);
    return {
      records: mapped.counts.records,
      malformed: mapped.counts.malformed,
      digests: entries.map(({ shard, key }) => ({ shard, key })),
    };
  }

  async #park(event: unknown, error: UnreadableBatchError): Promise<Ingested> {
    const { reason, message } = error;
    this.#ports.log('error', 'batch-unreadable', { reason, message });
    const body = JSON.stringify(event);
    await this.#ports.deadLetters.park({ kind: 'batch', reason: `${reason}: ${message}`, body });
    return { ...NOTHING, unreadable: reason };
  }
}
