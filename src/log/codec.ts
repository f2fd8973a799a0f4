/**
 * Digests as bytes. DynamoDB bills a write by started kilobytes, so they are compact: numbers are
 * varints, times are relative, a text stands once in a table, IPv4 takes five bytes, and what
 * compresses is deflated. Version and encoding stand in the first byte.
 */
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import type { Source } from '../ports/source.ts';
import { formatIpv4, parseIpv4Bytes } from '../records/address.ts';
import type { BatchDigest, Digest, GroupDigest, Heartbeat, RuleDigest } from './digest.ts';
import { ByteReader, ByteWriter } from './varint.ts';

/** Version of the layout below; a reader refuses one it does not know. */
export const CODEC_VERSION = 1;

const PLAIN = 0;
const DEFLATED = 1;
/** Below this deflate only adds its own overhead. */
const WORTH_DEFLATING = 200;
/** No digest unpacks to more: parts are split long before. */
const MAX_UNPACKED = 64 * 1024 * 1024;

const BATCH = 1;
const HEARTBEAT = 2;
const TICK = 3;

const NULL_VALUE = 0;
const NUMBER_VALUE = 1;
const TEXT_VALUE = 2;

const SOURCE_KINDS = ['logGroup', 'bucket', 'file'] as const;

/** Bytes that are no digest: to be parked, never to stop the reducer. */
export class DigestFormatError extends Error {
  override readonly name = 'DigestFormatError';
}

/** A digest of a later version: waits in the log until the reducer has been updated. */
export class NewerDigestError extends Error {
  override readonly name = 'NewerDigestError';

  constructor(what: string, version: number) {
    super(
      `${what} has format ${version}, and this version of flowlog-alerts reads up to ${CODEC_VERSION}: deploy the newer version again`,
    );
  }
}

export function encodeDigest(digest: Digest): Uint8Array {
  const body = new ByteWriter();
  const texts = new TextTable();
  switch (digest.kind) {
    case 'batch':
      body.byte(BATCH);
      writeBatch(body, texts, digest);
      break;
    case 'heartbeat':
      body.byte(HEARTBEAT);
      writeHeartbeat(body, texts, digest);
      break;
    case 'tick':
      body.byte(TICK);
  }
  const whole = new ByteWriter();
  texts.write(whole);
  const plain = Buffer.concat([whole.finish(), body.finish()]);
  const packed = plain.length > WORTH_DEFLATING ? deflateRawSync(plain) : plain;
  const smaller = packed.length < plain.length;
  return Buffer.concat([
    Buffer.from([(CODEC_VERSION << 4) | (smaller ? DEFLATED : PLAIN)]),
    smaller ? packed : plain,
  ]);
}

/**
 * @throws NewerDigestError on a version above CODEC_VERSION
 * @throws DigestFormatError on bytes that it cannot read
 */
export function decodeDigest(data: Uint8Array): Digest {
  const version = (data[0] ?? 0) >> 4;
  if (version > CODEC_VERSION) {
    throw new NewerDigestError('A digest', version);
  }
  try {
    if (version !== CODEC_VERSION) throw new RangeError('its format is not known');
    const rest = data.subarray(1);
    const body = unpacked(data[0] & 15, rest);
    const from = new ByteReader(body);
    const digest = readDigest(from, readTexts(from));
    if (!from.ended) throw new RangeError('bytes follow its end');
    return digest;
  } catch (cause) {
    throw new DigestFormatError(`the digest cannot be read: ${(cause as Error).message}`, {
      cause,
    });
  }
}

function unpacked(encoding: number, rest: Uint8Array): Uint8Array {
  if (encoding === PLAIN) return rest;
  if (encoding !== DEFLATED) throw new RangeError('its encoding is not known');
  return inflateRawSync(rest, { maxOutputLength: MAX_UNPACKED });
}

function readDigest(from: ByteReader, texts: readonly string[]): Digest {
  switch (from.byte()) {
    case BATCH:
      return readBatch(from, texts);
    case HEARTBEAT:
      return readHeartbeat(from, texts);
    case TICK:
      return { kind: 'tick' };
    default:
      throw new RangeError('its kind is not known');
  }
}

/** Each text once; entries that are IPv4 addresses take four bytes. */
class TextTable {
  readonly #ids = new Map<string, number>();
  readonly #texts: string[] = [];

  id(text: string): number {
    let id = this.#ids.get(text);
    if (id === undefined) {
      id = this.#texts.push(text) - 1;
      this.#ids.set(text, id);
    }
    return id;
  }

  write(to: ByteWriter): void {
    to.uint(this.#texts.length);
    for (const text of this.#texts) {
      const bytes = Buffer.from(text);
      const v4 = parseIpv4Bytes(bytes, 0, bytes.length);
      if (v4 >= 0) {
        to.byte(1);
        for (let shift = 24; shift >= 0; shift -= 8) to.byte((v4 >>> shift) & 255);
      } else {
        to.byte(0);
        to.text(text);
      }
    }
  }
}

function readTexts(from: ByteReader): string[] {
  return list(from, () => {
    if (from.byte() === 0) return from.text();
    let v4 = 0;
    for (let i = 0; i < 4; i++) v4 = v4 * 256 + from.byte();
    return formatIpv4(v4);
  });
}

function textAt(from: ByteReader, texts: readonly string[]): string {
  const text = texts[from.uint()];
  if (text === undefined) throw new RangeError('a text is missing');
  return text;
}

function list<T>(from: ByteReader, read: () => T): T[] {
  const out: T[] = [];
  for (let count = from.uint(); count > 0; count--) out.push(read());
  return out;
}

function writeSource(to: ByteWriter, texts: TextTable, source: Source): void {
  to.byte(SOURCE_KINDS.indexOf(source.kind));
  to.uint(texts.id(source.name));
  to.uint(texts.id(source.account ?? ''));
  to.uint(texts.id(source.region ?? ''));
}

function readSource(from: ByteReader, texts: readonly string[]): Source {
  const kind = SOURCE_KINDS[from.byte()];
  if (kind === undefined) throw new RangeError('its kind of source is not known');
  const name = textAt(from, texts);
  const account = textAt(from, texts);
  const region = textAt(from, texts);
  return { kind, name, ...(account ? { account } : {}), ...(region ? { region } : {}) };
}

function writeBatch(to: ByteWriter, texts: TextTable, digest: BatchDigest): void {
  writeSource(to, texts, digest.source);
  to.uint(digest.latest);
  to.uint(digest.rules.length);
  for (const rule of digest.rules) {
    to.uint(texts.id(rule.rule));
    to.uint(texts.id(rule.memory));
    to.uint(rule.records);
    to.uint(rule.sum);
    to.uint(rule.dropped);
    to.uint(rule.groups.length);
    for (const group of rule.groups) writeGroup(to, texts, group);
  }
}

function readBatch(from: ByteReader, texts: readonly string[]): BatchDigest {
  const source = readSource(from, texts);
  const latest = from.uint();
  const rules = list(from, (): RuleDigest => {
    const rule = textAt(from, texts);
    const memory = textAt(from, texts);
    const records = from.uint();
    const sum = from.uint();
    const dropped = from.uint();
    return {
      rule,
      memory,
      records,
      sum,
      dropped,
      groups: list(from, () => readGroup(from, texts)),
    };
  });
  return { kind: 'batch', source, latest, rules };
}

function writeGroup(to: ByteWriter, texts: TextTable, group: GroupDigest): void {
  to.uint(group.slot);
  to.uint(group.values.length);
  for (const value of group.values) writeValue(to, texts, value);
  to.uint(group.records);
  to.uint(group.bytes);
  to.uint(group.packets);
  to.uint(group.sum);
  to.uint(Math.max(0, group.first - group.slot));
  to.uint(Math.max(0, group.last - group.first));
  to.uint(group.samples.length);
  for (const sample of group.samples) {
    to.uint(texts.id(sample.format));
    to.text(sample.line);
  }
  const fields = Object.entries(group.top);
  to.uint(fields.length);
  for (const [field, values] of fields) {
    to.uint(texts.id(field));
    to.uint(values.length);
    for (const [value, count] of values) {
      writeValue(to, texts, value);
      to.uint(count);
    }
  }
}

function readGroup(from: ByteReader, texts: readonly string[]): GroupDigest {
  const slot = from.uint();
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
  return { slot, values, records, bytes, packets, sum, first, last, samples, top };
}

function writeValue(to: ByteWriter, texts: TextTable, value: string | number | null): void {
  if (value === null) to.byte(NULL_VALUE);
  else if (typeof value === 'number') {
    to.byte(NUMBER_VALUE);
    to.uint(value);
  } else {
    to.byte(TEXT_VALUE);
    to.uint(texts.id(value));
  }
}

function readValue(from: ByteReader, texts: readonly string[]): string | number | null {
  const tag = from.byte();
  if (tag === NULL_VALUE) return null;
  if (tag === NUMBER_VALUE) return from.uint();
  if (tag !== TEXT_VALUE) throw new RangeError('a kind of value is not known');
  return textAt(from, texts);
}

function writeHeartbeat(to: ByteWriter, texts: TextTable, heartbeat: Heartbeat): void {
  to.uint(heartbeat.sources.length);
  for (const totals of heartbeat.sources) {
    writeSource(to, texts, totals.source);
    to.uint(totals.latest);
    to.uint(totals.batches);
    to.uint(totals.records);
    to.uint(totals.malformed);
    to.uint(totals.noData);
    to.uint(totals.skipData);
    to.uint(totals.bytes);
  }
}

function readHeartbeat(from: ByteReader, texts: readonly string[]): Heartbeat {
  const sources = list(from, () => ({
    source: readSource(from, texts),
    latest: from.uint(),
    batches: from.uint(),
    records: from.uint(),
    malformed: from.uint(),
    noData: from.uint(),
    skipData: from.uint(),
    bytes: from.uint(),
  }));
  return { kind: 'heartbeat', sources };
}
