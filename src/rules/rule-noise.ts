/** The keys `promote` and `budget` of a rule: when it may speak, and how much. */
import type { CompiledRule } from './compiled.ts';
import { parseDuration } from './duration.ts';
import { show } from './problem.ts';
import type { Reporter } from './reporter.ts';
import type { RuleDocument } from './schema.ts';

/** A memory of alerts is kept in the checkpoint, but time is what makes trust. Seconds. */
const SHORTEST_SHADOW = 3_600;

/** The keys in normal form; one that is wrong is reported and left out. */
export function compileNoise(
  { mode, promote, budget }: Pick<RuleDocument, 'mode' | 'promote' | 'budget'>,
  report: Reporter,
): Pick<CompiledRule, 'promote' | 'budget'> {
  const after = promote && parseDuration(promote.after);
  if (promote && mode !== 'shadow') {
    const hint = 'write mode: shadow, or take promote out';
    report.error(['promote'], `is for rules in mode shadow; this one is ${mode}`, hint);
  }
  if (promote && after !== undefined && after < SHORTEST_SHADOW) {
    const hint = 'write at least 1h';
    report.error(['promote', 'after'], `found ${show(promote.after)}, which is too short`, hint);
  }
  if (budget && mode !== 'live' && !promote) {
    report.warning(['budget'], `in mode ${mode} it does nothing: nobody is told of the rule`);
  }
  return {
    ...(promote && after !== undefined && { promote: { after, below: promote.below } }),
    ...(budget && { budget: { perDay: budget.perDay } }),
  };
}
