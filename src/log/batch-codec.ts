/**
 * A batch's digest as bytes. Times stand relative to `latest`, so that they take a byte or two; what
 * is alike stands side by side.
 */
import type { BatchDigest, RuleDigest } from './digest.ts';
import { readGroups, writeGroups } from './group-codec.ts';
import { readHash, writeHash } from './part-codec.ts';
import { readSamples, SampleTable } from './sample-codec.ts';
import { readSource, writeSource } from './source-codec.ts';
import { list, type TextReader, type TextTable, times } from './text-table.ts';
import type { ByteReader, ByteWriter } from './varint.ts';

export function writeBatch(to: ByteWriter, texts: TextTable, digest: BatchDigest): void {
  const { latest, rules } = digest;
  writeSource(to, texts, digest.source);
  to.uint(latest);
  to.near(latest, digest.earliest);
  to.uint(digest.longest);
  to.uint(digest.skipped.length);
  for (const minute of digest.skipped) to.near(latest, minute);
  const samples = new SampleTable();
  for (const { groups } of rules) {
    for (const group of groups) for (const sample of group.samples) samples.add(sample);
  }
  samples.write(to, texts, latest);
  to.uint(rules.length);
  for (const { rule } of rules) to.uint(texts.ref(rule));
  for (const { memory } of rules) to.uint(texts.ref(memory));
  for (const { records } of rules) to.uint(records);
  for (const { sum } of rules) to.uint(sum);
  for (const { dropped } of rules) to.uint(dropped);
  for (const { groups } of rules) to.uint(groups.length);
  for (const { groups } of rules) writeGroups(to, groups, { texts, samples, latest });
  for (const { answers } of rules) writeAnswers(to, answers, latest);
}

export function readBatch(from: ByteReader, texts: TextReader): BatchDigest {
  const source = readSource(from, texts);
  const latest = from.time();
  const earliest = from.near(latest);
  const longest = from.uint();
  const skipped = list(from, () => from.near(latest));
  const samples = readSamples(from, texts, latest);
  const ids = list(from, () => texts.at(from.uint()));
  const column = () => times(ids.length, () => from.uint());
  const memories = column().map((ref) => texts.at(ref));
  const records = column();
  const sums = column();
  const dropped = column();
  const groups = column().map((count) => readGroups(from, count, { texts, samples, latest }));
  const answers = times(ids.length, () => readAnswers(from, latest));
  const rules = ids.map(
    (rule, i): RuleDigest => ({
      rule,
      memory: memories[i] as string,
      records: records[i] as number,
      sum: sums[i] as number,
      dropped: dropped[i] as number,
      groups: groups[i] as RuleDigest['groups'],
      answers: answers[i] as RuleDigest['answers'],
    }),
  );
  return { kind: 'batch', source, latest, earliest, longest, skipped, rules };
}

function writeAnswers(to: ByteWriter, answers: RuleDigest['answers'], latest: number): void {
  to.uint(answers.length);
  for (const [tuple] of answers) writeHash(to, tuple);
  for (const [, start] of answers) to.near(latest, start);
}

function readAnswers(from: ByteReader, latest: number): RuleDigest['answers'] {
  const tuples = list(from, () => readHash(from));
  return tuples.map((tuple) => [tuple, from.near(latest)] as const);
}
