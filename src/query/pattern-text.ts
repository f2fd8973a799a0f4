/**
 * Space-delimited filter patterns of CloudWatch Logs:
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html
 */
import type { Layout } from '../records/layout.ts';

/** What PutMetricFilter and PutSubscriptionFilter take. */
export const MOST_PATTERN = 1_024;

/** A field as a pattern names it. */
export function patternField(field: string): string {
  return field.replaceAll('-', '_');
}

/**
 * Every field of the format by position, since a pattern meets only lines with as many fields.
 * @param conditions by field, to follow its name: `="REJECT"`, or with the name in each term
 */
export function patternOf({ fields }: Layout, conditions: ReadonlyMap<string, string>): string {
  const text = (name: (field: string, index: number) => string) =>
    `[${fields.map((field, i) => conditioned(field.name, name(field.name, i), conditions)).join(', ')}]`;
  const long = text((field) => patternField(field));
  // Names without a condition are for the reader alone.
  return long.length <= MOST_PATTERN
    ? long
    : text((field, i) => (conditions.has(field) ? patternField(field) : `f${i + 1}`));
}

function conditioned(field: string, name: string, conditions: ReadonlyMap<string, string>): string {
  const condition = conditions.get(field);
  if (condition === undefined) return name;
  return /^[=!<>]/.test(condition) ? name + condition : condition;
}
