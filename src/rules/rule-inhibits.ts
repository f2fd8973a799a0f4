/** The key `inhibits` of a rule. */
import { kindOf } from '../detect/index.ts';
import type { CompiledRule, Inhibits } from './compiled.ts';
import { show } from './problem.ts';
import type { Reporter } from './reporter.ts';
import type { RuleDocument } from './schema.ts';

/** @returns undefined, with errors reported, where it cannot work */
export function compileInhibits(
  { inhibits, mode }: Pick<RuleDocument, 'inhibits' | 'mode'>,
  { detect, by }: Pick<CompiledRule, 'detect' | 'by'>,
  report: Reporter,
): Inhibits | undefined {
  if (!inhibits) return undefined;
  // Of what is judged late, others would be told or not as their batches happen to come.
  if (kindOf(detect).timing !== 'grows') {
    const message = `${detect.kind} is judged only when its window has settled, too late to hold others back`;
    const hint = 'count, sum, distinct, sequence and rules without detect can';
    report.error(['inhibits'], message, hint);
  }
  const names = by.map(({ field }) => field);
  for (const [index, field] of inhibits.equal.entries()) {
    if (names.includes(field)) continue;
    const among = names.length === 0 ? 'the rule has no by' : `by has ${names.join(', ')}`;
    report.error(['inhibits', 'equal', index], `${show(field)} is not in the group: ${among}`);
  }
  if (mode !== 'live') {
    report.warning(['inhibits'], `in mode ${mode} it holds nothing back: nobody is told of it`);
  }
  const { rules, severity, equal } = inhibits;
  return { ...(rules && { rules }), ...(severity && { severity }), equal };
}
