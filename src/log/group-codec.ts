/**
 * Groups of a rule as columns: what is alike in all of them stands side by side, and deflates to next
 * to nothing.
 */
import { type Cell, readCell, writeCell } from './cell-codec.ts';
import type { GroupDigest, Sample } from './digest.ts';
import { readPart, writePart } from './part-codec.ts';
import type { SampleTable } from './sample-codec.ts';
import { list, type TextReader, type TextTable, times } from './text-table.ts';
import type { ByteReader, ByteWriter } from './varint.ts';

/** What groups are written and read beside. */
export interface Writing {
  readonly texts: TextTable;
  readonly samples: SampleTable;
  readonly latest: number;
}

export interface Reading {
  readonly texts: TextReader;
  readonly samples: readonly Sample[];
  readonly latest: number;
}

export function writeGroups(to: ByteWriter, groups: readonly GroupDigest[], by: Writing): void {
  const { texts, samples, latest } = by;
  for (const { slot } of groups) to.near(latest, slot);
  for (const { values } of groups) to.uint(values.length);
  const widest = Math.max(0, ...groups.map(({ values }) => values.length));
  for (let i = 0; i < widest; i++) {
    for (const { values } of groups) {
      const value = values[i];
      if (value !== undefined) writeCell(to, texts, value);
    }
  }
  for (const { records } of groups) to.uint(records);
  for (const { bytes } of groups) to.uint(bytes);
  for (const { packets } of groups) to.uint(packets);
  for (const { sum } of groups) to.uint(sum);
  for (const { first, slot } of groups) to.uint(Math.max(0, first - slot));
  for (const { last, first } of groups) to.uint(Math.max(0, last - first));
  for (const group of groups) to.uint(group.samples.length);
  for (const group of groups) {
    for (const sample of group.samples) to.uint(samples.id(sample));
  }
  for (const { top } of groups) writeTop(to, texts, top);
  for (const { part } of groups) writePart(to, part);
}

export function readGroups(from: ByteReader, count: number, by: Reading): GroupDigest[] {
  const { texts, samples, latest } = by;
  const column = () => times(count, () => from.uint());
  const slots = times(count, () => from.near(latest));
  const values = readValues(from, column(), texts);
  const records = column();
  const bytes = column();
  const packets = column();
  const sums = column();
  const offsets = column();
  const lengths = column();
  const lines = column().map((taken) => times(taken, () => sampleAt(samples, from.uint())));
  const tops = times(count, () => readTop(from, texts));
  const parts = times(count, () => readPart(from));
  return slots.map((slot, i): GroupDigest => {
    const first = slot + (offsets[i] as number);
    return {
      slot,
      values: values[i] as GroupDigest['values'],
      records: records[i] as number,
      bytes: bytes[i] as number,
      packets: packets[i] as number,
      sum: sums[i] as number,
      first,
      last: first + (lengths[i] as number),
      samples: lines[i] as Sample[],
      top: tops[i] as GroupDigest['top'],
      part: parts[i] as GroupDigest['part'],
    };
  });
}

function readValues(
  from: ByteReader,
  widths: readonly number[],
  texts: TextReader,
): GroupDigest['values'][] {
  const rows = widths.map((left) => ({ values: [] as Cell[], left }));
  let open = rows.filter(({ left }) => left > 0);
  while (open.length > 0) {
    for (const row of open) {
      row.values.push(readCell(from, texts));
      row.left--;
    }
    open = open.filter(({ left }) => left > 0);
  }
  return rows.map(({ values }) => values);
}

function sampleAt(samples: readonly Sample[], id: number): Sample {
  const sample = samples[id];
  if (sample === undefined) throw new RangeError('a sample is missing');
  return sample;
}

function writeTop(to: ByteWriter, texts: TextTable, top: GroupDigest['top']): void {
  const fields = Object.entries(top);
  to.uint(fields.length);
  for (const [field, values] of fields) {
    to.uint(texts.ref(field));
    to.uint(values.length);
    for (const [value] of values) writeCell(to, texts, value);
    for (const [, count] of values) to.uint(count);
  }
}

function readTop(from: ByteReader, texts: TextReader): GroupDigest['top'] {
  const fields = list(from, () => {
    const field = texts.at(from.uint());
    const values = list(from, () => readCell(from, texts) ?? '');
    return [field, values.map((value) => [value, from.uint()] as const)] as const;
  });
  return Object.fromEntries(fields);
}
