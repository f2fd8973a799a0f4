/** A rule as a metric filter of CloudWatch Logs: what can be told from one record, without a function. */
import type { Snapshot } from '../config/snapshot.ts';
import { FLOW_FIELDS } from '../records/fields.ts';
import { type Layout, parseLayout } from '../records/layout.ts';
import type { CompiledRule } from '../rules/compiled.ts';
import { both, isNever, tested, within } from './constants.ts';
import { fieldPattern } from './field-pattern.ts';
import { byField, mixedFields, valuesOf } from './one-field.ts';
import { conditionsBeside, countedBy, matchOver } from './over-format.ts';
import { MOST_PATTERN, patternField, patternOf } from './pattern-text.ts';

/** Regular expressions that a pattern may hold. */
const MOST_REGEXES = 2;
const NAMESPACE = 'FlowlogAlerts';

export interface MetricFilter {
  readonly pattern: string;
  readonly namespace: string;
  readonly metricName: string;
  /** What each record adds: 1, or `$field`. */
  readonly metricValue: string;
  /** What an alarm on the metric's sum should watch for, where the rule has a threshold. */
  readonly alarm: { readonly above: number; readonly period: number };
}

/** Why a rule is no metric filter, and what to do. */
export interface NoMetricFilter {
  readonly why: string;
}

/**
 * The metric filter that counts what a rule fires at.
 * @param format the group's LogFormat: a pattern goes by position
 * @throws LayoutError on a format that is none
 */
export function metricFilterOf(
  rule: CompiledRule,
  format: string,
  config: Pick<Snapshot, 'lists' | 'filters'>,
): MetricFilter | NoMetricFilter {
  const layout = parseLayout(format);
  const memory = whyMemory(rule);
  if (memory) return { why: memory };
  const asked = countedBy(rule, layout, config);
  if (isNever(asked)) return { why: 'no record of the format can meet it' };
  if (mayLackFlow(rule, layout, config)) {
    return { why: 'without log-status in the format, lines of NODATA would meet it too' };
  }
  const hasStatus = layout.fields.some(({ name }) => name === 'log-status');
  const flows = hasStatus ? both(within('log-status', { strings: ['OK'] })) : both();
  const parts = byField(matchOver(both(asked, flows), layout, config));
  if (!parts) {
    const mixed = mixedFields(matchOver(both(asked, flows), layout, config)).join(' and ');
    return { why: `it has alternatives over ${mixed}, and a pattern asks each field by itself` };
  }
  const conditions = new Map<string, string>();
  let regexes = 0;
  for (const [field, match] of parts) {
    if (field === 'duration') return { why: 'duration is computed from start and end' };
    const found = fieldPattern(field, match, valuesOf(match, config.lists));
    if ('why' in found) return found;
    conditions.set(field, found.condition);
    if (found.regex) regexes++;
  }
  if (regexes > MOST_REGEXES) {
    return {
      why: `it takes ${regexes} regular expressions, and a pattern may hold ${MOST_REGEXES}`,
    };
  }
  const pattern = patternOf(layout, conditions);
  if (pattern.length > MOST_PATTERN) {
    return {
      why: `its pattern takes ${pattern.length} characters, and CloudWatch ${MOST_PATTERN}`,
    };
  }
  return { pattern, namespace: NAMESPACE, metricName: metricName(rule), ...counted(rule) };
}

/** Why one record does not tell. */
function whyMemory({ detect, by }: CompiledRule): string | undefined {
  if (detect.kind === 'every') return undefined;
  const sums = detect.kind === 'sum' || (detect.kind === 'count' && detect.of === undefined);
  if (!sums)
    return `${detect.kind === 'count' ? 'connections' : detect.kind} cannot be told record by record`;
  if (by.length === 0) return undefined;
  const groups = by.map(({ field }) => field).join(', ');
  return `it counts for each ${groups}, and a metric filter counts all together`;
}

/** Without a status, a line of which all is absent must not pass. */
function mayLackFlow(
  rule: CompiledRule,
  layout: Layout,
  config: Pick<Snapshot, 'lists' | 'filters'>,
): boolean {
  if (layout.fields.some(({ name }) => name === 'log-status')) return false;
  const nothing = FLOW_FIELDS.map((field) => tested(field, { exists: false }));
  const asked = both(rule.match, ...conditionsBeside(rule, config), ...nothing);
  return !isNever(matchOver(asked, layout, config));
}

function counted({
  detect,
  window = 300,
}: CompiledRule): Pick<MetricFilter, 'metricValue' | 'alarm'> {
  // An alarm's period is a whole number of minutes.
  const period = Math.ceil(window / 60) * 60;
  const above = detect.kind === 'count' || detect.kind === 'sum' ? detect.above : 0;
  const metricValue = detect.kind === 'sum' ? `$${patternField(detect.field)}` : '1';
  return { metricValue, alarm: { above, period } };
}

/** `ssh-from-internet` as `SshFromInternet`, the rule's own name where it has one. */
function metricName({ id, metric }: CompiledRule): string {
  if (metric) return metric.name;
  return id
    .split('-')
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('');
}
