/** Patterns of subscription filters: which a log group may have, and whether one it has hides records. */
import { DEFAULT_FORMAT } from '../records/layout.ts';
import { formatsFor } from './glob.ts';
import type { Snapshot } from './snapshot.ts';

/** The narrowest pattern with which every rule still sees what it needs; empty: everything. */
export type PatternFor = (snapshot: Snapshot, format: string) => string;

/**
 * The pattern for a log group. A pattern names the fields of one format by their places, and lines
 * of another one do not meet it: a group of several formats has none.
 */
export function patternOf(
  snapshot: Snapshot,
  formats: readonly string[],
  patternFor: PatternFor,
): string {
  const [only = DEFAULT_FORMAT, ...others] = formats;
  return others.length > 0 ? '' : patternFor(snapshot, only);
}

/**
 * Whether a filter keeps back records that a rule in force needs.
 * @param pattern of the filter that leads from the group
 */
export function patternTooNarrow(
  snapshot: Snapshot,
  group: string,
  pattern: string,
  patternFor: PatternFor,
): boolean {
  if (pattern.trim() === '') return false;
  const formats = formatsFor(snapshot.formats, group) ?? [];
  const wanted = patternOf(snapshot, formats, patternFor);
  return wanted === '' || !coversAll(fieldsOf(pattern), fieldsOf(wanted));
}

/** Conditions of a space-delimited pattern by place; undefined where it is another kind of pattern. */
function fieldsOf(pattern: string): string[] | undefined {
  const inner = /^\s*\[(.*)\]\s*$/s.exec(pattern)?.[1];
  // A comma within quotes belongs to a value.
  return inner?.match(/(?:"[^"]*"|[^,"])+/g)?.map(conditionOf);
}

/** What a field must be, without the name that the pattern's author gave it; `...` stays. */
function conditionOf(field: string): string {
  const text = field.trim();
  if (text === '...' || /^[A-Za-z_][\w.-]*$/.test(text)) return text === '...' ? text : '';
  // Every second part lies within quotes, where blanks and names are part of a value.
  const parts = text.split('"').map((part, index) => {
    if (index % 2 === 1) return part;
    return part.replaceAll(/\s+/g, '').replaceAll(/[A-Za-z_][\w.-]*(?=[=!<>])/g, '');
  });
  return parts.join('"');
}

/** True where each place of `wide` asks nothing, or just what that of `narrow` asks. */
function coversAll(wide: string[] | undefined, narrow: string[] | undefined): boolean {
  if (wide === undefined || narrow === undefined || wide.length !== narrow.length) return false;
  return wide.every((condition, index) => {
    const other = narrow[index] as string;
    if (condition === '...' || other === '...') return condition === other;
    return condition === '' || condition === other;
  });
}
