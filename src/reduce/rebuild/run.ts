/** A deployment's memory made again: read the log, then put each shard's checkpoint in its place. */
import type { RuleSet } from '../../map/4-match/rule-set.ts';
import type { CheckpointStore } from '../../ports/checkpoint-store.ts';
import type { DigestLog } from '../../ports/digest-log.ts';
import { decodeCheckpoint, encodeCheckpoint } from '../3-checkpoint/checkpoint.ts';
import { newState, type ShardState } from '../state.ts';
import { Position } from './position.ts';
import { Rebuild } from './rebuild.ts';
import { groupsOf, type Rebuilt } from './report.ts';

export interface RebuildPorts {
  readonly digests: DigestLog;
  readonly checkpoints: CheckpointStore;
}

export interface RunOptions {
  readonly stage: string;
  readonly shards: number;
  /** Most shards there can have been. */
  readonly mostShards: number;
  /** False to see what would come of it. */
  readonly save: boolean;
  /** Unix ms. */
  readonly now: () => number;
  /** Called now and then with the entries read so far. */
  readonly onRead?: (entries: number) => void;
  readonly stop?: AbortSignal;
}

/** Why memory cannot be replaced now; the message is for a person. */
export class RebuildError extends Error {
  override readonly name = 'RebuildError';
}

/** A reducer's checkpoint as it is at present. */
interface Present {
  readonly state: ShardState;
  readonly tag: string;
  readonly position: Position;
}

/** Saves that a reducer may be first at in a row: it saves every ten seconds. */
const MOST_CONFLICTS = 20;
/** Longest that a digest waits for a reducer that is well; ms. */
const LONG_WAIT = 600_000;
/** Nobody is at work on a shard that is no more and has no checkpoint: all of it counts as merged. */
const ALL = new Position({ now: Infinity, ticked: Infinity, applied: new Map() });

/**
 * Reducers may be at work meanwhile. Each checkpoint is replaced on condition that it still is the
 * one whose position the new memory has; else the log is read on to where the reducer has come.
 * @throws RebuildError when a reducer has yet to merge what another number of shards left to it
 */
export async function rebuild(
  set: RuleSet,
  ports: RebuildPorts,
  options: RunOptions,
): Promise<Rebuilt> {
  return new Run(set, ports, options).run();
}

class Run {
  readonly #ports: RebuildPorts;
  readonly #options: RunOptions;
  readonly #rebuilt: Rebuild;
  readonly #lateness: number;
  /** Every shard that there can have been. */
  readonly #every: readonly number[];
  readonly #present = new Map<number, Present>();

  constructor(set: RuleSet, ports: RebuildPorts, options: RunOptions) {
    this.#ports = ports;
    this.#options = options;
    this.#lateness = set.snapshot.settings.lateness;
    this.#every = Array.from({ length: options.mostShards }, (_, shard) => shard);
    this.#rebuilt = new Rebuild(ports.digests, set, { ...options, written: this.#every });
  }

  async run(): Promise<Rebuilt> {
    await Promise.all(this.#every.map((shard) => this.#load(shard)));
    if (this.#present.size === 0) {
      throw new RebuildError(
        'there is no checkpoint of any shard: nothing was merged since the deploy, or since checkpoints were removed. The next digest makes one',
      );
    }
    await this.#rebuilt.advance(this.#positions());
    this.#refuseWhereBehind();
    const report = this.#report();
    if (this.#options.save) await this.#replaceAll();
    return report;
  }

  async #load(shard: number): Promise<void> {
    const stored = await this.#ports.checkpoints.load(shard);
    if (stored === undefined) {
      this.#present.delete(shard);
      return;
    }
    const state = decodeCheckpoint(stored.body);
    this.#present.set(shard, { state, tag: stored.tag, position: new Position(state) });
  }

  #positions(): Map<number, Position> {
    const positions = new Map<number, Position>();
    for (const shard of this.#every) {
      const position = this.#present.get(shard)?.position;
      if (position) positions.set(shard, position);
      else if (shard >= this.#options.shards) positions.set(shard, ALL);
    }
    return positions;
  }

  #refuseWhereBehind(): void {
    const { misplaced, leftSince } = this.#rebuilt;
    if (misplaced > 0) {
      throw new RebuildError(
        `${misplaced} digests of another number of shards are not merged yet: wait until reduce has caught up, and run it again`,
      );
    }
    for (const [shard, since] of leftSince) {
      if (this.#present.has(shard) || this.#options.now() - since < LONG_WAIT) continue;
      throw new RebuildError(
        `shard ${shard} has digests but no checkpoint: wait until reduce has merged one, and run it again`,
      );
    }
  }

  #report(): Rebuilt {
    const { left, unreadable, outOfTurn, foreign, merged } = this.#rebuilt;
    const shards = merged.map((digests, shard) => ({
      shard,
      digests,
      groups: groupsOf(this.#rebuilt.state(shard)),
      before: groupsOf(this.#present.get(shard)?.state),
      bytes: encodeCheckpoint(this.#stateFor(shard)).length,
    }));
    return { shards, left, unreadable, outOfTurn, foreign };
  }

  async #replaceAll(): Promise<void> {
    for (let shard = 0; shard < this.#options.shards; shard++) {
      await this.#replace(shard, () => this.#stateFor(shard));
    }
    for (const [shard] of this.#retired()) {
      // What it had to send is with the first shard now.
      await this.#replace(shard, () => emptied(this.#present.get(shard)?.state));
    }
  }

  /** Shards that are no more, but still remember something. */
  #retired(): [number, Present][] {
    return [...this.#present].filter(
      ([shard, { state }]) =>
        shard >= this.#options.shards && (state.rules.size > 0 || state.outbox.length > 0),
    );
  }

  async #replace(shard: number, state: () => ShardState): Promise<void> {
    for (let tries = 0; tries < MOST_CONFLICTS; tries++) {
      this.#options.stop?.throwIfAborted();
      const body = encodeCheckpoint(state());
      const tag = this.#present.get(shard)?.tag;
      if ((await this.#ports.checkpoints.save(shard, body, tag)) !== 'conflict') return;
      await this.#load(shard);
      await this.#rebuilt.advance(this.#positions());
    }
    throw new RebuildError(
      `the checkpoint of shard ${shard} was replaced ${MOST_CONFLICTS} times meanwhile: run it again when less comes in`,
    );
  }

  /** The new memory, with what the present one has to send and what no digest tells any more. */
  #stateFor(shard: number): ShardState {
    const present = this.#present.get(shard)?.state ?? newState();
    const { outbox, metrics, metricsOutbox, hidden } = present;
    const moved = shard === 0 ? this.#retired().flatMap(([, { state }]) => state.outbox) : [];
    const state = this.#rebuilt.state(shard);
    this.#recallSince(state);
    return { ...state, outbox: [...outbox, ...moved], metrics, metricsOutbox, hidden };
  }

  /** Since when a rule is at work may be longer ago than the log reaches. */
  #recallSince(state: ShardState): void {
    const reaches = this.#rebuilt.begins - this.#lateness;
    for (const { state: present } of this.#present.values()) {
      for (const [id, { memory, since = Infinity }] of present.rules) {
        const rule = state.rules.get(id);
        if (rule?.memory !== memory || since >= reaches) continue;
        rule.since = Math.min(since, rule.since ?? Infinity);
      }
    }
  }
}

function emptied({ now, ticked, applied }: ShardState = newState()): ShardState {
  return { ...newState(), now, ticked, applied };
}
