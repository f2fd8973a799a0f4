/**
 * Digests as bytes. DynamoDB bills a write by started kilobytes, so they are compact: numbers are
 * varints, times are relative, a text stands once in a table, what is alike stands in columns, and
 * all is deflated with a dictionary. Version and encoding stand in the first byte.
 */
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { readBatch, writeBatch } from './batch-codec.ts';
import { DICTIONARY } from './dictionary.ts';
import type { Digest } from './digest.ts';
import { readHeartbeat, writeHeartbeat } from './heartbeat-codec.ts';
import { readPack, writePack } from './pack-codec.ts';
import { TextReader, TextTable } from './text-table.ts';
import { ByteReader, ByteWriter } from './varint.ts';
import { readVersion1 } from './version-1.ts';

/**
 * Version of the layout that is written. Version 2, which has no packs, is read as well, and so is
 * version 1, its parts, answers and minutes empty; a reader refuses one that it does not know.
 */
export const CODEC_VERSION = 3;

const PLAIN = 0;
const DEFLATED = 1;
/** Below this deflate only adds its own overhead. */
const WORTH_DEFLATING = 100;
/** No digest unpacks to more: parts are split long before. */
const MAX_UNPACKED = 64 * 1024 * 1024;

const BATCH = 1;
const HEARTBEAT = 2;
const TICK = 3;
const PACK = 4;

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
    case 'pack':
      body.byte(PACK);
      writePack(body, texts, digest);
      break;
    case 'tick':
      body.byte(TICK);
  }
  const whole = new ByteWriter();
  texts.write(whole);
  const plain = Buffer.concat([whole.finish(), body.finish()]);
  const packed =
    plain.length > WORTH_DEFLATING ? deflateRawSync(plain, { dictionary: DICTIONARY }) : plain;
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
    if (version === 0) throw new RangeError('its format is not known');
    const rest = data.subarray(1);
    const body = unpacked(version, data[0] & 15, rest);
    const from = new ByteReader(body);
    const digest = version === 1 ? readVersion1(from) : readDigest(from);
    if (!from.ended) throw new RangeError('bytes follow its end');
    return digest;
  } catch (cause) {
    throw new DigestFormatError(`the digest cannot be read: ${(cause as Error).message}`, {
      cause,
    });
  }
}

function unpacked(version: number, encoding: number, rest: Uint8Array): Uint8Array {
  if (encoding === PLAIN) return rest;
  if (encoding !== DEFLATED) throw new RangeError('its encoding is not known');
  const dictionary = version === 1 ? {} : { dictionary: DICTIONARY };
  return inflateRawSync(rest, { maxOutputLength: MAX_UNPACKED, ...dictionary });
}

function readDigest(from: ByteReader): Digest {
  const texts = new TextReader(from);
  switch (from.byte()) {
    case BATCH:
      return readBatch(from, texts);
    case HEARTBEAT:
      return readHeartbeat(from, texts);
    case PACK:
      return readPack(from, texts);
    case TICK:
      return { kind: 'tick' };
    default:
      throw new RangeError('its kind is not known');
  }
}
