/**
 * Reads digests of format version 1, which an earlier release wrote and which wait in the log for up
 * to fifteen days. They have no parts, answers, minutes and least times.
 */

import type { Source } from '../ports/source.ts';
import type { BatchDigest, Digest, GroupDigest, Heartbeat, RuleDigest } from './digest.ts';
import { list, readIpv4 } from './text-table.ts';
import type { ByteReader } from './varint.ts';

const SOURCE_KINDS = ['logGroup', 'bucket', 'file'] as const;

export function readVersion1(from: ByteReader): Digest {
  const texts = list(from, () => (from.byte() === 0 ? from.text() : readIpv4(from)));
  const kind = from.byte();
  if (kind === 1) return readBatch(from, texts);
  if (kind === 2) return readHeartbeat(from, texts);
  if (kind !== 3) throw new RangeError('its kind is not known');
  return { kind: 'tick' };
}

type Texts = readonly string[];

function textAt(from: ByteReader, texts: Texts): string {
  const text = texts[from.uint()];
  if (text === undefined) throw new RangeError('a text is missing');
  return text;
}

function readSource(from: ByteReader, texts: Texts): Source {
  const kind = SOURCE_KINDS[from.byte()];
  if (kind === undefined) throw new RangeError('its kind of source is not known');
  const name = textAt(from, texts);
  const account = textAt(from, texts);
  const region = textAt(from, texts);
  return { kind, name, ...(account ? { account } : {}), ...(region ? { region } : {}) };
}

function readBatch(from: ByteReader, texts: Texts): BatchDigest {
  const source = readSource(from, texts);
  const latest = from.time();
  const rules = list(
    from,
    (): RuleDigest => ({
      rule: textAt(from, texts),
      memory: textAt(from, texts),
      records: from.uint(),
      sum: from.uint(),
      dropped: from.uint(),
      groups: list(from, () => readGroup(from, texts)),
      answers: [],
    }),
  );
  return { kind: 'batch', source, latest, earliest: 0, longest: 0, skipped: [], rules };
}

function readGroup(from: ByteReader, texts: Texts): GroupDigest {
  const slot = from.time();
  const values = list(from, () => readValue(from, texts));
  const records = from.uint();
  const bytes = from.uint();
  const packets = from.uint();
  const sum = from.uint();
  const first = slot + from.uint();
  const last = first + from.uint();
  const samples = list(from, () => ({ format: textAt(from, texts), line: from.text() }));
  const top = Object.fromEntries(
    list(from, () => [
      textAt(from, texts),
      list(from, () => [readValue(from, texts) ?? '', from.uint()] as const),
    ]),
  );
  return { slot, values, records, bytes, packets, sum, first, last, samples, top, part: [] };
}

function readValue(from: ByteReader, texts: Texts): string | number | null {
  const tag = from.byte();
  if (tag === 0) return null;
  if (tag === 1) return from.uint();
  if (tag !== 2) throw new RangeError('a kind of value is not known');
  return textAt(from, texts);
}

function readHeartbeat(from: ByteReader, texts: Texts): Heartbeat {
  const sources = list(from, () => ({
    source: readSource(from, texts),
    latest: from.time(),
    batches: from.uint(),
    records: from.uint(),
    malformed: from.uint(),
    noData: from.uint(),
    skipData: from.uint(),
    bytes: from.uint(),
    earliest: 0,
    longest: 0,
    minutes: [],
  }));
  return { kind: 'heartbeat', rules: '', sources };
}
