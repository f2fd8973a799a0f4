/** A digest's groups, by the shard that keeps them. */
import type { BatchDigest, GroupDigest, RuleDigest } from '../../log/digest.ts';
import { homeOf, type Routes, shardOf } from '../../map/routes.ts';

/** What of a digest each shard would have got, had it been split among so many; as map splits it. */
export function resplit(
  digest: BatchDigest,
  shards: number,
  routes: Routes,
): Map<number, BatchDigest> {
  const pieces = new Map<number, BatchDigest>();
  for (let shard = 0; shard < shards; shard++) {
    const rules = shards === 1 ? digest.rules : digest.rules.flatMap(ofShard(shard));
    if (rules.length > 0) pieces.set(shard, { ...digest, rules });
  }
  return pieces;

  function ofShard(shard: number) {
    return (rule: RuleDigest): RuleDigest[] => {
      const groups = rule.groups.filter(
        ({ values }) => shardOf(rule.rule, values, routes, shards) === shard,
      );
      if (homeOf(rule.rule, shards) === shard) return [{ ...rule, groups }];
      if (groups.length === 0 && rule.answers.length === 0) return [];
      return [{ ...rule, records: 0, sum: 0, dropped: 0, groups }];
    };
  }
}

/** Two pieces of one batch as one; a group that both have was written twice, and counts once. */
export function joined(a: BatchDigest, b: BatchDigest): BatchDigest {
  const rules = new Map(a.rules.map((rule) => [nameOf(rule), rule]));
  for (const rule of b.rules) {
    const known = rules.get(nameOf(rule));
    rules.set(nameOf(rule), known ? joinedRule(known, rule) : rule);
  }
  return { ...a, rules: [...rules.values()] };
}

function joinedRule(a: RuleDigest, b: RuleDigest): RuleDigest {
  const groups = new Set(a.groups.map(groupName));
  const answers = new Set(a.answers.map(String));
  return {
    ...a,
    records: a.records + b.records,
    sum: a.sum + b.sum,
    dropped: a.dropped + b.dropped,
    groups: [...a.groups, ...b.groups.filter((group) => !groups.has(groupName(group)))],
    answers: [...a.answers, ...b.answers.filter((answer) => !answers.has(String(answer)))],
  };
}

function nameOf({ rule, memory }: RuleDigest): string {
  return `${rule}\0${memory}`;
}

function groupName({ slot, values }: GroupDigest): string {
  return `${slot} ${JSON.stringify(values)}`;
}
