/** How Logs Insights writes fields, values and the layout of a line. */
import type { Layout } from '../records/layout.ts';

/** A field as a query names it: without hyphens, which Insights takes for minus. */
export function insightsField(field: string): string {
  // `start` and `end` would hide nothing but confuse the reader with the query's own span.
  return field === 'start' || field === 'end' ? `${field}_time` : field.replaceAll('-', '_');
}

/** Names the fields of a line by their position. */
export function parseCommand({ fields }: Layout): string {
  const stars = fields.map(() => '*').join(' ');
  return `parse @message "${stars}" as ${fields.map(({ name }) => insightsField(name)).join(',')}`;
}

export function quoted(value: string | number): string {
  if (typeof value === 'number') return String(value);
  return `"${value.replace(/[\\"]/g, '\\$&').replace(/[\r\n]/g, ' ')}"`;
}

/** A text inside a pattern between slashes. */
export function escapedPattern(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&').replace(/[\r\n]/g, ' ');
}
