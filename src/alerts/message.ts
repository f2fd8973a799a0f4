/** The sentence an alert opens with: the rule's own template, or one made from what it decided on. */
import type { CompiledRule } from '../rules/compiled.ts';
import { templateParts } from '../rules/template.ts';
import type { RecordMap } from './alert.ts';
import { cleanLine, cleanValue } from './clean.ts';
import { formatBytes, formatDuration, formatNumber } from './english.ts';
import { groupText, protocolText, serviceText } from './flow-text.ts';
import { bareAmount, decided, isAtLeast, measureOfRule } from './measure.ts';

export interface MessageParts {
  readonly rule: Pick<CompiledRule, 'id' | 'title' | 'severity' | 'detect' | 'message' | 'window'>;
  readonly group: RecordMap;
  /** The first record of the evidence, derived fields included. */
  readonly sample?: RecordMap;
  readonly value: number;
  readonly threshold: number;
  /** Matching records, where `value` is something else. */
  readonly count?: number;
}

const ABSENT = '-';

/**
 * Renders a rule's `message`, or a default sentence where it has none. Field values come from the
 * group first and the sample second; absent ones print as `-`, and not at all in brackets of their own.
 * Nothing in a value can break the line.
 * @throws TemplateError on a template that the rule check would have refused
 */
export function renderMessage(parts: MessageParts): string {
  const { rule } = parts;
  const silent = silentSource(parts);
  if (silent !== undefined) return silent;
  if (rule.message === undefined) return defaultSentence(parts);
  const text = templateParts(rule.message)
    .map((part) => (typeof part === 'string' ? part : placeholder(part.name, parts)))
    .join('');
  return cleanLine(text).replaceAll(` (${ABSENT})`, '');
}

function placeholder(name: string, parts: MessageParts): string {
  const { rule, group } = parts;
  switch (name) {
    case 'value':
      return valueText(parts);
    case 'threshold':
      return bareAmount(parts.threshold, measureOfRule(rule));
    case 'count':
      return formatNumber(parts.count ?? parts.value);
    case 'window':
      return rule.window === undefined ? ABSENT : formatDuration(rule.window);
    case 'rule':
      return rule.id;
    case 'title':
      return rule.title;
    case 'severity':
      return rule.severity;
    case 'group':
      return groupText(group) || ABSENT;
    default:
      return fieldText(name, { ...parts.sample, ...group });
  }
}

/** A number without what it counts, as the template says that; distinct values go no further than the threshold. */
function valueText({ rule, value, threshold }: MessageParts): string {
  const measure = measureOfRule(rule);
  if (isAtLeast(value, threshold, measure)) return `more than ${formatNumber(threshold)}`;
  return bareAmount(value, measure);
}

function fieldText(name: string, record: RecordMap): string {
  const value = Object.hasOwn(record, name) ? record[name] : undefined;
  if (name === 'protocol') return protocolText(value) ?? ABSENT;
  if (name === 'bytes' && typeof value === 'number') return formatBytes(value);
  if (name === 'duration' && typeof value === 'number') return formatDuration(value);
  if (name === 'service' && value === undefined) {
    return serviceText(record['server-port'] ?? record.dstport, record.protocol) ?? ABSENT;
  }
  return value === undefined || value === '' ? ABSENT : cleanValue(value);
}

function defaultSentence(parts: MessageParts): string {
  const { rule, group, value, threshold, count } = parts;
  const { detect, window = 0 } = rule;
  const who = groupText(group);
  const what = cleanLine(who === '' ? rule.title : `${rule.title}: ${who}`);
  const then = who === '' ? ':' : ',';
  if (detect.kind === 'every') return what;
  if (detect.kind === 'new') return `${what}${then} not seen in ${formatDuration(detect.forget)}`;
  const measure = measureOfRule(rule);
  const { what: words, threshold: limit } = decided({
    value,
    threshold,
    measure,
    ...(count === undefined ? {} : { records: count }),
    window,
  });
  return `${what}${then} ${words}${limit === undefined ? '' : ` (threshold ${limit})`}`;
}

/** Keys of a group that is a source of records; no field is called so. */
const SOURCES = ['logGroup', 'bucket', 'file', 'stream'] as const;

/** Of a source that is silent as a whole, nothing can be said of the groups the rule watches. */
function silentSource({ rule, group, value }: MessageParts): string | undefined {
  if (rule.detect.kind !== 'absent' || !SOURCES.some((name) => Object.hasOwn(group, name))) {
    return undefined;
  }
  const words = `No record at all from ${groupText(group)} for ${formatDuration(value)}`;
  return `${words}: "${cleanLine(rule.title)}" cannot be judged`;
}
