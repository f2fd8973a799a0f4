/** The metric of a rule, and the one sum that its digests can carry. */
import type { Detect, RuleMetric } from './compiled.ts';
import { readSumField } from './detect-values.ts';
import type { Reporter } from './reporter.ts';
import type { RuleDocument } from './schema.ts';

/** Metric names that every rule has under the same dimensions. */
const OWN_METRICS: ReadonlySet<string> = new Set(['Alerts', 'Matches']);

export function compileMetric(
  metric: NonNullable<RuleDocument['metric']>,
  report: Reporter,
): RuleMetric | undefined {
  if (OWN_METRICS.has(metric.name)) {
    const message = `${metric.name} is a metric that the service publishes itself`;
    report.error(['metric', 'name'], message, 'choose another name');
  }
  const { value } = metric;
  if (value === 'count' || value === 'value') return { name: metric.name, value };
  const plain = typeof value === 'string';
  const path = plain ? ['metric', 'value'] : ['metric', 'value', 'sum'];
  const field = readSumField(plain ? value : value.sum, path, report);
  return field && { name: metric.name, value: { sum: field.name } };
}

/** A digest carries one sum a rule: that of its detection, else of its metric. */
export function checkOneSum(
  detect: Detect | undefined,
  metric: RuleMetric | undefined,
  report: Reporter,
): void {
  const field = detect?.kind === 'sum' || detect?.kind === 'spike' ? detect.field : undefined;
  if (field === undefined || typeof metric?.value !== 'object') return;
  if (metric.value.sum === field) return;
  const message = `a rule that sums ${field} cannot publish the sum of ${metric.value.sum} as well`;
  report.error(['metric', 'value'], message, `sum ${field}, or write a second rule`);
}
