/** A digest as log entries: groups go to their shard, and no entry outgrows a DynamoDB item. */
import { createHash } from 'node:crypto';
import { encodeDigest } from '../log/codec.ts';
import type { BatchDigest, GroupDigest, RuleDigest } from '../log/digest.ts';
import { batchKey } from '../log/key.ts';
import type { LogEntry } from '../ports/digest-log.ts';

/** An item holds 400 KB with its names; beyond this a digest is cut in two. */
const MOST_BYTES = 350 * 1024;
/** What DynamoDB bills a write by. */
const WRITE_UNIT = 1024;
/** Samples a group may keep, tried from rich to poor as long as that saves a write unit. */
const SAMPLE_STEPS = [5, 2, 1, 0] as const;
/** Groups of a rule that keep a sample all the same: those most likely to be told of. */
const ALWAYS_SAMPLED = 5;
/** What pk, sk, v, at and ttl add to the item's size. */
const ITEM_OVERHEAD = 120;

/**
 * @param at arrival, Unix ms
 * @param immediate ids of the rules that tell of every match: their groups keep a sample each,
 *   which rules that count may have in another batch
 */
export function shardDigest(
  digest: BatchDigest,
  identity: string,
  shards: number,
  at: number,
  immediate: ReadonlySet<string>,
): LogEntry[] {
  const entries: LogEntry[] = [];
  for (let shard = 0; shard < shards; shard++) {
    const rules = shards === 1 ? digest.rules : ofShard(digest.rules, shard, shards);
    if (rules.length === 0) continue;
    cut({ ...digest, rules }, immediate).forEach((data, part) => {
      entries.push({ shard, key: batchKey(digest.latest, identity, part), at, data });
    });
  }
  return entries;
}

/** Which shard keeps a rule's group; stable, and the same in every process. */
export function shardOf(rule: string, group: GroupDigest, shards: number): number {
  const hash = createHash('sha256')
    .update(`${rule}\0${JSON.stringify(group.values)}`)
    .digest();
  return hash.readUInt32BE(0) % shards;
}

/** A rule's totals go with the shard of its name, so that they are counted once. */
function ofShard(rules: readonly RuleDigest[], shard: number, shards: number): RuleDigest[] {
  return rules.flatMap((rule) => {
    const groups = rule.groups.filter((group) => shardOf(rule.rule, group, shards) === shard);
    const home = createHash('sha256').update(rule.rule).digest().readUInt32BE(0) % shards === shard;
    if (!home && groups.length === 0) return [];
    return home ? [{ ...rule, groups }] : [{ ...rule, records: 0, sum: 0, dropped: 0, groups }];
  });
}

function cut(digest: BatchDigest, immediate: ReadonlySet<string>): Uint8Array[] {
  const data = encoded(digest, immediate);
  if (data.length <= MOST_BYTES) return [data];
  const [first, second] = halves(digest);
  return second ? [...cut(first, immediate), ...cut(second, immediate)] : [data];
}

function halves(digest: BatchDigest): [BatchDigest, BatchDigest?] {
  const total = digest.rules.reduce((sum, rule) => sum + rule.groups.length, 0);
  if (total < 2) return [digest];
  let left = Math.floor(total / 2);
  const first: RuleDigest[] = [];
  const second: RuleDigest[] = [];
  for (const rule of digest.rules) {
    const taken = rule.groups.slice(0, left);
    const rest = rule.groups.slice(left);
    left -= taken.length;
    if (taken.length > 0 || rest.length === 0) first.push({ ...rule, groups: taken });
    if (rest.length > 0) {
      const counted = taken.length > 0;
      second.push(
        counted
          ? { ...rule, records: 0, sum: 0, dropped: 0, groups: rest }
          : { ...rule, groups: rest },
      );
    }
  }
  return [
    { ...digest, rules: first },
    { ...digest, rules: second },
  ];
}

/** As many samples as fit the write units that the digest costs with one a group. */
function encoded(digest: BatchDigest, immediate: ReadonlySet<string>): Uint8Array {
  const [most, ...fewer] = SAMPLE_STEPS;
  let best = encodeDigest(withSamples(digest, most, immediate));
  let units = unitsOf(best);
  for (const samples of fewer) {
    if (units === 1) break;
    const data = encodeDigest(withSamples(digest, samples, immediate));
    if (unitsOf(data) < units) {
      best = data;
      units = unitsOf(data);
    }
  }
  return best;
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
      const least = samples === 0 ? leastSampled(rule, immediate) : 0;
      return {
        ...rule,
        groups: rule.groups.map((group) => lean(group, samples || Number(group.records >= least))),
      };
    }),
  };
}

/** Records a group must have to keep a sample where the others lose theirs. */
function leastSampled(rule: RuleDigest, immediate: ReadonlySet<string>): number {
  if (immediate.has(rule.rule)) return 0;
  const records = rule.groups.map((group) => group.records).sort((a, b) => b - a);
  return Math.max(2, records[ALWAYS_SAMPLED - 1] ?? 0);
}

/** The top values of a lone record stand in its sample; a group without one goes without both. */
function lean(group: GroupDigest, samples: number): GroupDigest {
  const kept = group.samples.slice(0, samples);
  const told = kept.length > 0 && group.records > kept.length;
  return { ...group, samples: kept, top: told ? group.top : {} };
}
