/** Checks of a rule that leave nothing behind in its normal form. */
import { FIELDS, fieldNamed } from '../records/fields.ts';
import type { Detect, GroupField } from './compiled.ts';
import { formatDuration, parseDuration } from './duration.ts';
import { meantField, resolveField } from './field-names.ts';
import { type Path, show } from './problem.ts';
import type { Reporter } from './reporter.ts';
import type { RuleDocument } from './schema.ts';
import { nearest } from './suggest.ts';
import { TEMPLATE_SPECIALS, TemplateError, templateParts } from './template.ts';
import { FLOW_KEYS, type FlowTemplate } from './test-schema.ts';

/**
 * Holds the placeholders of a message against fields and the special names. Fields that this
 * version does not know count where the rule uses them (`used`).
 */
export function checkMessage(
  message: string | undefined,
  used: readonly string[],
  report: Reporter,
): void {
  if (message === undefined) return;
  const specials: readonly string[] = TEMPLATE_SPECIALS;
  try {
    for (const part of templateParts(message)) {
      if (typeof part === 'string' || specials.includes(part.name)) continue;
      if (fieldNamed(part.name) || used.includes(part.name)) continue;
      const meant = nearest(part.name, specials) ?? meantField(part.name);
      report.error(
        ['message'],
        `{${part.name}} is no field; beside fields there are ${specials.join(', ')}`,
        meant && `did you mean {${meant}}?`,
      );
    }
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error;
    report.error(['message'], error.message, 'write {field}, and no other { in a message');
  }
}

/** Shortest interval at which a rule may tell again; seconds. */
const SHORTEST_REPEAT = 300;

/** @returns seconds, or undefined when it has errors */
export function compileRepeat(repeat: string | number, report: Reporter): number | undefined {
  const seconds = parseDuration(repeat) ?? 0;
  if (seconds >= SHORTEST_REPEAT) return seconds;
  return report.error(['repeat'], `${formatDuration(seconds)} is too often`, 'write at least 5m');
}

/** Keys of the groups of `visibility`, of which a group has one. */
export const SOURCE_GROUPS: readonly GroupField[] = ['logGroup', 'bucket', 'file', 'stream'].map(
  (field) => ({
    field,
    optional: true,
  }),
);

/** `visibility` looks at the lines of a source, whatever is in them. */
export function checkVisibility(
  kind: string | undefined,
  written: { readonly match?: unknown; readonly by?: unknown },
  report: Reporter,
): void {
  if (kind !== 'visibility') return;
  if (written.match !== undefined) {
    const message = 'visibility counts every line of a source, so there is nothing to match';
    report.error(['match'], message, 'leave match out');
  }
  if (written.by !== undefined) {
    const message = 'visibility has one group for each source';
    report.error(['by'], message, 'leave by out');
  }
}

/** In a sequence that waits for other rules alone, there is nothing to match. */
export function warnOfUnreadMatch(detect: Detect, report: Reporter): void {
  if (detect.kind !== 'sequence' || !detect.steps.every((step) => 'rule' in step)) return;
  const message = 'every step waits for another rule, so these conditions are never asked';
  report.warning(['match'], message, 'leave match out, or give a step a match');
}

/** Checks the field names in tests, so that a slip does not make a test that proves nothing. */
export function checkTests(
  { tests }: RuleDocument,
  by: readonly GroupField[],
  report: Reporter,
): void {
  for (const [index, test] of (tests ?? []).entries()) {
    const at: Path = ['tests', index];
    for (const [flow, template] of test.flows.entries()) {
      for (const key of Object.keys(template))
        checkFlowKey(key, [...at, 'flows', flow, key], report);
      for (const key of ['every', 'at'] as const) {
        const value = template[key] as string | number | undefined;
        if (value !== undefined && parseDuration(value) === undefined) {
          const message = `found ${show(value)}; wanted: a duration like 1s or 5m`;
          report.error([...at, 'flows', flow, key], message);
        }
      }
      checkVary(template, [...at, 'flows', flow, 'vary'], report);
    }
    for (const [place, group] of test.expect.entries()) {
      checkGroup(group, by, [...at, 'expect', place], report);
    }
  }
}

function checkFlowKey(key: string, path: Path, report: Reporter): void {
  const own: readonly string[] = FLOW_KEYS;
  if (own.includes(key)) return;
  const field = resolveField(key, path, report);
  const computed = field !== undefined && field.version === 0 && FIELDS.includes(field);
  if (computed) report.error(path, `${key} is computed from the others and cannot be given`);
}

/** Only numbers and addresses can grow; `start` and `end` do by `every`. */
function checkVary({ vary }: FlowTemplate, path: Path, report: Reporter): void {
  for (const name of Object.keys(vary ?? {})) {
    checkFlowKey(name, [...path, name], report);
    const field = fieldNamed(name);
    if (!field || field.version === 0 || field.type === 'number' || field.type === 'address') {
      continue;
    }
    const hint = field.type === 'time' ? 'every says how far apart copies are' : undefined;
    report.error([...path, name], `${name} is neither a number nor an address`, hint);
  }
}

function checkGroup(
  group: Readonly<Record<string, unknown>>,
  by: readonly GroupField[],
  path: Path,
  report: Reporter,
): void {
  const names = by.map(({ field }) => field);
  for (const name of Object.keys(group)) {
    if (names.includes(name)) continue;
    const among = names.length === 0 ? 'the rule has no by' : `by has ${names.join(', ')}`;
    report.error([...path, name], `${show(name)} is not in the group: ${among}`);
  }
  for (const { field, optional } of by) {
    if (!optional && !Object.hasOwn(group, field)) {
      report.error(path, `the group lacks ${field}; by has ${names.join(', ')}`);
    }
  }
}
