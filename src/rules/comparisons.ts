/** Comparisons of a condition: `{ gt, gte, lt, lte }`, `{ prefix }` and `{ has, lacks }`. */
import type { Field } from '../records/fields.ts';
import type { ValueSet } from './compiled.ts';
import { type Interval, intersect, UNBOUNDED } from './intervals.ts';
import { readNumber } from './numbers.ts';
import { type Path, show } from './problem.ts';
import type { Reporter } from './reporter.ts';
import { didYouMean } from './suggest.ts';
import { FLAG_NAMES, type FlagName, flagValues, isFlagName } from './tcp-flags.ts';

export const COMPARISONS = ['gt', 'gte', 'lt', 'lte'] as const;
export const FLAG_KEYS = ['has', 'lacks'] as const;

export type Block = Readonly<Record<string, unknown>>;

const ANY_NUMBER: readonly Interval[] = [[-UNBOUNDED, UNBOUNDED]];

/** The values that meet every key of `{ gt, gte, lt, lte, has, lacks, prefix }`. */
export function blockValues(
  field: Field,
  block: Block,
  path: Path,
  report: Reporter,
): ValueSet | undefined {
  if ('prefix' in block) return readPrefix(field, block, path, report);
  const numeric = field.type === 'number' || field.type === 'time';
  if (!numeric) {
    const [key] = Object.keys(block);
    return report.error(
      [...path, key],
      `${key} compares numbers, but ${field.name} holds ${field.type === 'address' ? 'an address' : 'text'}`,
      field.type === 'address' ? 'write a CIDR block' : undefined,
    );
  }
  const compared = COMPARISONS.some((key) => key in block)
    ? readComparisons(field, block, path, report)
    : ANY_NUMBER;
  const flagged = FLAG_KEYS.some((key) => key in block)
    ? readFlags(field, block, path, report)
    : ANY_NUMBER;
  if (!compared || !flagged) return undefined;
  const numbers = intersect(compared, flagged);
  if (numbers.length > 0) return { numbers };
  return report.error(path, `no number meets ${show(block)}`);
}

function readPrefix(
  field: Field,
  block: Block,
  path: Path,
  report: Reporter,
): ValueSet | undefined {
  const at = [...path, 'prefix'];
  if (field.type !== 'string') {
    const hint = field.type === 'address' ? 'write a CIDR block' : 'write a range';
    return report.error(at, `prefix is for text, but ${field.name} is not`, hint);
  }
  const others = Object.keys(block).filter((key) => key !== 'prefix');
  if (others.length > 0) {
    return report.error(path, `${others[0]} compares numbers, but ${field.name} holds text`);
  }
  const given = Array.isArray(block.prefix) ? block.prefix : [block.prefix];
  if (given.length === 0) return report.error(at, 'found an empty list');
  const prefixes = given.map((prefix, index) => {
    const itemPath = Array.isArray(block.prefix) ? [...at, index] : at;
    const text = typeof prefix === 'number' ? report.source(itemPath) : prefix;
    if (typeof text === 'string' && text !== '') return text;
    const hint = prefix === '' ? 'every text begins so: write { exists: true }' : undefined;
    return report.error(
      itemPath,
      `found ${show(prefix)}; prefix takes the beginning of a text`,
      hint,
    );
  });
  if (prefixes.includes(undefined)) return undefined;
  return { prefixes: [...new Set(prefixes as string[])].sort() };
}

function readComparisons(
  field: Field,
  block: Block,
  path: Path,
  report: Reporter,
): Interval[] | undefined {
  let low = -UNBOUNDED;
  let high = UNBOUNDED;
  let failed = false;
  for (const key of COMPARISONS) {
    if (!(key in block)) continue;
    const bound = readNumber(field, block[key], [...path, key], report);
    if (bound === undefined) failed = true;
    else if (key === 'gt') low = Math.max(low, bound + 1);
    else if (key === 'gte') low = Math.max(low, bound);
    else if (key === 'lt') high = Math.min(high, bound - 1);
    else high = Math.min(high, bound);
  }
  if (failed) return undefined;
  const [least, most] = field.range ?? [0, UNBOUNDED];
  if (Math.max(low, least) <= Math.min(high, most)) return [[low, high]];
  return report.error(
    path,
    `no number meets ${show(block)}`,
    low > high
      ? 'the lower bound is above the upper one'
      : `${field.name} goes from ${least} to ${most}`,
  );
}

function readFlags(
  field: Field,
  block: Block,
  path: Path,
  report: Reporter,
): Interval[] | undefined {
  if (field.name !== 'tcp-flags') {
    const key = FLAG_KEYS.find((name) => name in block) as string;
    return report.error([...path, key], `${key} is for tcp-flags, not for ${field.name}`);
  }
  const has = readFlagNames(block, 'has', path, report);
  const lacks = readFlagNames(block, 'lacks', path, report);
  if (!has || !lacks) return undefined;
  const both = has.find((name) => lacks.includes(name));
  if (both) return report.error(path, `${both} stands in both has and lacks`);
  return flagValues(has, lacks);
}

function readFlagNames(
  block: Block,
  key: 'has' | 'lacks',
  path: Path,
  report: Reporter,
): FlagName[] | undefined {
  if (!(key in block)) return [];
  const given = Array.isArray(block[key]) ? block[key] : [block[key]];
  const at = [...path, key];
  if (given.length === 0)
    return report.error(at, 'found an empty list', `allowed: ${FLAG_NAMES.join(', ')}`);
  const wrong = given.find((name) => !isFlagName(name));
  if (wrong === undefined && given.every(isFlagName)) return given;
  const message = `found ${show(wrong)}; flags are ${FLAG_NAMES.join(', ')}`;
  return report.error(at, message, didYouMean(String(wrong), FLAG_NAMES));
}
