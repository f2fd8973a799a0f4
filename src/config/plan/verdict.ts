/** Whether the tree that a push would leave is good, judged as `reconcile` will judge it. */
import { compileRuleSet } from '../../map/4-match/rule-set.ts';
import type { ConfigDocument } from '../../ports/config-source.ts';
import type { Problem } from '../../rules/problem.ts';
import { type CompiledConfig, compileConfig } from '../compile.ts';
import type { Snapshot } from '../snapshot.ts';
import { compare } from '../tree.ts';
import type { PushPlan } from './push-plan.ts';

export interface Verdict {
  /** The configuration as it is there, and as it will be. */
  readonly before: CompiledConfig;
  readonly after: CompiledConfig;
  /** Of what will be, without what is wrong there already and not touched. */
  readonly problems: readonly Problem[];
  /** What is wrong there already, in documents that the push leaves alone. */
  readonly standing: readonly Problem[];
}

/** @param builtin the rules that come with the service */
export function judgePush(plan: PushPlan, builtin: readonly ConfigDocument[]): Verdict {
  const options = { builtin, formats: {}, builtinDefault: true };
  const before = compileConfig(
    plan.steps.flatMap(({ stored }) => stored?.parameters ?? []),
    options,
  );
  const after = compileConfig(treeAfter(plan), options);
  const known = new Set(before.problems.map(keyOf));
  const standing = after.problems.filter((problem) => known.has(keyOf(problem)));
  const fresh = after.problems.filter((problem) => !known.has(keyOf(problem)));
  return { before, after, problems: [...plan.problems, ...fresh], standing };
}

/** Documents as the push leaves them: those of the folder under their files' names. */
function treeAfter({ steps }: PushPlan): ConfigDocument[] {
  return steps.flatMap(({ action, local, stored }): readonly ConfigDocument[] => {
    if (action === 'delete') return [];
    if (!local || action === 'conflict') return stored?.parameters ?? [];
    const { path, text, origin } = local;
    // Of two rules with one id the older stays: what is written is the youngest of all.
    const modified = action === 'unchanged' ? stored?.parameters[0]?.modified : undefined;
    return [{ path, text, origin, ...(modified !== undefined && { modified }) }];
  });
}

/** Ids of rules in force before and after that forget what they know. */
export function startingAfresh(before: Snapshot, after: Snapshot): string[] {
  const memories = new Map(compileRuleSet(before).rules.map((one) => [one.rule.id, one.memory]));
  return compileRuleSet(after)
    .rules.filter(({ rule, memory }) => (memories.get(rule.id) ?? memory) !== memory)
    .map(({ rule }) => rule.id)
    .sort(compare);
}

function keyOf({ severity, origin, rule, line, path, message }: Problem): string {
  return JSON.stringify([severity, origin, rule, line, path, message]);
}
