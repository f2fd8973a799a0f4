import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { isAggregated } from '../../../src/map/1-decode/aggregated.ts';
import { UnreadableBatchError } from '../../../src/map/1-decode/gunzip.ts';
import { decodeStreamed } from '../../../src/map/1-decode/stream.ts';
import { decodeSubscription } from '../../../src/map/1-decode/subscription.ts';
import { line } from '../inputs.ts';
import { eventsOf, linesIn, payloadOf } from './payloads.ts';

const ONE = payloadOf(eventsOf([line(), line({ dstport: 22 })]), { logStream: 'eni-1-all' });
const TWO = payloadOf(eventsOf([line({ dstport: 23 })]), { logStream: 'eni-2-all' });
const CONTROL = Buffer.from(
  '{"messageType":"CONTROL_MESSAGE","owner":"CloudwatchLogs","logEvents":[]}',
);

function read(data: Uint8Array) {
  return [...decodeStreamed(data)].map((one) => ({
    from: one.kind === 'data' ? one.logGroup : undefined,
    identity: one.identity,
    lines: linesIn(one.lines),
    faults: one.lines.faults,
  }));
}

const direct = (payload: Buffer) => {
  const one = decodeSubscription(gzipSync(payload));
  if (one.kind !== 'data') throw new Error('no data');
  return { from: one.logGroup, identity: one.identity, lines: linesIn(one.lines), faults: {} };
};

/** A record as the Kinesis Producer Library writes it. */
function aggregated(records: readonly Uint8Array[]): Buffer {
  const varint = (value: number): number[] =>
    value < 128 ? [value] : [(value & 127) | 128, ...varint(value >>> 7)];
  const field = (number: number, bytes: Uint8Array) =>
    Buffer.concat([Buffer.from([(number << 3) | 2, ...varint(bytes.length)]), bytes]);
  const message = Buffer.concat([
    field(1, Buffer.from('partition-key')),
    ...records.map((data) => field(3, Buffer.concat([Buffer.from([8, 0]), field(3, data)]))),
  ]);
  const sum = createHash('md5').update(message).digest();
  return Buffer.concat([Buffer.from('f3899ac2', 'hex'), message, sum]);
}

function reasonOf(data: Uint8Array): string {
  try {
    [...decodeStreamed(data)];
  } catch (error) {
    if (error instanceof UnreadableBatchError) return error.reason;
    throw error;
  }
  return 'none';
}

describe('a record of a stream', () => {
  test('is what a subscription sends, and has the name that it has there', () => {
    expect(read(gzipSync(ONE))).toEqual([direct(ONE)]);
  });

  test('is left alone where it only asks whether the stream can be reached', () => {
    expect(read(gzipSync(CONTROL))).toEqual([]);
  });

  test.each([
    ['one after another, as Firehose joins them', Buffer.concat([ONE, TWO])],
    ['with a line break between', Buffer.concat([ONE, Buffer.from('\n'), TWO, Buffer.from('\n')])],
    ['with a control message between', Buffer.concat([ONE, CONTROL, TWO])],
  ])('may hold several payloads, %s', (_, bytes) => {
    for (const data of [bytes, gzipSync(bytes, { level: 6 })]) {
      expect(read(data)).toEqual([direct(ONE), direct(TWO)]);
    }
  });

  test('may be several gzip files in a row', () => {
    expect(read(Buffer.concat([gzipSync(ONE), gzipSync(TWO)]))).toEqual([direct(ONE), direct(TWO)]);
  });

  test('keeps the braces and quotes that a message holds', () => {
    const odd = payloadOf(eventsOf(['}{ "a" \\', '{"messageType":"x"}\n']));
    expect(read(Buffer.concat([odd, TWO])).map(({ lines }) => lines)).toEqual([
      ['}{ "a" \\', '{"messageType":"x"}\n'],
      [line({ dstport: 23 })],
    ]);
  });

  test('holds lines without a log group where flow logs go to Firehose by themselves', () => {
    const bytes = Buffer.from(
      [line(), line({ dstport: 22 })].map((message) => `${JSON.stringify({ message })}\n`).join(''),
    );
    const [one, ...rest] = read(bytes);
    expect([one?.from, one?.lines, rest]).toEqual([undefined, [line(), line({ dstport: 22 })], []]);
    expect(read(gzipSync(bytes))).toEqual([one]);
    expect(read(Buffer.from(JSON.stringify({ message: line() })))[0]?.identity).not.toBe(
      one?.identity,
    );
  });

  test('is read up to its cut, which is counted', () => {
    const lines = Buffer.from(`${JSON.stringify({ message: line() })}\n{"message":"2 1234`);
    expect(read(lines)).toMatchObject([{ lines: [line()], faults: { 'not-json': 1 } }]);
    const payload = gzipSync(payloadOf(eventsOf(Array.from({ length: 500 }, () => line()))));
    const [cut] = read(payload.subarray(0, payload.length - 200));
    expect(cut?.faults).toEqual({ truncated: 1 });
  });

  test('hands out what is good before it says what is not', () => {
    const records = decodeStreamed(Buffer.concat([ONE, Buffer.from('{"messageType":"?"}')]));
    expect(records.next().value).toMatchObject({ kind: 'data' });
    expect(() => records.next()).toThrow(UnreadableBatchError);
  });

  test.each([
    ['nothing', '', 'not-a-payload'],
    ['text', 'hello', 'not-a-payload'],
    ['another object', '{"level":"info"}', 'not-a-payload'],
    ['another object whose message is none', '{"message":7}', 'not-a-payload'],
    ['half a payload', ONE.subarray(0, 100).toString(), 'not-json'],
  ])('that is %s is refused', (_, text, reason) => {
    expect(reasonOf(Buffer.from(text))).toBe(reason);
  });

  test('that is broken gzip is refused', () => {
    expect(reasonOf(Buffer.from([0x1f, 0x8b, 1, 2, 3]))).toBe('bad-gzip');
  });
});

describe('a record of the Kinesis Producer Library', () => {
  test('is taken apart', () => {
    const data = aggregated([gzipSync(ONE), gzipSync(CONTROL), gzipSync(TWO)]);
    expect(isAggregated(data)).toBe(true);
    expect(read(data)).toEqual([direct(ONE), direct(TWO)]);
  });

  test('is refused where its checksum is wrong, and never read as something else', () => {
    const data = aggregated([gzipSync(ONE)]);
    data[10] ^= 1;
    expect(reasonOf(data)).toBe('bad-aggregate');
  });

  test('whatever protobuf is in it ends in records or a refusal', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 60 }), (message) => {
        const sum = createHash('md5').update(message).digest();
        const data = Buffer.concat([Buffer.from('f3899ac2', 'hex'), message, sum]);
        expect(['none', 'bad-aggregate', 'bad-gzip', 'not-a-payload', 'not-json']).toContain(
          reasonOf(data),
        );
      }),
    );
  });
});
