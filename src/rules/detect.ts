/** The `detect` block in normal form. */
import type { Detect } from './compiled.ts';
import { isBlock } from './condition.ts';
import { compileCount, compileDistinct, compileSpike, compileSum } from './detect-amounts.ts';
import { compileRatio, compileSequence, type InnerMatches } from './detect-conditions.ts';
import { DETECT_KEYS, type DetectDocument, type DetectKey } from './detect-schema.ts';
import { compileAbsent, compileNew, compileVisibility } from './detect-times.ts';
import type { Reporter } from './reporter.ts';

/**
 * @param by names of the rule's group fields
 * @param matches the conditions in the block, which are read as written
 * @returns undefined when it has errors, which are then reported
 */
export function compileDetect(
  detect: DetectDocument | undefined,
  by: readonly string[],
  matches: InnerMatches,
  report: Reporter,
): Detect | undefined {
  if (!detect) return { kind: 'every' };
  const kinds = DETECT_KEYS.filter((key) => detect[key] !== undefined);
  if (kinds.length !== 1) {
    const found =
      kinds.length === 0 ? 'has no kind' : `has both ${kinds.slice(0, 2).join(' and ')}`;
    return report.error(['detect'], `${found}; exactly one of ${DETECT_KEYS.join(', ')} is wanted`);
  }
  const { count, sum, distinct, ratio, spike, absent, beacon, unanswered, sequence } = detect;
  if (count) return compileCount(count, report);
  if (sum) return compileSum(sum, report);
  if (distinct) return compileDistinct(distinct, by, report);
  if (ratio) return compileRatio(ratio, matches.of, report);
  if (spike) return compileSpike(spike, report);
  if (detect.new) return compileNew(detect.new, by, report);
  if (absent) return compileAbsent(absent, report);
  if (beacon) return { kind: 'beacon', min: beacon.min, jitter: beacon.jitter };
  if (unanswered) return { kind: 'unanswered', min: unanswered.min };
  if (sequence) return compileSequence(sequence, by, matches.steps, report);
  return compileVisibility(detect.visibility as NonNullable<typeof detect.visibility>, report);
}

/** The kind that a block names, be it right or wrong in itself; undefined where that is not clear. */
export function kindWritten(detect: unknown): DetectKey | undefined {
  if (!isBlock(detect)) return undefined;
  const [key, ...others] = Object.keys(detect);
  return others.length === 0 ? DETECT_KEYS.find((kind) => kind === key) : undefined;
}
