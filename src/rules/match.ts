/** Blocks of conditions: field names with their conditions, and any, all and not around them. */

import type { CompiledRule, Match } from './compiled.ts';
import { type ConditionContext, compileCondition, isBlock } from './condition.ts';
import { resolveField } from './field-names.ts';
import { type Path, show } from './problem.ts';

/** How deep any, all and not may stand in one another. */
const DEEPEST_MATCH = 32;

/** Holds for every record. */
export const MATCH_EVERYTHING: Match = { all: [] };

/**
 * Brings a `match` block into normal form: every member must hold.
 * @returns undefined when it has errors, which are then reported
 */
export function compileMatch(
  value: unknown,
  path: Path,
  context: ConditionContext,
  depth = 0,
): Match | undefined {
  const { report } = context;
  if (!isBlock(value)) {
    const hint = Array.isArray(value) ? 'write any: [...] or all: [...] around it' : undefined;
    return report.error(path, `found ${show(value)}; a block of field: condition is wanted`, hint);
  }
  if (depth > DEEPEST_MATCH) {
    return report.error(path, `blocks stand more than ${DEEPEST_MATCH} deep in one another`);
  }
  const keys = Object.keys(value);
  if (keys.length === 0) return report.error(path, 'found an empty block', 'name a field');
  const members = keys.map((key) => compileMember(key, value[key], [...path, key], context, depth));
  if (members.includes(undefined)) return undefined;
  const all = members as Match[];
  return all.length === 1 ? all[0] : { all };
}

function compileMember(
  key: string,
  value: unknown,
  path: Path,
  context: ConditionContext,
  depth: number,
): Match | undefined {
  if (key === 'any' || key === 'all') {
    const blocks = compileBlocks(key, value, path, context, depth);
    if (!blocks) return undefined;
    if (blocks.length === 1) return blocks[0];
    return key === 'any' ? { any: blocks } : { all: blocks };
  }
  if (key === 'not') {
    if (Array.isArray(value)) {
      const hint = 'write not: { any: [...] } or not: { all: [...] }';
      return context.report.error(path, 'not takes one block, not a list', hint);
    }
    const negated = compileMatch(value, path, context, depth + 1);
    return negated && { not: negated };
  }
  const field = resolveField(key, path, context.report);
  // A wrong name leaves the type open, so the condition under it is not judged.
  return field && compileCondition(field, value, path, context);
}

function compileBlocks(
  key: 'any' | 'all',
  value: unknown,
  path: Path,
  context: ConditionContext,
  depth: number,
): Match[] | undefined {
  const { report } = context;
  if (!Array.isArray(value)) {
    return report.error(
      path,
      `found ${show(value)}; ${key} takes a list of blocks`,
      'write a - before each block',
    );
  }
  if (value.length === 0) return report.error(path, 'found an empty list', `${key} needs a block`);
  const blocks = value.map((item, index) =>
    compileMatch(item, [...path, index], context, depth + 1),
  );
  return blocks.includes(undefined) ? undefined : (blocks as Match[]);
}

/** Every match of a rule: its own, and those inside `detect`. */
export function matchesOf({ match, detect }: Pick<CompiledRule, 'match' | 'detect'>): Match[] {
  if (detect.kind === 'ratio') return [match, detect.of];
  if (detect.kind !== 'sequence') return [match];
  return [match, ...detect.steps.flatMap((step) => ('rule' in step ? [] : [step.match]))];
}

/** Every list that a match names, without the `$`. */
export function listsIn(match: Match): string[] {
  const names = new Set<string>();
  const visit = (node: Match): void => {
    if ('all' in node) node.all.forEach(visit);
    else if ('any' in node) node.any.forEach(visit);
    else if ('not' in node) visit(node.not);
    else {
      const { test } = node;
      const set = 'in' in test ? test.in : 'notIn' in test ? test.notIn : undefined;
      for (const name of set?.lists ?? []) names.add(name);
    }
  };
  visit(match);
  return [...names].sort();
}

/** Every field that a match tests. */
export function fieldsIn(match: Match): string[] {
  const names = new Set<string>();
  const visit = (node: Match): void => {
    if ('all' in node) node.all.forEach(visit);
    else if ('any' in node) node.any.forEach(visit);
    else if ('not' in node) visit(node.not);
    else names.add(node.field);
  };
  visit(match);
  return [...names].sort();
}
