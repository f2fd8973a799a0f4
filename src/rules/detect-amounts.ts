/** Kinds that compare an amount with a threshold: count, sum, distinct, spike. */
import type { Detect } from './compiled.ts';
import type { DetectDocument } from './detect-schema.ts';
import {
  countsBytes,
  readAmount,
  readDistinctAbove,
  readDistinctFields,
  readSumField,
} from './detect-values.ts';
import { parseDuration } from './duration.ts';
import { meantField } from './field-names.ts';
import { show } from './problem.ts';
import type { Reporter } from './reporter.ts';
import { nearest } from './suggest.ts';

type Written<K extends keyof DetectDocument> = NonNullable<DetectDocument[K]>;

export function compileCount(
  { above, of }: Written<'count'>,
  report: Reporter,
): Detect | undefined {
  const path = ['detect', 'count', 'above'];
  const read = of === 'connections' ? readDistinctAbove : readAmount;
  const number = read(above, path, report);
  if (number === undefined) return undefined;
  return { kind: 'count', above: number, ...(of === 'connections' && { of }) };
}

export function compileSum(
  { field: name, above }: Written<'sum'>,
  report: Reporter,
): Detect | undefined {
  const field = readSumField(name, ['detect', 'sum', 'field'], report);
  const number = readAmount(above, ['detect', 'sum', 'above'], report, countsBytes(field));
  if (!field || number === undefined) return undefined;
  return { kind: 'sum', field: field.name, above: number };
}

/** @param by fields that are the same for the whole group */
export function compileDistinct(
  { fields: names, above }: Written<'distinct'>,
  by: readonly string[],
  report: Reporter,
): Detect | undefined {
  const fields = readDistinctFields(names, by, ['detect', 'distinct', 'fields'], report);
  const number = readDistinctAbove(above, ['detect', 'distinct', 'above'], report);
  if (!fields || number === undefined) return undefined;
  return { kind: 'distinct', fields, above: number };
}

export function compileSpike(written: Written<'spike'>, report: Reporter): Detect | undefined {
  const of = written.of === 'count' ? 'count' : readSpiking(written.of, report);
  const field = of === 'count' ? undefined : of;
  const min = readAmount(written.min, ['detect', 'spike', 'min'], report, countsBytes(field));
  if (!of || min === undefined) return undefined;
  return {
    kind: 'spike',
    ...(field && { field: field.name }),
    factor: written.factor,
    min,
    baseline: parseDuration(written.baseline) ?? 0,
  };
}

function readSpiking(name: string, report: Reporter) {
  const path = ['detect', 'spike', 'of'];
  const count = name === 'records' || nearest(name, ['count']) !== undefined;
  if (count && meantField(name) === undefined) {
    const message = `found ${show(name)}; wanted: count or a numeric field`;
    return report.error(path, message, 'did you mean count?');
  }
  return readSumField(name, path, report);
}
