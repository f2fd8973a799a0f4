/**
 * Memory made again from the log, for any number of shards. It takes what the reducers at work have
 * merged and nothing beyond, so that the stream goes on where their memory ends; it decides as they
 * did, and sends nothing.
 */
import { DigestFormatError, decodeDigest } from '../../log/codec.ts';
import { type BatchDigest, batchesOf, type Digest, type Pack } from '../../log/digest.ts';
import { memberKey } from '../../log/key.ts';
import type { RuleSet } from '../../map/4-match/rule-set.ts';
import { type Routes, routesOf } from '../../map/routes.ts';
import type { DigestLog, LogEntry } from '../../ports/digest-log.ts';
import { type Entry, Reducer } from '../reducer.ts';
import type { ShardState } from '../state.ts';
import { inArrivalOrder, type SameKey } from './arrival-order.ts';
import type { Position } from './position.ts';
import { joined, resplit } from './resplit.ts';

export interface RebuildOptions {
  readonly stage: string;
  readonly shards: number;
  /** Shards that may have left entries in the log, by any number of shards it was written with. */
  readonly written: readonly number[];
  /** Unix ms. */
  readonly now: () => number;
  /** Called now and then with the entries read so far. */
  readonly onRead?: (entries: number) => void;
  readonly stop?: AbortSignal;
}

/** Undefined for a shard whose reducer has merged nothing. */
export type Positions = ReadonlyMap<number, Position>;

/** What of a batch goes to one shard. */
interface Piece {
  readonly at: number;
  readonly digest: BatchDigest;
  /** Whether the log has the batch for this very shard. */
  readonly own: boolean;
}

/** A pack that its reducer has merged. */
type MergedPack = Omit<LogEntry, 'data'> & Pick<Pack, 'members'>;

/** What a shard's pack has of a batch. */
type MergedPart = Omit<LogEntry, 'data'> & { readonly digest: BatchDigest };

const TELL_EVERY = 5_000;

export class Rebuild {
  readonly #log: DigestLog;
  readonly #options: RebuildOptions;
  readonly #routes: Routes;
  readonly #reducers: readonly Reducer[];
  #positions: Positions = new Map();
  #read = 0;

  /** Digests merged, by shard. */
  readonly merged: number[];
  /** Entries that no reducer at work has merged yet. */
  left = 0;
  /** Those of them that their reducer would merge into a shard that no longer keeps their groups. */
  misplaced = 0;
  /** Least arrival (Unix ms) among them, by shard. */
  readonly leftSince = new Map<number, number>();
  unreadable = 0;
  /** Minute of the least key: Unix seconds. */
  begins = Infinity;
  /** Entries whose key gives a time so wrong that their turn was over. */
  outOfTurn = 0;

  constructor(log: DigestLog, set: RuleSet, options: RebuildOptions) {
    const { stage, shards } = options;
    this.#log = log;
    this.#options = options;
    this.#routes = routesOf(set.snapshot.rules);
    this.#reducers = Array.from(
      { length: shards },
      (_, shard) => new Reducer(set, { stage, shard, silent: 'untold' }),
    );
    this.merged = this.#reducers.map(() => 0);
  }

  /** Records of rules as they were before or will be after a change, by rule. */
  get foreign(): ReadonlyMap<string, number> {
    const all = new Map<string, number>();
    for (const { foreign } of this.#reducers) {
      for (const [rule, records] of foreign) all.set(rule, (all.get(rule) ?? 0) + records);
    }
    return all;
  }

  /** What a shard remembers; nothing is in its outboxes. */
  state(shard: number): ShardState {
    return this.#reducers[shard].state;
  }

  /** Reads on to where the reducers at work have come. */
  async advance(positions: Positions): Promise<void> {
    const from = firstNews(this.#positions, positions);
    const { written, now, stop, onRead } = this.#options;
    const reach = { shards: written, now: now(), ...(from === undefined ? {} : { from }) };
    const before = this.#positions;
    this.#positions = positions;
    this.left = 0;
    this.misplaced = 0;
    this.leftSince.clear();
    for await (const same of inArrivalOrder(this.#log, reach)) {
      stop?.throwIfAborted();
      this.#take(same, before);
      this.begins = Math.min(this.begins, Number(same[0].key.slice(0, 10)));
      this.#read += same.length;
      if (this.#read % TELL_EVERY < same.length) onRead?.(this.#read);
    }
  }

  #take(same: SameKey, before: Positions): void {
    const pieces = new Map<number, Piece>();
    const shared = new Set(same.map(({ shard }) => shard));
    const packs: MergedPack[] = [];
    let told = false;
    for (const entry of same) {
      const digest = this.#decoded(entry);
      if (!this.#isMerged(entry, digest, this.#positions)) {
        this.#leave(entry, digest);
        continue;
      }
      if (this.#isMerged(entry, digest, before)) continue;
      if (digest === undefined) this.#skip(entry);
      else if (digest.kind === 'pack') packs.push({ ...entry, members: digest.members });
      else if (digest.kind === 'batch') this.#split(entry.at, digest, same, pieces);
      else {
        this.#pass(entry, digest, told ? undefined : shared);
        told = true;
      }
    }
    this.#unpack(packs);
    for (const [shard, { at, digest, own }] of pieces) {
      // Without groups it must not stand in the way of the batch's own entry, should that still come.
      const key = own || hasGroups(digest) ? same[0].key : `${same[0].key}@`;
      this.#apply(shard, { key, at, digest });
    }
  }

  /** @returns undefined for what cannot be read */
  #decoded(entry: LogEntry): Digest | undefined {
    try {
      return decodeDigest(entry.data);
    } catch (error) {
      if (!(error instanceof DigestFormatError)) throw error;
      return undefined;
    }
  }

  #isMerged(entry: LogEntry, digest: Digest | undefined, positions: Positions): boolean {
    const position = positions.get(entry.shard);
    if (position === undefined) return false;
    return digest?.kind === 'tick' ? entry.at <= position.ticked : position.merged(entry);
  }

  #leave({ shard, at }: LogEntry, digest: Digest | undefined): void {
    if (digest?.kind === 'tick') return;
    this.left++;
    this.leftSince.set(shard, Math.min(at, this.leftSince.get(shard) ?? Infinity));
    const pieces = digest ? batchesOf(digest).flatMap((batch) => this.#piecesOf(batch)) : [];
    if (pieces.some(([target, piece]) => target !== shard && hasGroups(piece))) this.misplaced++;
  }

  #skip({ shard, key }: LogEntry): void {
    this.unreadable++;
    this.#reducers[shard]?.skip(key);
  }

  /** Every shard gets heartbeats and ticks: those that were there have their own. */
  #pass(
    { shard, key, at }: LogEntry,
    digest: Digest,
    shared: ReadonlySet<number> | undefined,
  ): void {
    if (shard < this.#reducers.length) this.#apply(shard, { key, at, digest });
    if (shared === undefined) return;
    for (let other = 0; other < this.#reducers.length; other++) {
      if (!shared.has(other)) this.#apply(other, { key: `${key}@`, at, digest });
    }
  }

  #piecesOf(digest: BatchDigest): [number, BatchDigest][] {
    return [...resplit(digest, this.#options.shards, this.#routes)];
  }

  /**
   * Each batch by itself: as one where shards have it under the same key, else what another shard has
   * of it goes by a name of its own.
   */
  #unpack(packs: readonly MergedPack[]): void {
    const parts = new Map<string, MergedPart[]>();
    for (const { shard, at, members } of packs) {
      for (const member of members) {
        const key = memberKey(member);
        const part = { shard, at, key, digest: member.digest };
        parts.set(key, [...(parts.get(key) ?? []), part]);
      }
    }
    for (const [key, same] of parts) {
      const pieces = new Map<number, Piece>();
      for (const { at, digest } of same) this.#split(at, digest, same, pieces);
      const elsewhere = `${key}@${same.map(({ shard }) => shard).join()}`;
      for (const [target, { at, digest, own }] of pieces) {
        this.#apply(target, { key: own ? key : elsewhere, at, digest });
      }
    }
    // Their own names tell where the reading has come to.
    for (const { shard, key } of packs) this.#reducers[shard]?.skip(key);
  }

  #split(
    at: number,
    digest: BatchDigest,
    same: readonly Omit<LogEntry, 'data'>[],
    pieces: Map<number, Piece>,
  ): void {
    for (const [target, piece] of this.#piecesOf(digest)) {
      const own = same.find((entry) => entry.shard === target);
      // The batch was written for that shard as well: what its reducer is yet to merge is all there.
      if (own !== undefined && !this.#positions.get(target)?.merged(own)) continue;
      const known = pieces.get(target);
      pieces.set(target, {
        at: Math.min(at, known?.at ?? Infinity),
        digest: known ? joined(known.digest, piece) : piece,
        own: own !== undefined,
      });
    }
  }

  #apply(shard: number, entry: Entry): void {
    const reducer = this.#reducers[shard];
    const { state } = reducer;
    const again = state.applied.has(entry.key);
    const applied = reducer.apply(entry);
    if (entry.digest.kind !== 'tick' && !again) {
      if (applied) this.merged[shard]++;
      else this.outOfTurn++;
    }
    reducer.takeDecisions();
    state.outbox = [];
    state.metrics.clear();
    state.metricsOutbox = [];
  }
}

function hasGroups({ rules }: BatchDigest): boolean {
  return rules.some(({ groups }) => groups.length > 0);
}

/** The least key that may hold news; undefined where only reading everything tells. */
function firstNews(before: Positions, positions: Positions): string | undefined {
  let least: string | undefined;
  for (const [shard, position] of positions) {
    const earlier = before.get(shard);
    if (earlier === position) continue;
    const first = earlier && position.firstSince(earlier);
    if (first === undefined) return undefined;
    if (least === undefined || first < least) least = first;
  }
  return least;
}
