/**
 * The engine in one process: the same map and reduce as deployed, fed by files. Time is the
 * records' own.
 */
import type { Alert } from '../alerts/alert.ts';
import type { Snapshot } from '../config/snapshot.ts';
import type { SourceTotals } from '../log/digest.ts';
import type { Batch } from '../map/1-decode/lines.ts';
import { compileRuleSet } from '../map/4-match/rule-set.ts';
import { type Mapped, Mapper } from '../map/map.ts';
import { type Decision, Reducer } from '../reduce/reducer.ts';

export interface ReplayOptions {
  readonly stage?: string;
  /** New groups a rule may remember per minute; no bound unless given. */
  readonly maxGroups?: number;
  /** Seconds; a day unless given. */
  readonly lateness?: number;
}

export interface ReplayTotals {
  records: number;
  malformed: number;
  skipData: number;
  noData: number;
  /** Records that came too late for rules with windows. */
  late: number;
  groupsDropped: number;
  bytes: number;
  /** Event time of the first and last record, Unix seconds. */
  first: number;
  last: number;
  readonly reasons: Record<string, number>;
  readonly faultSamples: { readonly reason: string; readonly line: string }[];
}

const DAY = 86_400;
/** A clock follows records this far past all others: half of the lateness, so that one bad
 * timestamp makes nothing late. */
const TRUSTED_AHEAD = DAY / 2;

export class ReplayEngine {
  readonly totals: ReplayTotals = {
    records: 0,
    malformed: 0,
    skipData: 0,
    noData: 0,
    late: 0,
    groupsDropped: 0,
    bytes: 0,
    first: Infinity,
    last: 0,
    reasons: {},
    faultSamples: [],
  };
  readonly #mapper: Mapper;
  readonly #reducer: Reducer;
  /** The two greatest times of different records; the lesser one no single record can move. */
  #greatest = 0;
  #trusted = 0;

  constructor(snapshot: Snapshot, options: ReplayOptions = {}) {
    const settings = { ...snapshot.settings, lateness: options.lateness ?? DAY };
    const set = compileRuleSet({ ...snapshot, settings });
    const maxGroups = options.maxGroups ?? Infinity;
    this.#mapper = new Mapper(set, maxGroups);
    this.#reducer = new Reducer(set, {
      stage: options.stage ?? 'replay',
      maxGroups,
      silent: 'untold',
      ...(options.maxGroups === undefined ? { maxMemory: Infinity } : {}),
      clockLimit: () => this.#trusted + TRUSTED_AHEAD,
    });
  }

  /** Maps and reduces one input. */
  feed(batch: Batch): void {
    const mapped = this.#mapper.map(batch);
    this.#count(batch, mapped);
    this.#witness(mapped);
    // Of a first record alone nothing is known but what it says.
    const limit = this.#trusted === 0 ? Infinity : this.#trusted + TRUSTED_AHEAD;
    const at = Math.min(mapped.latest, limit) * 1000;
    const arrival = Math.max(this.#reducer.state.now, at);
    const totals = sourceTotals(batch, mapped);
    this.#reducer.apply({
      key: `totals#${batch.identity}`,
      at: arrival,
      digest: { kind: 'heartbeat', sources: [totals] },
    });
    if (mapped.digest) {
      this.#reducer.apply({ key: `batch#${batch.identity}`, at: arrival, digest: mapped.digest });
    }
  }

  /** Alerts decided since the last take: those sent, and with `folded` those a storm held back. */
  take(): Alert[] {
    this.#readMetrics();
    return this.#reducer
      .takeDecisions()
      .filter(told)
      .map(({ alert }) => alert);
  }

  /** Ends the replay: everything settles. */
  finish(): Alert[] {
    this.#reducer.finish();
    return this.take();
  }

  #witness({ counts, earliest, latest }: Mapped): void {
    if (earliest === Infinity) return;
    for (const time of counts.records > 1 ? [earliest, latest] : [latest]) {
      this.#trusted = Math.max(this.#trusted, Math.min(time, this.#greatest));
      this.#greatest = Math.max(this.#greatest, time);
    }
  }

  #count(batch: Batch, { counts, latest, earliest }: Mapped): void {
    const { totals } = this;
    totals.records += counts.records;
    totals.malformed += counts.malformed;
    totals.skipData += counts.skipData;
    totals.noData += counts.noData;
    totals.bytes += sizeOf(batch);
    totals.first = Math.min(totals.first, earliest);
    totals.last = Math.max(totals.last, latest);
    for (const [reason, count] of Object.entries(counts.reasons)) {
      totals.reasons[reason] = (totals.reasons[reason] ?? 0) + count;
    }
    for (const sample of counts.samples) {
      if (!totals.faultSamples.some(({ reason }) => reason === sample.reason)) {
        totals.faultSamples.push(sample);
      }
    }
  }

  #readMetrics(): void {
    for (const { name, value } of this.#reducer.state.metrics.values()) {
      if (name === 'LateRecords') this.totals.late += value;
      else if (name === 'GroupsDropped') this.totals.groupsDropped += value;
    }
    this.#reducer.state.metrics.clear();
    this.#reducer.state.outbox = [];
  }
}

function told({ reason }: Decision): boolean {
  return reason === 'notified' || reason === 'storm';
}

function sizeOf({ lines }: Batch): number {
  return lines.count === 0 ? 0 : lines.ends[lines.count - 1] - lines.starts[0];
}

function sourceTotals(batch: Batch, { counts, digest, latest }: Mapped): SourceTotals {
  return {
    source: batch.source,
    // Where there is a digest the clock moves with it, after its records were judged late or not.
    latest: digest ? 0 : latest,
    batches: 1,
    records: counts.records,
    malformed: counts.malformed,
    noData: counts.noData,
    skipData: counts.skipData,
    bytes: sizeOf(batch),
  };
}
