/** The sentence an alert opens with: the rule's own template, or one made from what it decided on. */
import { kindOf } from '../detect/index.ts';
import type { CompiledRule } from '../rules/compiled.ts';
import { templateParts } from '../rules/template.ts';
import type { RecordMap } from './alert.ts';
import { cleanLine, cleanValue } from './clean.ts';
import { formatBytes, formatDuration } from './english.ts';
import { groupText, protocolText, serviceText } from './flow-text.ts';
import { amount, limit } from './measure.ts';

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
 * group first and the sample second; absent ones print as `-`. Nothing in a value can break the line.
 * @throws TemplateError on a template that the rule check would have refused
 */
export function renderMessage(parts: MessageParts): string {
  const { rule } = parts;
  if (rule.message === undefined) return defaultSentence(parts);
  const text = templateParts(rule.message)
    .map((part) => (typeof part === 'string' ? part : placeholder(part.name, parts)))
    .join('');
  return cleanLine(text);
}

/** What a rule's value counts: `records`, or the field whose sum it is. */
export function measureOfRule(rule: Pick<CompiledRule, 'detect'>): string {
  return kindOf(rule.detect).measure(rule.detect);
}

function placeholder(name: string, parts: MessageParts): string {
  const { rule, group } = parts;
  switch (name) {
    case 'value':
      return bare(parts.value, rule);
    case 'threshold':
      return bare(parts.threshold, rule);
    case 'count':
      return bare(parts.count ?? parts.value);
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

/** A number without its unit, as the template says what it counts; bytes keep theirs. */
function bare(value: number, rule?: Pick<CompiledRule, 'detect'>): string {
  return amount(value, rule && measureOfRule(rule) === 'bytes' ? 'bytes' : undefined);
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

function defaultSentence({ rule, group, value, threshold }: MessageParts): string {
  const who = groupText(group);
  const what = cleanLine(who === '' ? rule.title : `${rule.title}: ${who}`);
  if (rule.window === undefined) return what;
  const measure = measureOfRule(rule);
  const within = `${amount(value, measure)} in ${formatDuration(rule.window)}`;
  return `${what}${who === '' ? ':' : ','} ${within} (threshold ${limit(threshold, measure)})`;
}
