/** Map among its ports: a delivered payload in, digests and now and then a heartbeat out. */
import type { Snapshot } from '../config/snapshot.ts';
import { encodeDigest } from '../log/codec.ts';
import { heartbeatKey } from '../log/key.ts';
import type { DigestLog, LogEntry } from '../ports/digest-log.ts';
import type { Log } from '../ports/log.ts';
import type { DeadLetters } from '../ports/notifier.ts';
import type { Source } from '../ports/source.ts';
import { ScannedEvents } from './1-decode/event-scanner.ts';
import { UnreadableBatchError } from './1-decode/gunzip.ts';
import type { Batch } from './1-decode/lines.ts';
import { decodeSubscription, payloadOfEvent } from './1-decode/subscription.ts';
import { compileRuleSet } from './4-match/rule-set.ts';
import { GroupLayouts } from './group-layouts.ts';
import { Heartbeats } from './heartbeats.ts';
import { type Mapped, Mapper } from './map.ts';
import { type Sharding, shardDigest, shardingOf } from './shard-digest.ts';

export interface IngestPorts {
  readonly digests: DigestLog;
  readonly deadLetters: DeadLetters;
  readonly log: Log;
  readonly snapshot: () => Promise<Snapshot | undefined>;
  /** Unix ms: when an entry arrived in the log. */
  readonly now: () => number;
}

export interface IngestOptions {
  readonly shards: number;
  /** Names this instance in heartbeats. */
  readonly instance: string;
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

interface Compiled {
  readonly snapshot: Snapshot;
  readonly mapper: Mapper;
  readonly layouts: GroupLayouts;
  readonly sharding: Sharding;
  readonly fingerprint: string;
}

const NOTHING: Ingested = { records: 0, malformed: 0, digests: [] };

export class Ingest {
  readonly #ports: IngestPorts;
  readonly #options: IngestOptions;
  readonly #heartbeats = new Heartbeats();
  /** Batches are mapped and named before anything is awaited, so that one is enough. */
  readonly #events = new ScannedEvents();
  #compiled: Compiled | undefined;

  constructor(ports: IngestPorts, options: IngestOptions) {
    this.#ports = ports;
    this.#options = options;
  }

  /**
   * Takes a Lambda event of a subscription.
   * @throws when the log or the configuration cannot be reached: the same event must come again
   */
  async subscription(event: unknown): Promise<Ingested> {
    const compiled = await this.#rules();
    const { mapper, layouts } = compiled;
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
    return this.#write(batch, mapped, compiled);
  }

  async #write(
    batch: Batch,
    mapped: Mapped,
    { sharding, fingerprint }: Compiled,
  ): Promise<Ingested> {
    const now = this.#ports.now();
    this.#tellFaults(batch.source, mapped);
    const entries = mapped.digest ? shardDigest(mapped.digest, batch.identity, now, sharding) : [];
    for (const entry of entries) await this.#ports.digests.put(entry);
    // Not before: a batch that could not be written comes again.
    this.#heartbeats.add(batch.source, mapped, batch.lines.bytes.length, fingerprint);
    await this.#beat(now);
    return {
      records: mapped.counts.records,
      malformed: mapped.counts.malformed,
      digests: entries.map(({ shard, key }) => ({ shard, key })),
    };
  }

  /**
   * Every shard needs the clocks of all sources. Totals are approximate by design: that one could
   * not be written must not repeat the batch.
   */
  async #beat(now: number): Promise<void> {
    const heartbeat = this.#heartbeats.due(now);
    if (!heartbeat) return;
    const key = heartbeatKey(now / 1000, this.#options.instance);
    const data = encodeDigest(heartbeat);
    try {
      for (let shard = 0; shard < this.#options.shards; shard++) {
        await this.#ports.digests.put({ shard, key, at: now, data });
      }
      this.#heartbeats.sent(now);
    } catch (error) {
      this.#ports.log('warn', 'heartbeat-not-written', { reason: (error as Error).message });
    }
  }

  async #park(event: unknown, error: UnreadableBatchError): Promise<Ingested> {
    const { reason, message } = error;
    this.#ports.log('error', 'batch-unreadable', { reason, message });
    const body = JSON.stringify(event);
    await this.#ports.deadLetters.park({ kind: 'batch', reason: `${reason}: ${message}`, body });
    return { ...NOTHING, unreadable: reason };
  }

  async #rules(): Promise<Compiled> {
    const snapshot = await this.#ports.snapshot();
    if (!snapshot) {
      throw new Error(
        'no configuration has been published yet: reconcile runs within minutes of a deploy',
      );
    }
    if (this.#compiled?.snapshot !== snapshot) {
      const set = compileRuleSet(snapshot);
      this.#compiled = {
        snapshot,
        mapper: new Mapper(set, snapshot.settings.maxGroups),
        layouts: new GroupLayouts(snapshot.formats, this.#ports.log),
        sharding: shardingOf(set, this.#options.shards),
        fingerprint: set.fingerprint,
      };
    }
    return this.#compiled;
  }

  #tellFaults(source: Source, { counts }: Mapped): void {
    if (counts.malformed === 0) return;
    this.#ports.log('warn', 'lines-malformed', {
      logGroup: source.name,
      malformed: counts.malformed,
      records: counts.records,
      reasons: counts.reasons,
      samples: counts.samples,
    });
  }
}
