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
/** Samples a group may keep, tried from rich to poor until the digest costs no unit more than bare. */
const SAMPLE_STEPS = [5, 2, 1] as const;
/** What pk, sk, v, at and ttl add to the item's size. */
const ITEM_OVERHEAD = 120;

/** @param at arrival, Unix ms */
export function shardDigest(
  digest: BatchDigest,
  identity: string,
  shards: number,
  at: number,
): LogEntry[] {
  const entries: LogEntry[] = [];
  for (let shard = 0; shard < shards; shard++) {
    const rules = shards === 1 ? digest.rules : ofShard(digest.rules, shard, shards);
    if (rules.length === 0) continue;
    cut({ ...digest, rules }).forEach((data, part) => {
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

function cut(digest: BatchDigest): Uint8Array[] {
  const data = encoded(digest);
  if (data.length <= MOST_BYTES) return [data];
  const [first, second] = halves(digest);
  return second ? [...cut(first), ...cut(second)] : [data];
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
function encoded(digest: BatchDigest): Uint8Array {
  const [most, ...fewer] = SAMPLE_STEPS;
  let best = encodeDigest(withSamples(digest, most));
  let units = unitsOf(best);
  for (const samples of fewer) {
    if (units === 1) break;
    const data = encodeDigest(withSamples(digest, samples));
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

function withSamples(digest: BatchDigest, samples: number): BatchDigest {
  return {
    ...digest,
    rules: digest.rules.map((rule) => ({
      ...rule,
      groups: rule.groups.map((group) => lean(group, samples)),
    })),
  };
}

/** The top values of a lone record stand in its sample. */
function lean(group: GroupDigest, samples: number): GroupDigest {
  const kept = group.samples.slice(0, samples);
  return { ...group, samples: kept, top: group.records > kept.length ? group.top : {} };
}
