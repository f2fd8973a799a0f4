/** The setting `metrics: full` makes a custom metric for each rule, which costs. */
import { formatNumber } from '../alerts/english.ts';
import type { ConfigDocument } from '../ports/config-source.ts';
import { PRICES } from '../prices.ts';
import type { CompiledRule } from '../rules/compiled.ts';
import type { Problem } from '../rules/problem.ts';
import { Reporter } from '../rules/reporter.ts';
import type { Settings } from './settings.ts';
import { readSingle } from './text.ts';

/** From so many dollars a month it is worth a word. */
const WORTH_A_WORD = 10;

/** A warning where metrics that no rule asks for may cost ten dollars a month or more. */
export function warnOfFullMetrics(
  document: ConfigDocument | undefined,
  { engine }: Settings,
  rules: readonly CompiledRule[],
): readonly Problem[] {
  if (!document || engine.metrics !== 'full') return [];
  const unasked = rules.filter(({ metric, alarm }) => !metric && !alarm).length;
  const dollars = unasked * PRICES.metricMonth;
  const [read] = readSingle(document, 'settings').documents;
  if (dollars < WORTH_A_WORD || !read) return [];
  const report = new Reporter(document.origin, read);
  report.warning(
    ['metrics'],
    `full publishes Matches for ${formatNumber(unasked)} rules without metric or alarm: up to $${formatNumber(Math.round(dollars))} a month`,
    'write sparse, and metric in the rules that need one',
  );
  return report.problems;
}
