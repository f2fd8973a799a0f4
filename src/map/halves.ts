/** Cuts a digest that is too large for one entry in two: nothing is lost, nothing counted twice. */
import type { Carried } from '../detect/kind.ts';
import { type Part, stepsOf } from '../detect/parts.ts';
import type { BatchDigest, GroupDigest, RuleDigest } from '../log/digest.ts';

/** Half of the groups and answers each; undefined where there is but one of them. */
export function halves(digest: BatchDigest): [BatchDigest, BatchDigest] | undefined {
  const total = digest.rules.reduce((sum, rule) => sum + sizeOf(rule), 0);
  if (total < 2) return undefined;
  let left = Math.floor(total / 2);
  const first: RuleDigest[] = [];
  const second: RuleDigest[] = [];
  for (const rule of digest.rules) {
    const groups = rule.groups.slice(0, left);
    left -= groups.length;
    const answers = rule.answers.slice(0, left);
    left -= answers.length;
    const taken = { ...rule, groups, answers };
    const rest = {
      ...rule,
      groups: rule.groups.slice(groups.length),
      answers: rule.answers.slice(answers.length),
    };
    if (sizeOf(rest) === 0) first.push(taken);
    else if (sizeOf(taken) === 0) second.push(rest);
    else {
      first.push(taken);
      second.push({ ...rest, records: 0, sum: 0, dropped: 0 });
    }
  }
  return [
    { ...digest, rules: first },
    { ...digest, rules: second },
  ];
}

function sizeOf({ groups, answers }: RuleDigest): number {
  return groups.length + answers.length;
}

/** A lone group as two of half the members each; undefined where its part cannot be cut. */
export function halvedGroup(
  digest: BatchDigest,
  carried: ReadonlyMap<string, Carried>,
): [BatchDigest, BatchDigest] | undefined {
  const rule = digest.rules.find(({ groups }) => groups.length > 0);
  const [group] = rule?.groups ?? [];
  const parts = rule && halvedPart(carried.get(rule.rule), group.part);
  if (!parts) return undefined;
  const nothing = { records: 0, sum: 0 };
  const rest: GroupDigest = { ...group, ...nothing, bytes: 0, packets: 0, part: parts[1] };
  const others = digest.rules.filter((one) => one !== rule);
  return [
    { ...digest, rules: [...others, { ...rule, groups: [{ ...group, part: parts[0] }] }] },
    { ...digest, rules: [{ ...rule, ...nothing, dropped: 0, groups: [rest] }] },
  ];
}

/** Two parts that merge to the one; spans are bounded and never so many. */
function halvedPart(carried: Carried | undefined, part: Part): [Part, Part] | undefined {
  if (part.length < 2) return undefined;
  if (carried?.what === 'members') return halvedMembers(part);
  if (carried?.what !== 'steps') return undefined;
  const first: number[] = [];
  const second: number[] = [];
  for (const { count, members } of stepsOf(carried.steps, part)) {
    const [left, right] = halvedMembers(members);
    first.push(members.length > 0 ? left.length : count, ...left);
    second.push(right.length, ...right);
  }
  return second.some((value) => value > 0) ? [first, second] : undefined;
}

function halvedMembers(members: Part): [Part, Part] {
  const middle = Math.ceil(members.length / 2);
  return [members.slice(0, middle), members.slice(middle)];
}
