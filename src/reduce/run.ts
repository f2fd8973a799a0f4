/**
 * The reducer among its ports: load, apply, checkpoint, publish. One run at a time per shard is the
 * rule; where two run all the same, the checkpoint's condition makes one of them start over.
 */
import type { Snapshot } from '../config/snapshot.ts';
import { DigestFormatError, decodeDigest } from '../log/codec.ts';
import { batchesOf } from '../log/digest.ts';
import { compileRuleSet, type RuleSet } from '../map/4-match/rule-set.ts';
import type { CheckpointStore } from '../ports/checkpoint-store.ts';
import type { LogEntry } from '../ports/digest-log.ts';
import { decodeCheckpoint, encodeCheckpoint } from './3-checkpoint/checkpoint.ts';
import { claim } from './4-notify/outbox.ts';
import { Publisher, type PublishPorts, takeOut, type Unsaved } from './4-notify/publisher.ts';
import { type Decision, type Entry, Reducer } from './reducer.ts';
import { newState, type OutboxEntry, type ShardState } from './state.ts';

export interface ReducePorts extends PublishPorts {
  readonly checkpoints: CheckpointStore;
  /**
   * The snapshot in force; a new object when it has changed.
   * @param newest ask the store even where the one at hand is young
   */
  readonly snapshot: (newest: boolean) => Promise<Snapshot | undefined>;
}

export interface ReduceOptions {
  readonly stage: string;
  /** Names this instance in claims. */
  readonly writer: string;
  /** How long a claim holds, ms: longer than an invocation may last. */
  readonly lease: number;
}

/** Saves before another writer must have won each time; then the batch is tried again later. */
const MOST_CONFLICTS = 8;
/** A log entry whose digest cannot be read. */
interface Unreadable {
  readonly entry: LogEntry;
  readonly reason: string;
}

interface Batch {
  readonly entries: readonly Entry[];
  readonly unreadable: readonly Unreadable[];
}

interface Warm {
  readonly state: ShardState;
  tag: string | undefined;
}

export class ReduceLoop {
  readonly #ports: ReducePorts;
  readonly #options: ReduceOptions;
  readonly #warm = new Map<number, Warm>();
  readonly #unsaved = new Map<number, Unsaved>();
  readonly #publisher: Publisher;
  /** Once for each instance is enough. */
  readonly #toldUnfit = new Set<string>();
  #compiled: { readonly snapshot: Snapshot; readonly set: RuleSet } | undefined;

  constructor(ports: ReducePorts, options: ReduceOptions) {
    this.#ports = ports;
    this.#options = options;
    this.#publisher = new Publisher(ports);
  }

  /**
   * Applies log entries of any shards and publishes what they decide.
   * @throws when nothing was saved: the caller hands the same entries in again
   */
  async run(entries: readonly LogEntry[]): Promise<void> {
    const shards = new Map<number, LogEntry[]>();
    for (const entry of entries) {
      const list = shards.get(entry.shard);
      if (list) list.push(entry);
      else shards.set(entry.shard, [entry]);
    }
    for (const [shard, list] of shards) await this.#runShard(shard, decode(list));
  }

  async #runShard(shard: number, batch: Batch): Promise<void> {
    try {
      await this.#rounds(shard, batch);
    } catch (error) {
      // What is in memory may be ahead of what was saved: load it again.
      this.#warm.delete(shard);
      throw error;
    }
  }

  async #rounds(shard: number, { entries, unreadable }: Batch): Promise<void> {
    const unsaved = this.#unsaved.get(shard) ?? {
      done: new Set<string>(),
      parked: new Set<string>(),
    };
    this.#unsaved.set(shard, unsaved);
    const parked = new Set<Unreadable>();
    for (let round = 0; round < MOST_CONFLICTS; round++) {
      const warm = await this.#load(shard);
      const reducer = await this.#reducer(shard, warm.state, entries);
      for (const one of unreadable) {
        if (!reducer.skip(one.entry.key) || parked.has(one)) continue;
        await this.#parkDigest(one);
        parked.add(one);
      }
      for (const entry of entries) reducer.apply(entry);
      const decisions = reducer.takeDecisions();
      takeOut(warm.state, unsaved, this.#options.stage);
      const alerts = this.#claim(warm.state.outbox);
      const points = this.#claim(warm.state.metricsOutbox);
      const changed = reducer.dirty || alerts.length > 0 || points.length > 0;
      if (!changed && unsaved.done.size === 0) return;
      if (!(await this.#save(shard, warm, unsaved))) continue;
      reducer.clean();
      this.#tellChanges(reducer);
      for (const decision of decisions) this.#logDecision(decision);
      if (alerts.length === 0 && points.length === 0) return;
      await this.#publisher.publish(unsaved, alerts, points);
      takeOut(warm.state, unsaved, this.#options.stage);
      if (await this.#save(shard, warm, unsaved)) return;
      // Another writer was first: what was sent is taken out of its checkpoint in the next round.
    }
    throw new Error(
      `the checkpoint of shard ${shard} was replaced ${MOST_CONFLICTS} times by another writer`,
    );
  }

  #claim<T>(outbox: readonly OutboxEntry<T>[]): OutboxEntry<T>[] {
    return claim(outbox, this.#options.writer, this.#ports.now(), this.#options.lease);
  }

  async #load(shard: number): Promise<Warm> {
    const known = this.#warm.get(shard);
    if (known) return known;
    const stored = await this.#ports.checkpoints.load(shard);
    const warm: Warm = stored
      ? { state: decodeCheckpoint(stored.body), tag: stored.tag }
      : { state: newState(), tag: undefined };
    this.#warm.set(shard, warm);
    return warm;
  }

  /** @returns false when another writer was first; what is in memory is then thrown away */
  async #save(shard: number, warm: Warm, unsaved: Unsaved): Promise<boolean> {
    const body = encodeCheckpoint(warm.state);
    const saved = await this.#ports.checkpoints.save(shard, body, warm.tag);
    if (saved === 'conflict') {
      this.#warm.delete(shard);
      return false;
    }
    warm.tag = saved.tag;
    unsaved.done.clear();
    unsaved.parked.clear();
    return true;
  }

  /** Map may have seen a change of a rule before reduce has: then a newer snapshot is asked for. */
  async #reducer(shard: number, state: ShardState, entries: readonly Entry[]): Promise<Reducer> {
    const options = { stage: this.#options.stage, shard };
    const reducer = new Reducer(await this.#rules(false), options, state);
    const foreign = entries.some(
      ({ key, digest }) =>
        !state.applied.has(key) &&
        batchesOf(digest).some(({ rules }) => rules.some((rule) => !reducer.knows(rule))),
    );
    return foreign ? new Reducer(await this.#rules(true), options, state) : reducer;
  }

  async #rules(newest: boolean): Promise<RuleSet> {
    const snapshot = await this.#ports.snapshot(newest);
    if (!snapshot) throw new Error('no configuration has been published yet: run reconcile');
    if (this.#compiled?.snapshot !== snapshot) {
      this.#compiled = { snapshot, set: compileRuleSet(snapshot) };
    }
    return this.#compiled.set;
  }

  /** A digest that cannot be read is parked with its reason; the stream must not stop for it. */
  async #parkDigest({ entry, reason }: Unreadable): Promise<void> {
    const { shard, key, at, data } = entry;
    this.#ports.log('error', 'digest-unreadable', { shard, key, reason });
    const body = JSON.stringify({ shard, key, at, d: Buffer.from(data).toString('base64') });
    await this.#ports.deadLetters.park({ kind: 'digest', reason, body });
  }

  #logDecision({ reason, slot, alert, silence, inhibitedBy }: Decision): void {
    if (reason === 'notified') return;
    const { id, rule, status, group, value, threshold, message } = alert;
    this.#ports.log('info', 'decision', {
      reason,
      slot,
      id,
      rule: rule.id,
      severity: rule.severity,
      status,
      group,
      value,
      threshold,
      message,
      ...(silence === undefined ? {} : { silence }),
      ...(inhibitedBy === undefined ? {} : { inhibitedBy }),
    });
  }

  #tellChanges(reducer: Reducer): void {
    for (const rule of reducer.afresh) {
      this.#ports.log('warn', 'rule-starts-afresh', {
        rule,
        reason: 'what the rule remembers was changed: its windows and alerts begin anew',
      });
    }
    for (const rule of reducer.unfit) {
      if (this.#toldUnfit.has(rule)) continue;
      this.#toldUnfit.add(rule);
      this.#ports.log('warn', 'rule-needs-shorter-interval', {
        rule,
        reason:
          'a flow log that it watches aggregates for ten minutes; set MaxAggregationInterval to 60, or see flowlog-alerts rules explain',
      });
    }
    for (const [rule, records] of reducer.foreign) {
      this.#ports.log('warn', 'rule-version-differs', {
        rule,
        records,
        reason: 'matched by another version of the rule, whose memory this one does not share',
      });
    }
  }
}

/** @throws NewerDigestError on an entry that a later version wrote: it must wait */
function decode(list: readonly LogEntry[]): Batch {
  const entries: Entry[] = [];
  const unreadable: Unreadable[] = [];
  for (const entry of list) {
    try {
      entries.push({ key: entry.key, at: entry.at, digest: decodeDigest(entry.data) });
    } catch (error) {
      if (!(error instanceof DigestFormatError)) throw error;
      unreadable.push({ entry, reason: error.message });
    }
  }
  return { entries, unreadable };
}
