/** Numbers of a condition: digits, ranges, names of protocols, bytes with a unit. */
import type { Field } from '../records/fields.ts';
import { BYTE_FIELDS, parseBytes, parseWholeNumber } from './amounts.ts';
import { type Interval, UNBOUNDED } from './intervals.ts';
import { type Path, show } from './problem.ts';
import { PROTOCOL_NAMES, protocolNumber } from './protocols.ts';
import type { Reporter } from './reporter.ts';
import { didYouMean } from './suggest.ts';
import { isFlagName } from './tcp-flags.ts';

const RANGE = /^([^-\s][^-]*?)\s*-\s*([^-\s][^-]*)$/;

/**
 * Reads a number, a range `a-b` or a protocol name, and holds it against the field's range.
 * @returns undefined for anything else, which is then reported
 */
export function readInterval(
  field: Field,
  value: unknown,
  path: Path,
  report: Reporter,
): Interval | undefined {
  const text = typeof value === 'string' ? value.trim() : '';
  const range = protocolNumber(text) === undefined ? RANGE.exec(text) : null;
  if (!range) {
    const number = readNumber(field, value, path, report);
    return number === undefined ? undefined : [number, number];
  }
  const low = readNumber(field, range[1], path, report);
  const high = readNumber(field, range[2], path, report);
  if (low === undefined || high === undefined) return undefined;
  if (low <= high) return [low, high];
  const hint = `write ${range[2]}-${range[1]}`;
  return report.error(path, `the range ${show(text)} is backwards`, hint);
}

/**
 * Reads one number of a numeric field, with a unit where it counts bytes or by name where it is a
 * protocol.
 * @returns undefined for anything else or out of the field's range, which is then reported
 */
export function readNumber(
  field: Field,
  value: unknown,
  path: Path,
  report: Reporter,
): number | undefined {
  const number = typeof value === 'string' ? numberOf(field, value.trim()) : value;
  if (typeof number !== 'number' || !Number.isInteger(number)) {
    const message = `found ${show(value)}; ${field.name} takes ${wanted(field)}`;
    return report.error(path, message, howTo(field, value));
  }
  const [least, most] = field.range ?? [0, UNBOUNDED];
  if (number < least || number > most) {
    const message = `${number} is outside ${field.name}, which goes from ${least} to ${most}`;
    return report.error(path, message);
  }
  const source = report.source(path);
  if (source !== undefined && /^-?0\d+$/.test(source)) {
    report.warning(path, `${source} is read as the decimal ${number}`, `write ${number}`);
  }
  return number;
}

function numberOf(field: Field, text: string): number | undefined {
  if (field.name === 'protocol') return protocolNumber(text) ?? parseWholeNumber(text);
  return BYTE_FIELDS.has(field.name) ? parseBytes(text) : parseWholeNumber(text);
}

function wanted(field: Field): string {
  if (field.name === 'protocol') return 'a protocol name or number, a range or a $list';
  if (BYTE_FIELDS.has(field.name)) return 'bytes like 1500 or 10MB, a range or a $list';
  return 'a whole number, a range like 1024-65535 or a $list';
}

function howTo(field: Field, value: unknown): string | undefined {
  if (typeof value !== 'string') return undefined;
  if (field.name === 'protocol') return didYouMean(value, PROTOCOL_NAMES);
  if (field.name === 'tcp-flags' && isFlagName(value)) return `write { has: [${value}] }`;
  if (field.name.endsWith('port') && /^[a-z][a-z0-9-]*$/i.test(value)) {
    return 'names of services go into service:';
  }
  if (/^[<>]=?/.test(value)) return 'write { gt: N }, { gte: N }, { lt: N } or { lte: N }';
  return undefined;
}
