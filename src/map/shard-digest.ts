/** A digest as log entries: groups go to their shard, and no entry outgrows a DynamoDB item. */
import type { Carried } from '../detect/kind.ts';
import { encodeDigest } from '../log/codec.ts';
import type { BatchDigest, GroupDigest, RuleDigest } from '../log/digest.ts';
import { batchKey } from '../log/key.ts';
import type { LogEntry } from '../ports/digest-log.ts';
import type { RuleSet } from './4-match/rule-set.ts';
import { halvedGroup, halves } from './halves.ts';
import { homeOf, type Routes, routesOf, shardOf } from './routes.ts';

/** An item holds 400 KB with its names; beyond this a digest is cut in two. */
export const MOST_BYTES = 350 * 1024;
/** What DynamoDB bills a write by. */
const WRITE_UNIT = 1024;
/** Samples a group may keep, and how many where that many cost a write unit more. */
const MOST_SAMPLES = 5;
const FEWER_SAMPLES = [2, 1] as const;
/** Groups of a rule that keep samples: those with most records, which are told of first. */
const MOST_SAMPLED = 8;
/** Those that keep one where samples cost a write unit. */
const ALWAYS_SAMPLED = 5;
/** What pk, sk, v, at and ttl add to the item's size. */
const ITEM_OVERHEAD = 120;

/** What decides where groups go, and what they keep. */
export interface Sharding {
  readonly shards: number;
  readonly routes: Routes;
  /**
   * Ids of the rules that tell of every match: their groups keep a sample each, which rules that
   * count may have in another batch.
   */
  readonly immediate: ReadonlySet<string>;
  /** What the parts of each rule are, to cut one that is too large. */
  readonly carried: ReadonlyMap<string, Carried>;
}

export function shardingOf({ rules, snapshot }: RuleSet, shards: number): Sharding {
  return {
    shards,
    routes: routesOf(snapshot.rules),
    immediate: new Set(
      snapshot.rules.filter(({ window }) => window === undefined).map(({ id }) => id),
    ),
    carried: new Map(rules.map(({ rule, carried }) => [rule.id, carried])),
  };
}

/** @param at arrival, Unix ms */
export function shardDigest(
  digest: BatchDigest,
  identity: string,
  at: number,
  sharding: Sharding,
): LogEntry[] {
  return piecesOf(digest, sharding).flatMap(([shard, piece]) =>
    cut(piece, sharding).map((data, part) => ({
      shard,
      key: batchKey(digest.latest, identity, part),
      at,
      data,
    })),
  );
}

/** What of a batch goes to each shard, with no more samples than must be: for where many stand together. */
export function leanPieces(digest: BatchDigest, sharding: Sharding): [number, BatchDigest][] {
  return piecesOf(digest, sharding).map(([shard, piece]) => [
    shard,
    withSamples(piece, 0, sharding.immediate),
  ]);
}

function piecesOf(digest: BatchDigest, sharding: Sharding): [number, BatchDigest][] {
  const pieces: [number, BatchDigest][] = [];
  for (let shard = 0; shard < sharding.shards; shard++) {
    const rules = sharding.shards === 1 ? digest.rules : ofShard(digest.rules, shard, sharding);
    if (rules.length > 0) pieces.push([shard, { ...digest, rules }]);
  }
  return pieces;
}

/** Answers are looked for by groups of any shard: they go to all of them. */
function ofShard(
  rules: readonly RuleDigest[],
  shard: number,
  { routes, shards }: Sharding,
): RuleDigest[] {
  return rules.flatMap((rule) => {
    const groups = rule.groups.filter(
      ({ values }) => shardOf(rule.rule, values, routes, shards) === shard,
    );
    if (homeOf(rule.rule, shards) === shard) return [{ ...rule, groups }];
    if (groups.length === 0 && rule.answers.length === 0) return [];
    return [{ ...rule, records: 0, sum: 0, dropped: 0, groups }];
  });
}

/** In as many entries as it takes: samples may go for that, nothing else. */
function cut(digest: BatchDigest, sharding: Sharding): Uint8Array[] {
  const data = encoded(digest, sharding.immediate);
  if (data.length <= MOST_BYTES) return [data];
  const parts = halves(digest);
  if (parts) return parts.flatMap((part) => cut(part, sharding));
  const bare = withoutSamples(digest);
  const least = encodeDigest(bare);
  const pieces = least.length > MOST_BYTES && halvedGroup(bare, sharding.carried);
  return pieces ? pieces.flatMap((piece) => cut(piece, sharding)) : [least];
}

/** As many samples as fit the write units that the digest costs without them. */
function encoded(digest: BatchDigest, immediate: ReadonlySet<string>): Uint8Array {
  const rich = encodeDigest(withSamples(digest, MOST_SAMPLES, immediate));
  if (unitsOf(rich) === 1) return rich;
  const poor = encodeDigest(withSamples(digest, 0, immediate));
  const units = unitsOf(poor);
  if (unitsOf(rich) <= units) return rich;
  const held = mostSamples(digest);
  for (const samples of FEWER_SAMPLES) {
    if (samples >= held) continue;
    const data = encodeDigest(withSamples(digest, samples, immediate));
    if (unitsOf(data) <= units) return data;
  }
  return poor;
}

function mostSamples({ rules }: BatchDigest): number {
  let most = 0;
  for (const { groups } of rules) {
    for (const { samples } of groups) most = Math.max(most, samples.length);
  }
  return most;
}

function unitsOf(data: Uint8Array): number {
  return Math.ceil((data.length + ITEM_OVERHEAD) / WRITE_UNIT);
}

function withSamples(
  digest: BatchDigest,
  samples: number,
  immediate: ReadonlySet<string>,
): BatchDigest {
  return {
    ...digest,
    rules: digest.rules.map((rule) => {
      const sampled = immediate.has(rule.rule) ? undefined : sampledGroups(rule.groups, samples);
      return {
        ...rule,
        groups: rule.groups.map((group) =>
          lean(group, sampled?.has(group) === false ? 0 : samples || 1),
        ),
      };
    }),
  };
}

function withoutSamples(digest: BatchDigest): BatchDigest {
  return {
    ...digest,
    rules: digest.rules.map((rule) => ({
      ...rule,
      groups: rule.groups.map((group) => lean(group, 0)),
    })),
  };
}

/** The groups of a rule that counts which keep samples; undefined where all do. */
function sampledGroups(
  groups: readonly GroupDigest[],
  samples: number,
): ReadonlySet<GroupDigest> | undefined {
  if (samples > 0 && groups.length <= MOST_SAMPLED) return undefined;
  // A lone record is not worth a sample that costs money.
  const worth = samples > 0 ? groups : groups.filter(({ records }) => records > 1);
  const heaviest = [...worth].sort((a, b) => b.records - a.records);
  return new Set(heaviest.slice(0, samples > 0 ? MOST_SAMPLED : ALWAYS_SAMPLED));
}

/** The top values of a lone record stand in its sample; a group without one goes without both. */
function lean(group: GroupDigest, samples: number): GroupDigest {
  const kept = group.samples.slice(0, samples);
  const told = kept.length > 0 && group.records > kept.length;
  return { ...group, samples: kept, top: told ? group.top : {} };
}
