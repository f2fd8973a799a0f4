/** Values that several kinds of `detect` take: amounts, shares, fields. */
import type { Field } from '../records/fields.ts';
import { BYTE_FIELDS, parseBytes, parseWholeNumber } from './amounts.ts';
import { resolveField } from './field-names.ts';
import { type Path, show } from './problem.ts';
import type { Reporter } from './reporter.ts';

/** Distinct values that a rule may wait for: each is remembered, by group and slot. */
const MOST_DISTINCT = 10_000;

/** A whole number from 0 on, of bytes with a unit where `bytes` says so. */
export function readAmount(
  value: string | number,
  path: Path,
  report: Reporter,
  bytes = false,
): number | undefined {
  const parse = bytes ? parseBytes : parseWholeNumber;
  const number = typeof value === 'string' ? parse(value.trim()) : value;
  if (number !== undefined && Number.isSafeInteger(number) && number >= 0) return number;
  const wanted = bytes ? 'bytes like 5000 or 10MB' : 'a whole number, at least 0';
  return report.error(path, `found ${show(value)}; wanted: ${wanted}`);
}

/** A threshold of distinct values. */
export function readDistinctAbove(
  value: string | number,
  path: Path,
  report: Reporter,
): number | undefined {
  const above = readAmount(value, path, report);
  if (above === undefined || above <= MOST_DISTINCT) return above;
  const message = `found ${above}; wanted: a whole number up to ${MOST_DISTINCT}`;
  return report.error(path, message, 'each value is remembered until there are more');
}

/**
 * A share of something: `0.5` or `50%`.
 * @param zero whether none at all is a threshold too
 */
export function readShare(
  value: string | number,
  path: Path,
  report: Reporter,
  zero = false,
): number | undefined {
  const share = typeof value === 'string' ? parseShare(value.trim()) : value;
  if (share !== undefined && (zero ? share >= 0 : share > 0) && share < 1) return share;
  const message = `found ${show(value)}; wanted: a share ${zero ? 'from' : 'above'} 0 and below 1, like 0.5 or 50%`;
  const percent = share !== undefined && share > 1 && share < 100 && typeof value === 'number';
  return report.error(path, message, percent ? `write ${value}% or ${share / 100}` : undefined);
}

function parseShare(text: string): number | undefined {
  const parts = /^(\d+(?:\.\d+)?)\s*(%?)$/.exec(text);
  if (!parts) return undefined;
  // 55.1 / 100 is 0.5509999999999999: rounding takes such noise away.
  return parts[2] ? Math.round(Number(parts[1]) * 1e10) / 1e12 : Number(parts[1]);
}

/** Fields of any type, none of them twice. */
export function readFields(
  names: readonly string[],
  path: Path,
  report: Reporter,
): string[] | undefined {
  const fields: string[] = [];
  for (const [index, name] of names.entries()) {
    const field = resolveField(name, [...path, index], report);
    if (field && fields.includes(field.name)) {
      report.error([...path, index], `${field.name} stands twice`);
    } else if (field) fields.push(field.name);
  }
  return fields.length === names.length ? fields : undefined;
}

/**
 * Fields whose values are told apart.
 * @param by fields that are the same for the whole group
 */
export function readDistinctFields(
  names: readonly string[],
  by: readonly string[],
  path: Path,
  report: Reporter,
): string[] | undefined {
  const fields = readFields(names, path, report);
  if (!fields?.every((field) => by.includes(field))) return fields;
  const message = `by has ${fields.join(' and ')} already, so a group never has more than one value`;
  return report.error(path, message, 'name a field that by does not have');
}

/** A field that can be summed. */
export function readSumField(name: string, path: Path, report: Reporter): Field | undefined {
  const field = resolveField(name, path, report);
  if (!field || field.type === 'number') return field;
  return report.error(path, `${field.name} is no number, so it has no sum`);
}

/** Whether an amount of a field is one of bytes. */
export function countsBytes(field: Field | undefined): boolean {
  return field !== undefined && BYTE_FIELDS.has(field.name);
}
