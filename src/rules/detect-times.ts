/** Kinds that look at when things happen, or that they do not: new, absent, beacon, unanswered; and what lines are lost. */
import type { Detect, GroupField } from './compiled.ts';
import type { DetectDocument } from './detect-schema.ts';
import { readFields, readShare } from './detect-values.ts';
import { formatDuration, parseDuration } from './duration.ts';
import type { Reporter } from './reporter.ts';

type Written<K extends keyof DetectDocument> = NonNullable<DetectDocument[K]>;

/** Shortest time that can be told from the next in slots of a minute. */
const MINUTE = 60;

/** @param by fields of the group, as written */
export function compileNew(
  written: Written<'new'>,
  by: readonly string[],
  report: Reporter,
): Detect | undefined {
  const path = ['detect', 'new'];
  const fields = readFields(written.fields, [...path, 'fields'], report);
  const learn = parseDuration(written.learn) ?? 0;
  const forget = parseDuration(written.forget) ?? 0;
  if (forget < MINUTE) {
    const message = `${formatDuration(forget)} is shorter than a slot; what is forgotten at once is always new`;
    report.error([...path, 'forget'], message, 'write at least 1m');
  }
  if (fields?.every((field) => by.includes(field))) {
    const message = `by has ${fields.join(' and ')} already, so nothing in a group is left to be new`;
    report.error([...path, 'fields'], message, 'take them out of by');
  }
  return fields && { kind: 'new', fields, learn, forget };
}

/** The groups of a rule for what is new: each tuple of `by` and `fields` is one. */
export function groupsOfNew(by: readonly GroupField[], fields: readonly string[]): GroupField[] {
  const names = by.map(({ field }) => field);
  const more = fields.filter((field) => !names.includes(field));
  return [
    // A record without a field that is looked at is not counted, so there is nothing optional in it.
    ...by.map(({ field, optional }) => ({ field, optional: optional && !fields.includes(field) })),
    ...more.map((field) => ({ field, optional: false })),
  ];
}

export function compileAbsent(written: Written<'absent'>, report: Reporter): Detect | undefined {
  const seconds = parseDuration(written.for) ?? 0;
  if (seconds >= 2 * MINUTE) return { kind: 'absent', for: seconds, seen: written.seen };
  const message = `${formatDuration(seconds)} is less than two aggregation intervals of one minute`;
  return report.error(['detect', 'absent', 'for'], message, 'write at least 2m');
}

export function compileVisibility(
  { of, above, min }: Written<'visibility'>,
  report: Reporter,
): Detect | undefined {
  const share = readShare(above, ['detect', 'visibility', 'above'], report, true);
  return share === undefined ? undefined : { kind: 'visibility', of, above: share, min };
}
