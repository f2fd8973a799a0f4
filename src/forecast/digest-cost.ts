/** What a rule set writes: the digests of traffic that comes in deliveries of a usual size. */
import type { Batch } from '../map/1-decode/lines.ts';
import type { RuleSet } from '../map/4-match/rule-set.ts';
import { Mapper } from '../map/map.ts';
import { type Sharding, shardDigest, shardingOf } from '../map/shard-digest.ts';
import type { LogEntry } from '../ports/digest-log.ts';

/** Records that CloudWatch Logs hands on at once, as docs/cost.md takes it; files hold far more. */
export const DELIVERY = 100;

export interface Written {
  digests: number;
  bytes: number;
  units: number;
}

export class DigestCost {
  readonly written: Written = { digests: 0, bytes: 0, units: 0 };
  readonly #mapper: Mapper;
  readonly #sharding: Sharding;
  readonly #unitsOf: (entry: LogEntry) => number;

  /** @param unitsOf write units that an entry is billed as */
  constructor(set: RuleSet, maxGroups: number, unitsOf: (entry: LogEntry) => number) {
    this.#mapper = new Mapper(set, maxGroups);
    this.#sharding = shardingOf(set, 1);
    this.#unitsOf = unitsOf;
  }

  add(batch: Batch): void {
    const { lines } = batch;
    for (let from = 0; from < lines.count; from += DELIVERY) {
      const to = Math.min(lines.count, from + DELIVERY);
      const { digest, latest } = this.#mapper.map({
        ...batch,
        lines: {
          ...lines,
          starts: lines.starts.subarray(from, to),
          ends: lines.ends.subarray(from, to),
          count: to - from,
          ...(lines.times && { times: lines.times.subarray(from, to) }),
          faults: {},
        },
      });
      if (!digest) continue;
      for (const entry of shardDigest(digest, batch.identity, latest * 1000, this.#sharding)) {
        this.written.digests++;
        this.written.bytes += entry.data.length;
        this.written.units += this.#unitsOf(entry);
      }
    }
  }
}
