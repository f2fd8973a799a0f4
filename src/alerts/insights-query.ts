/** The Logs Insights query that finds an alert's records again. */
import { escapedPattern, insightsField, parseCommand, quoted } from '../query/insights-text.ts';
import { DEFAULT_FORMAT, DEFAULT_LAYOUT } from '../records/layout.ts';
import type { RecordMap } from './alert.ts';

const LIMIT = 1_000;

/** Derived fields that stand for either side of a record. */
const EITHER_SIDE: ReadonlyMap<string, readonly [string, string]> = new Map([
  ['client-addr', ['srcaddr', 'dstaddr']],
  ['server-addr', ['srcaddr', 'dstaddr']],
  ['server-port', ['srcport', 'dstport']],
]);

/** Group values found on either side of a record whose fields are not known by position. */
const SEARCHED = /addr$|port$|-id$/;

/**
 * @param formats LogFormats of the log group; none or the default one alone is parsed by position,
 *   any other is searched for the group's addresses, ports and ids
 */
export function insightsQuery(group: RecordMap, formats: readonly string[] = []): string {
  const parsed = formats.every((format) => format === DEFAULT_FORMAT);
  const conditions = parsed ? parsedConditions(group) : searchedConditions(group);
  const lines = ['fields @timestamp, @message'];
  if (parsed && conditions.length > 0) lines.push(parseCommand(DEFAULT_LAYOUT));
  if (conditions.length > 0) lines.push(`filter ${conditions.join(' and ')}`);
  lines.push('sort @timestamp', `limit ${LIMIT}`);
  return lines.join('\n| ');
}

function parsedConditions(group: RecordMap): string[] {
  const known = new Set(DEFAULT_LAYOUT.fields.map((field) => field.name));
  return Object.entries(group).flatMap(([field, value]) => {
    const text = quoted(value);
    const sides = EITHER_SIDE.get(field);
    if (sides) return [`(${sides.map((side) => `${side} = ${text}`).join(' or ')})`];
    return known.has(field) ? [`${insightsField(field)} = ${text}`] : [];
  });
}

function searchedConditions(group: RecordMap): string[] {
  return Object.entries(group)
    .filter(([field]) => SEARCHED.test(field))
    .map(([, value]) => `@message like /(^| )${escapedPattern(String(value))}( |$)/`);
}
