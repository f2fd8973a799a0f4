/** What every map function does with a mapped batch: its digest goes into the log, now and then a heartbeat. */
import type { Snapshot } from '../config/snapshot.ts';
import { encodeDigest } from '../log/codec.ts';
import { heartbeatKey } from '../log/key.ts';
import type { DigestLog, LogEntry } from '../ports/digest-log.ts';
import type { Log } from '../ports/log.ts';
import type { Source } from '../ports/source.ts';
import type { Batch } from './1-decode/lines.ts';
import { compileRuleSet } from './4-match/rule-set.ts';
import { GroupLayouts } from './group-layouts.ts';
import { Heartbeats } from './heartbeats.ts';
import { type Mapped, Mapper } from './map.ts';
import { type Sharding, shardDigest, shardingOf } from './shard-digest.ts';

export interface WriterPorts {
  readonly digests: DigestLog;
  readonly log: Log;
  readonly snapshot: () => Promise<Snapshot | undefined>;
  /** Unix ms: when an entry arrived in the log. */
  readonly now: () => number;
}

export interface WriterOptions {
  readonly shards: number;
  /** Names this instance in heartbeats. */
  readonly instance: string;
}

/** What a snapshot comes to: kept until there is another. */
export interface MapRules {
  readonly snapshot: Snapshot;
  readonly mapper: Mapper;
  readonly layouts: GroupLayouts;
  readonly sharding: Sharding;
  readonly fingerprint: string;
}

export class DigestWriter {
  readonly #ports: WriterPorts;
  readonly #options: WriterOptions;
  readonly #heartbeats = new Heartbeats();
  #rules: MapRules | undefined;

  constructor(ports: WriterPorts, options: WriterOptions) {
    this.#ports = ports;
    this.#options = options;
  }

  /** @throws Error while no configuration is published, or it cannot be read */
  async rules(): Promise<MapRules> {
    const snapshot = await this.#ports.snapshot();
    if (!snapshot) {
      throw new Error(
        'no configuration has been published yet: reconcile runs within minutes of a deploy',
      );
    }
    if (this.#rules?.snapshot !== snapshot) {
      const set = compileRuleSet(snapshot);
      this.#rules = {
        snapshot,
        mapper: new Mapper(set, snapshot.settings.maxGroups),
        layouts: new GroupLayouts(snapshot.formats, this.#ports.log),
        sharding: shardingOf(set, this.#options.shards),
        fingerprint: set.fingerprint,
      };
    }
    return this.#rules;
  }

  /**
   * @param bytes that the batch holds, unpacked
   * @returns the entries written, or found since it was written before
   * @throws when the log cannot be reached: the same batch must come again
   */
  async write(
    batch: Batch,
    mapped: Mapped,
    bytes: number,
    { sharding, fingerprint }: MapRules,
  ): Promise<LogEntry[]> {
    const now = this.#ports.now();
    const entries = mapped.digest ? shardDigest(mapped.digest, batch.identity, now, sharding) : [];
    for (const entry of entries) await this.#ports.digests.put(entry);
    // Not before: a batch that could not be written comes again.
    this.count(batch.source, mapped, bytes, fingerprint);
    await this.beat();
    return entries;
  }

  /**
   * Counts a batch whose digest is in the log.
   * @param rules fingerprint of those that it was mapped by
   */
  count(source: Source, mapped: Mapped, bytes: number, rules: string): void {
    this.#tellFaults(source, mapped);
    this.#heartbeats.add(source, mapped, bytes, rules);
  }

  /**
   * Writes a heartbeat where one is due. Every shard needs the clocks of all sources. Totals are
   * approximate by design: that one could not be written must not repeat the batch.
   */
  async beat(): Promise<void> {
    const now = this.#ports.now();
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

  #tellFaults({ kind, name }: Source, { counts }: Mapped): void {
    if (counts.malformed === 0) return;
    this.#ports.log('warn', 'lines-malformed', {
      [kind]: name,
      malformed: counts.malformed,
      records: counts.records,
      reasons: counts.reasons,
      samples: counts.samples,
    });
  }
}
