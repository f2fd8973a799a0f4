/** One field's condition in normal form. */
import type { Field } from '../records/fields.ts';
import { type Block, blockValues, COMPARISONS, FLAG_KEYS } from './comparisons.ts';
import type { Match, Test, ValueSet } from './compiled.ts';
import { formatPath, type Path, show } from './problem.ts';
import type { Reporter } from './reporter.ts';
import { didYouMean } from './suggest.ts';
import { type ListLookup, Values } from './values.ts';

const KEYS = [...COMPARISONS, 'not', 'prefix', 'exists', ...FLAG_KEYS] as const;

/** Whom to tell, and which lists there are. */
export interface ConditionContext {
  readonly report: Reporter;
  readonly lists: ListLookup;
}

/**
 * Reads the condition that stands at `path`.
 * @returns undefined when it has errors, which are then reported
 */
export function compileCondition(
  field: Field,
  value: unknown,
  path: Path,
  context: ConditionContext,
): Match | undefined {
  const leaf = (test: Test): Match => ({ field: field.name, test, path: formatPath(path) });
  if (!isBlock(value)) {
    const set = plainValues(field, value, path, context);
    return set && leaf({ in: set });
  }
  if (!keysAllowed(value, KEYS, path, context.report)) return undefined;
  if ('exists' in value) {
    const exists = readExists(value, path, context.report);
    return exists === undefined ? undefined : leaf({ exists });
  }
  const { not, ...positive } = value;
  const tests: (Test | undefined)[] = [];
  if (Object.keys(positive).length > 0) {
    const set = blockValues(field, positive, path, context.report);
    tests.push(set && { in: set });
  }
  if ('not' in value) {
    const set = negatedValues(field, not, [...path, 'not'], context);
    tests.push(set && { notIn: set });
  }
  if (tests.some((test) => test === undefined)) return undefined;
  const leaves = (tests as Test[]).map(leaf);
  return leaves.length === 1 ? leaves[0] : { all: leaves };
}

export function isBlock(value: unknown): value is Block {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function keysAllowed(
  block: Block,
  allowed: readonly string[],
  path: Path,
  report: Reporter,
): boolean {
  const keys = Object.keys(block);
  if (keys.length === 0) {
    report.error(path, 'found an empty block', `allowed: ${allowed.join(', ')}`);
    return false;
  }
  const unknown = keys.filter((key) => !allowed.includes(key));
  for (const key of unknown) {
    const hint = ['any', 'all'].includes(key)
      ? 'a list already means any of its values; any: and all: stand around fields'
      : didYouMean(key, allowed);
    report.error([...path, key], `unknown key ${show(key)}; allowed: ${allowed.join(', ')}`, hint);
  }
  return unknown.length === 0;
}

function readExists(block: Block, path: Path, report: Reporter): boolean | undefined {
  const { exists } = block;
  if (Object.keys(block).length > 1) {
    return report.error(path, 'exists stands alone', 'any other condition already needs the field');
  }
  if (typeof exists === 'boolean') return exists;
  return report.error([...path, 'exists'], `found ${show(exists)}; exists takes true or false`);
}

function plainValues(
  field: Field,
  value: unknown,
  path: Path,
  { report, lists }: ConditionContext,
): ValueSet | undefined {
  if (Array.isArray(value) && value.length === 0) {
    return report.error(path, 'found an empty list', 'it would match nothing: name a value');
  }
  const errors = report.errorCount;
  const values = new Values(field, report, lists);
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) values.add(item, [...path, index]);
  } else {
    values.add(value, path);
  }
  return report.errorCount === errors ? values.set() : undefined;
}

function negatedValues(
  field: Field,
  value: unknown,
  path: Path,
  context: ConditionContext,
): ValueSet | undefined {
  if (!isBlock(value)) return plainValues(field, value, path, context);
  const allowed = KEYS.filter((key) => key !== 'not' && key !== 'exists');
  if ('exists' in value) {
    return context.report.error(path, 'exists cannot be negated', 'write { exists: false }');
  }
  if ('not' in value) {
    return context.report.error(path, 'not stands inside not', 'leave both out');
  }
  if (!keysAllowed(value, allowed, path, context.report)) return undefined;
  return blockValues(field, value, path, context.report);
}
