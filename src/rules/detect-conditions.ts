/** Kinds with conditions of their own: ratio and sequence. Conditions are read as written, like `match`. */
import type { Detect, Match, SequenceStep } from './compiled.ts';
import { type ConditionContext, isBlock } from './condition.ts';
import type { DetectDocument } from './detect-schema.ts';
import { readAmount, readDistinctAbove, readDistinctFields, readShare } from './detect-values.ts';
import { compileMatch } from './match.ts';
import { formatPath, type Path, show } from './problem.ts';
import type { ReadDocument } from './read.ts';
import type { Reporter } from './reporter.ts';

type Written<K extends keyof DetectDocument> = NonNullable<DetectDocument[K]>;
type WrittenStep = Written<'sequence'>[number];

/** Another rule that a sequence waits for, and where it says so. */
export interface RuleStep {
  readonly rule: string;
  readonly path: string;
  readonly line: number;
  readonly column: number;
}

export function compileRatio(
  { above, min }: Written<'ratio'>,
  of: Match | undefined,
  report: Reporter,
): Detect | undefined {
  const share = readShare(above, ['detect', 'ratio', 'above'], report);
  return of && share !== undefined ? { kind: 'ratio', of, above: share, min } : undefined;
}

/**
 * @param by fields that are the same for the whole group
 * @param matches of each step; undefined where it has none or a wrong one
 */
export function compileSequence(
  written: Written<'sequence'>,
  by: readonly string[],
  matches: readonly (Match | undefined)[],
  report: Reporter,
): Detect | undefined {
  const steps = written.map((step, index) => {
    const path = ['detect', 'sequence', index];
    return step.rule === undefined
      ? compileOwnStep(step, by, matches[index], path, report)
      : compileRuleStep(step, path, report);
  });
  return steps.includes(undefined)
    ? undefined
    : { kind: 'sequence', steps: steps as SequenceStep[] };
}

function compileRuleStep(
  { rule, match, above, distinct }: WrittenStep,
  path: Path,
  report: Reporter,
): SequenceStep | undefined {
  if (match !== undefined) {
    return report.error(path, 'has both of match and rule; exactly one is wanted');
  }
  const key = above !== undefined ? 'above' : distinct !== undefined ? 'distinct' : undefined;
  if (key === undefined) return { rule: rule as string };
  const message = `${key} goes with match; of a rule its firings are what counts`;
  return report.error([...path, key], message, `put it into the rule ${rule}`);
}

function compileOwnStep(
  { match: written, above, distinct }: WrittenStep,
  by: readonly string[],
  match: Match | undefined,
  path: Path,
  report: Reporter,
): SequenceStep | undefined {
  if (written === undefined) {
    return report.error(path, 'has neither of match and rule; exactly one is wanted');
  }
  if (above !== undefined && distinct !== undefined) {
    const hint = 'above stands inside distinct';
    return report.error(path, 'has both of above and distinct; one is enough', hint);
  }
  if (distinct === undefined) {
    const least = above === undefined ? 0 : readAmount(above, [...path, 'above'], report);
    return match && least !== undefined ? { match, above: least } : undefined;
  }
  const at = [...path, 'distinct'];
  const fields = readDistinctFields(distinct.fields, by, [...at, 'fields'], report);
  const most = readDistinctAbove(distinct.above, [...at, 'above'], report);
  if (!match || !fields || most === undefined) return undefined;
  return { match, above: most, distinct: fields };
}

/** Every step that waits for another rule, with its place in the document. */
export function ruleSteps(detect: Detect, document: ReadDocument): RuleStep[] {
  if (detect.kind !== 'sequence') return [];
  return detect.steps.flatMap((step, index) => {
    if (!('rule' in step)) return [];
    const path = ['detect', 'sequence', index, 'rule'];
    return [{ rule: step.rule, path: formatPath(path), ...document.at(path) }];
  });
}

/** Conditions in a `detect` block as it is written, by the place they stand at. */
export interface InnerMatches {
  readonly of: Match | undefined;
  readonly steps: readonly (Match | undefined)[];
}

/** Reads every condition inside `detect`, whatever else is wrong with the block. */
export function compileInnerMatches(detect: unknown, context: ConditionContext): InnerMatches {
  const written = isBlock(detect) ? detect : {};
  const ratio = isBlock(written.ratio) ? written.ratio.of : undefined;
  const steps = Array.isArray(written.sequence) ? written.sequence : [];
  return {
    of: ratio === undefined ? undefined : innerMatch(ratio, ['detect', 'ratio', 'of'], context),
    steps: steps.map((step, index) =>
      isBlock(step) && step.match !== undefined
        ? innerMatch(step.match, ['detect', 'sequence', index, 'match'], context)
        : undefined,
    ),
  };
}

function innerMatch(value: unknown, path: Path, context: ConditionContext): Match | undefined {
  const { report } = context;
  const errors = report.errorCount;
  const match = compileMatch(value, path, context);
  if (match === undefined && report.errorCount === errors) {
    report.error(path, `found ${show(value)}; see docs/rules.md for conditions`);
  }
  return match;
}

/** Whether a place is in such a condition: its errors are told by the compiler of conditions. */
export function isInnerMatch(path: Path, detect: unknown): boolean {
  const [key, kind, first, second] = path;
  if (key !== 'detect' || !isBlock(detect)) return false;
  if (kind === 'ratio' && first === 'of') {
    return isBlock(detect.ratio) && detect.ratio.of !== undefined;
  }
  return kind === 'sequence' && second === 'match';
}
