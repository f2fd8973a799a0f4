/** Conditions on alert fields, as silences and routes write them, into normal form. */
import { ALERT_FIELDS, type AlertMatch } from '../alerts/alert-match.ts';
import { FIELDS, type Field, fieldNamed } from '../records/fields.ts';
import { readBlock } from '../rules/blocks.ts';
import { SEVERITIES } from '../rules/compiled.ts';
import { isBlock } from '../rules/condition.ts';
import { meantField } from '../rules/field-names.ts';
import { readInterval } from '../rules/numbers.ts';
import { type Path, show } from '../rules/problem.ts';
import type { Reporter } from '../rules/reporter.ts';
import { SOURCE_GROUPS } from '../rules/rule-checks.ts';
import { didYouMean } from '../rules/suggest.ts';
import { isGlob } from './glob.ts';

/** With the names of a source, which is the group of an alert about its silence. */
const OWN_FIELDS: readonly string[] = [...ALERT_FIELDS, ...SOURCE_GROUPS.map(({ field }) => field)];

/** The only values of a field, where those are known. */
const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  severity: SEVERITIES,
  type: ['alert', 'summary', 'test', 'service'],
  status: ['firing', 'updated', 'resolved'],
};

/** A whole number written out: a range of more values than this is not. */
const MOST_OF_A_RANGE = 256;

/**
 * Reads `{ rule: ssh-*, severity: [high, critical], srcaddr: 10.0.0.0/8 }`.
 * @returns undefined, with errors reported, where a field or value is none
 */
export function compileAlertMatch(
  written: unknown,
  path: Path,
  report: Reporter,
): AlertMatch | undefined {
  if (!isBlock(written)) {
    return report.error(path, `found ${show(written)}; wanted: a block of alert fields`);
  }
  const before = report.errorCount;
  const match: Record<string, readonly string[]> = {};
  for (const [name, given] of Object.entries(written)) {
    const at = [...path, name];
    if (!isKnown(name)) report.error(at, unknown(name), hintFor(name));
    else match[name] = valuesOf(name, given, at, report);
  }
  return report.errorCount > before ? undefined : match;
}

function isKnown(name: string): boolean {
  return isAlertField(name) || fieldNamed(name) !== undefined;
}

/** Whether every alert may have the field, whatever its rule groups by. */
export function isAlertField(name: string): boolean {
  return OWN_FIELDS.includes(name);
}

function unknown(name: string): string {
  return `an alert has no field ${show(name)}; there are ${ALERT_FIELDS.join(', ')} and the fields that its rule groups by`;
}

function hintFor(name: string): string | undefined {
  const near = didYouMean(name, [...OWN_FIELDS, ...FIELDS.map((field) => field.name)]);
  const meant = meantField(name);
  return near ?? (meant && `did you mean ${meant}?`);
}

function valuesOf(name: string, given: unknown, path: Path, report: Reporter): string[] {
  const several = Array.isArray(given);
  const list: readonly unknown[] = several ? given : [given];
  if (list.length === 0) report.error(path, 'found an empty list', 'nothing could meet it');
  const values = list.flatMap((value, i) =>
    patternOf(name, value, several ? [...path, i] : path, report),
  );
  return [...new Set(values)];
}

function patternOf(name: string, value: unknown, path: Path, report: Reporter): string[] {
  if (value === null || value === undefined || typeof value === 'object' || value === '') {
    report.error(path, `found ${show(value)}; wanted: a value or a list of values`);
    return [];
  }
  // A number or boolean that YAML made of a text: what counts is how it was written.
  const text = typeof value === 'string' ? value : (report.source(path) ?? String(value));
  if (text.startsWith('$')) {
    report.error(path, `found ${show(text)}; lists are for records`, 'write the values themselves');
    return [];
  }
  if (isGlob(text)) return [text];
  const field = isAlertField(name) ? undefined : fieldNamed(name);
  if (field?.type === 'address') return addressOf(field, text, path, report);
  if (field && field.type !== 'string') return numbersOf(field, value, path, report);
  const allowed = ALLOWED[name] ?? field?.values;
  if (allowed && !allowed.includes(text)) {
    const message = `found ${show(text)}; ${name} is one of ${allowed.join(', ')}`;
    report.error(path, message, didYouMean(text, allowed));
    return [];
  }
  return [text];
}

function addressOf(field: Field, text: string, path: Path, report: Reporter): string[] {
  const block = readBlock(text.trim());
  if (block && 'cidr' in block) return [block.cidr];
  if (block) report.error(path, block.wrong, block.hint);
  else report.error(path, `found ${show(text)}; ${field.name} takes an address or a CIDR block`);
  return [];
}

function numbersOf(field: Field, value: unknown, path: Path, report: Reporter): string[] {
  const interval = readInterval(field, value, path, report);
  if (!interval) return [];
  const [from, to] = interval;
  if (to - from >= MOST_OF_A_RANGE) {
    report.error(path, `found ${show(value)}; at most ${MOST_OF_A_RANGE} values are taken here`);
    return [];
  }
  return Array.from({ length: to - from + 1 }, (_, i) => String(from + i));
}
