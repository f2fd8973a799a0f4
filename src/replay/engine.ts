/**
 * The engine in one process: the same map and reduce as deployed, fed by files. Time is the
 * records' own.
 */
import type { Alert } from '../alerts/alert.ts';
import type { Snapshot } from '../config/snapshot.ts';
import type { Batch } from '../map/1-decode/lines.ts';
import type { TimeSpan } from '../map/2-parse/parse.ts';
import { compileRuleSet, type RuleSet } from '../map/4-match/rule-set.ts';
import { totalsOf } from '../map/heartbeats.ts';
import { type Mapped, Mapper } from '../map/map.ts';
import type { Source } from '../ports/source.ts';
import { type Decision, Reducer } from '../reduce/reducer.ts';
import { LATENESS, type MapRules, mapRulesOf } from './map-rules.ts';

export interface ReplayOptions {
  readonly stage?: string;
  /** New groups a rule may remember per minute; no bound unless given. */
  readonly maxGroups?: number;
  /** Seconds; a day unless given. */
  readonly lateness?: number;
  /** Lines of other times are passed over. */
  readonly span?: TimeSpan;
  /**
   * `as time passes` judges and forgets as the deployed reducer does, so that memory stays as large as the
   * lateness asks for. What comes more than `settle` out of order is then judged without what follows;
   * unless given, all is judged at the end, whatever the order.
   */
  readonly settles?: 'as time passes';
}

/** What reduce wants to know of a batch beside its digest. */
export interface Origin {
  readonly identity: string;
  readonly source: Source;
  readonly bytes: number;
}

export interface ReplayTotals {
  records: number;
  malformed: number;
  skipData: number;
  noData: number;
  /** Lines outside the span that was asked for. */
  outside: number;
  /** Records that came too late for rules with windows. */
  late: number;
  groupsDropped: number;
  /** Alerts of which nobody was told, as a silence or an open alert of another rule held them back. */
  silenced: number;
  inhibited: number;
  bytes: number;
  /** Event time of the first and last record, Unix seconds. */
  first: number;
  last: number;
  readonly reasons: Record<string, number>;
  readonly faultSamples: { readonly reason: string; readonly line: string }[];
}

/** A number and a blank, on the average of a flow log in text. */
const BYTES_A_CELL = 7;

/** Between two looks at what can be forgotten, ms of event time. */
const TICK = 60_000;

/** A clock follows records this far past all others: half of the lateness, so that one bad
 * timestamp makes nothing late. */
const TRUSTED_AHEAD = LATENESS / 2;

export class ReplayEngine {
  readonly totals: ReplayTotals = {
    records: 0,
    malformed: 0,
    skipData: 0,
    noData: 0,
    outside: 0,
    late: 0,
    groupsDropped: 0,
    silenced: 0,
    inhibited: 0,
    bytes: 0,
    first: Infinity,
    last: 0,
    reasons: {},
    faultSamples: [],
  };
  /** What maps for this engine in another thread needs. */
  readonly mapRules: MapRules;
  readonly #set: RuleSet;
  readonly #reducer: Reducer;
  readonly #passing: boolean;
  #ticked = 0;
  #mapper: Mapper | undefined;
  /** Alerts held back so far, by reason and id; one that is told after all is no more. */
  readonly #held = { silenced: new Set<string>(), inhibited: new Set<string>() };
  /** The two greatest times of different records; the lesser one no single record can move. */
  #greatest = 0;
  #trusted = 0;
  /** Latest line of each source. */
  readonly #latest = new Map<string, { readonly source: Source; readonly latest: number }>();

  constructor(snapshot: Snapshot, options: ReplayOptions = {}) {
    this.mapRules = mapRulesOf(snapshot, options);
    const { maxGroups } = this.mapRules;
    this.#set = compileRuleSet(this.mapRules.snapshot);
    this.#passing = options.settles === 'as time passes';
    this.#reducer = new Reducer(this.#set, {
      stage: options.stage ?? 'replay',
      maxGroups,
      silent: 'untold',
      ...(this.#passing ? {} : { settles: 'at the end' as const }),
      ...(options.maxGroups === undefined ? { maxMemory: Infinity } : {}),
      clockLimit: () => this.#trusted + TRUSTED_AHEAD,
    });
  }

  /** Maps and reduces one input. */
  feed(batch: Batch): void {
    this.absorb(originOf(batch), this.map(batch));
  }

  /** The map part: changes nothing here, so that other threads may do it instead. */
  map(batch: Batch): Mapped {
    const { maxGroups, span } = this.mapRules;
    this.#mapper ??= new Mapper(this.#set, maxGroups, span);
    return this.#mapper.map(batch);
  }

  /** The reduce part; inputs are told apart by order, so it takes them in theirs. */
  absorb(origin: Origin, mapped: Mapped): void {
    const { source } = origin;
    const name = JSON.stringify(source);
    const furthest = Math.max(this.#latest.get(name)?.latest ?? 0, mapped.latest);
    this.#latest.set(name, { source, latest: furthest });
    this.#count(origin, mapped);
    this.#witness(mapped);
    // Of a first record alone nothing is known but what it says.
    const limit = this.#trusted === 0 ? Infinity : this.#trusted + TRUSTED_AHEAD;
    const at = Math.min(mapped.latest, limit) * 1000;
    const arrival = Math.max(this.#reducer.state.now, at);
    // Where there is a digest the clock moves with it, after its records were judged late or not.
    const latest = mapped.digest ? 0 : mapped.latest;
    const sources = [{ ...totalsOf(origin.source, mapped, origin.bytes), latest }];
    this.#reducer.apply({
      key: `totals#${origin.identity}`,
      at: arrival,
      digest: { kind: 'heartbeat', rules: this.#set.fingerprint, sources },
    });
    if (mapped.digest) {
      this.#reducer.apply({ key: `batch#${origin.identity}`, at: arrival, digest: mapped.digest });
    }
    if (this.#passing && arrival - this.#ticked >= TICK) this.#tick(arrival);
  }

  /** Ends storms and forgets what is over. */
  #tick(at: number): void {
    this.#ticked = at;
    // Nothing is published here: the totals have what is wanted of the points.
    this.#readMetrics();
    this.#reducer.apply({ key: `tick#${at}`, at, digest: { kind: 'tick' } });
  }

  /** Decided since the last call: what is sent, and with `folded` what a storm held back. */
  takeDecisions(): Decision[] {
    this.#readMetrics();
    const decisions = this.#reducer.takeDecisions();
    for (const decision of decisions) this.#countHeld(decision);
    return decisions.filter(told);
  }

  /** The alerts of `takeDecisions`. */
  take(): Alert[] {
    return this.takeDecisions().map(({ alert }) => alert);
  }

  /** Everything settles: there is no further input. */
  settle(): void {
    this.#catchUp();
    this.#reducer.finish();
  }

  /** Ends the replay. */
  finish(): Alert[] {
    this.settle();
    return this.take();
  }

  #countHeld({ reason, alert }: Decision): void {
    const { silenced, inhibited } = this.#held;
    if (reason === 'silenced' || reason === 'inhibited') this.#held[reason].add(alert.id);
    else if (reason === 'notified') for (const held of [silenced, inhibited]) held.delete(alert.id);
    this.totals.silenced = silenced.size;
    this.totals.inhibited = inhibited.size;
  }

  /** A clock that was held back by the first line alone goes to where the source has come. */
  #catchUp(): void {
    const nothing = { earliest: 0, batches: 0, records: 0, malformed: 0, noData: 0, skipData: 0 };
    const sources = [...this.#latest.values()].map(({ source, latest }) => ({
      ...nothing,
      source,
      latest,
      bytes: 0,
      longest: 0,
      minutes: [],
    }));
    const at = this.#reducer.state.now;
    this.#reducer.apply({ key: 'end', at, digest: { kind: 'heartbeat', rules: '', sources } });
  }

  #witness({ counts, first, last, minutes }: Mapped): void {
    if (counts.records > 0) {
      for (const time of counts.records > 1 ? [first, last] : [last]) this.#see(time);
    }
    // Where a whole day comes at once, what lies between is believed as well, and lines without a record.
    for (const [minute, lines] of minutes) {
      // The last record alone is not its own witness.
      if (minute > last || minute + 60 <= last || lines > 1) this.#see(minute);
    }
  }

  #see(time: number): void {
    this.#trusted = Math.max(this.#trusted, Math.min(time, this.#greatest));
    this.#greatest = Math.max(this.#greatest, time);
  }

  #count({ bytes }: Origin, { counts, first, last }: Mapped): void {
    const { totals } = this;
    totals.records += counts.records;
    totals.malformed += counts.malformed;
    totals.skipData += counts.skipData;
    totals.noData += counts.noData;
    totals.outside += counts.outside;
    totals.bytes += bytes;
    totals.first = Math.min(totals.first, first);
    totals.last = Math.max(totals.last, last);
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

/** What the service has to say to its owner is about a deployment. */
function told({ reason, alert }: Decision): boolean {
  return (reason === 'notified' || reason === 'storm') && alert.type !== 'service';
}

export function originOf({ identity, source, lines, table }: Batch): Origin {
  // What the columns of a table take is near what its lines would.
  if (table) return { identity, source, bytes: table.count * table.columns.length * BYTES_A_CELL };
  const bytes = lines.count === 0 ? 0 : lines.ends[lines.count - 1] - lines.starts[0];
  return { identity, source, bytes };
}
