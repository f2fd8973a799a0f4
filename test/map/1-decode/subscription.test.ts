import { gzipSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import { scanPayload } from '../../../src/map/1-decode/event-scanner.ts';
import { UnreadableBatchError } from '../../../src/map/1-decode/gunzip.ts';
import { decodeSubscription, payloadOfEvent } from '../../../src/map/1-decode/subscription.ts';
import { MAX_LINE } from '../../../src/map/1-decode/text.ts';
import { line } from '../inputs.ts';
import { dataOf, eventsOf, linesIn, packed, payloadOf, readingOf } from './payloads.ts';

function reasonOf(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    if (error instanceof UnreadableBatchError) return error.reason;
    throw error;
  }
  return 'readable';
}

const MESSAGES = [line({ dstport: 22 }), line({ dstport: 80 }), line({ dstport: 443 })];
const PAYLOAD = payloadOf(eventsOf(MESSAGES));

describe('a subscription payload', () => {
  test('gives its lines, their times and where they came from', () => {
    expect(readingOf(decodeSubscription(packed(PAYLOAD)))).toEqual({
      owner: '123456789012',
      logGroup: '/vpc/flow',
      logStream: 'eni-1-all',
      identity: expect.stringMatching(/^[0-9a-f]{32}$/),
      lines: MESSAGES,
      times: [1_700_000_000, 1_700_000_000.001, 1_700_000_000.002],
      faults: {},
    });
  });

  test('a control message carries nothing', () => {
    const head = { messageType: 'CONTROL_MESSAGE', logGroup: '', logStream: '' };
    const events = [{ id: '', timestamp: 1, message: 'CWL CONTROL MESSAGE: Checking health' }];
    expect(decodeSubscription(packed(payloadOf(events, head)))).toEqual({ kind: 'control' });
    const spaced = Buffer.from(JSON.stringify({ ...head, logEvents: events }, null, 2));
    expect(decodeSubscription(packed(spaced))).toEqual({ kind: 'control' });
  });

  test('no events are no lines', () => {
    const read = dataOf(payloadOf([]));
    expect([read.lines.count, read.lines.faults]).toEqual([0, {}]);
  });

  test('several gzip members are one payload', () => {
    const both = Buffer.concat([gzipSync(PAYLOAD.subarray(0, 99)), gzipSync(PAYLOAD.subarray(99))]);
    expect(readingOf(decodeSubscription(both))).toEqual(
      readingOf(decodeSubscription(packed(PAYLOAD))),
    );
  });

  test('an event without a message is counted, its neighbours stay', () => {
    const [first, second, third] = eventsOf(MESSAGES);
    for (const odd of [null, 7, 'text', { id: '1' }, { ...second, message: 5 }]) {
      const read = dataOf(payloadOf([first, odd, third]));
      expect(linesIn(read.lines)).toEqual([MESSAGES[0], MESSAGES[2]]);
      expect(read.lines.faults).toEqual({ 'no-message': 1 });
    }
  });

  test.each([
    ['plain', ''],
    ['escaped', '\n'],
  ])('a line of 10 MB is counted, its neighbours stay, in a %s payload', (_, odd) => {
    const [first, third] = [MESSAGES[0] + odd, MESSAGES[2] + odd];
    const read = dataOf(payloadOf(eventsOf([first, 'x'.repeat(10_000_000), third])));
    expect(linesIn(read.lines)).toEqual([first, third]);
    expect(read.lines.faults).toEqual({ 'line-too-long': 1 });
    const fits = dataOf(payloadOf(eventsOf([first, 'x'.repeat(MAX_LINE), third])));
    expect([fits.lines.count, fits.lines.faults]).toEqual([3, {}]);
  });

  test('bytes that are no UTF-8 stay as they are, escapes beside them included', () => {
    const tag = 'b\u00e4r-\u4e20-\u{1f43b}';
    const escaped = JSON.stringify(tag).replace(
      /[^ -~]/g,
      (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`,
    );
    const text = payloadOf(eventsOf(['first', 'broken', 'named', 'raw'])).toString();
    const bytes = Buffer.from(
      text
        .replace('"named"', escaped)
        .replace('"raw"', JSON.stringify(tag))
        .replace('broken', '\ufffd'),
    );
    const at = bytes.indexOf('\ufffd');
    const broken = Buffer.concat([bytes.subarray(0, at), Buffer.of(0xff), bytes.subarray(at + 3)]);
    const utf8 = Buffer.from(tag).toString('latin1');
    expect(linesIn(dataOf(broken).lines)).toEqual(['first', '\xff', utf8, utf8]);
  });
});

describe('a payload that cannot be read', () => {
  test.each([
    ['bytes that are no gzip', Buffer.from('not gzip'), 'bad-gzip'],
    ['nothing', Buffer.alloc(0), 'bad-gzip'],
    ['a gzip header alone', packed(PAYLOAD).subarray(0, 10), 'bad-gzip'],
    ['a flipped bit', flipped(packed(PAYLOAD), 40), 'bad-gzip'],
    ['text that is no JSON', packed(Buffer.from('2 123 eni-1 ACCEPT OK')), 'not-json'],
    ['empty text', packed(Buffer.from('')), 'not-json'],
    ['JSON null', packed(Buffer.from('null')), 'not-a-payload'],
    ['a JSON list', packed(Buffer.from('[]')), 'not-a-payload'],
    ['a JSON number', packed(Buffer.from('7')), 'not-a-payload'],
    ['JSON of another shape', packed(Buffer.from('{"Records":[]}')), 'not-a-payload'],
    ['another messageType', packed(payloadOf([], { messageType: 'X' })), 'not-a-payload'],
    ['a missing logGroup', packed(payloadOf([], { logGroup: undefined })), 'not-a-payload'],
    [
      'events that are no list',
      packed(Buffer.from('{"messageType":"DATA_MESSAGE","logGroup":"g","logEvents":"x"}')),
      'not-a-payload',
    ],
    [
      'no events at all',
      packed(Buffer.from('{"messageType":"DATA_MESSAGE","logGroup":"g"}')),
      'not-a-payload',
    ],
    ['its near-miss', packed(payloadOf([])), 'readable'],
  ])('%s', (_, bytes, reason) => {
    expect(reasonOf(() => decodeSubscription(bytes))).toBe(reason);
  });

  test('a decompression bomb is refused before it unpacks beyond 256 MiB', () => {
    const chunk = gzipSync(Buffer.alloc(64 * 1024 * 1024));
    const members = (count: number): Buffer => Buffer.concat(Array(count).fill(chunk));
    expect(reasonOf(() => decodeSubscription(members(5)))).toBe('too-large');
    expect(reasonOf(() => decodeSubscription(members(1)))).toBe('not-json');
  });

  test.each([
    ['no awslogs', {}, 'not-a-payload'],
    ['no data', { awslogs: {} }, 'not-a-payload'],
    ['data that is no text', { awslogs: { data: 5 } }, 'not-a-payload'],
    ['null', null, 'not-a-payload'],
    ['no base64', { awslogs: { data: '!!!' } }, 'bad-base64'],
    ['a foreign character', { awslogs: { data: 'AAAA*AAA' } }, 'bad-base64'],
    ['a lone character', { awslogs: { data: 'A' } }, 'bad-base64'],
    ['no text', { awslogs: { data: '' } }, 'bad-base64'],
    ['base64', { awslogs: { data: 'AAAAAAA=' } }, 'readable'],
    ['base64 without padding', { awslogs: { data: 'AAAAAAA' } }, 'readable'],
    ['base64 over two lines', { awslogs: { data: 'AAAA\r\nAAA=\n' } }, 'readable'],
  ])('an event with %s', (_, event, reason) => {
    expect(reasonOf(() => payloadOfEvent(event))).toBe(reason);
  });
});

describe('a payload that breaks off', () => {
  const plain = packed(PAYLOAD);
  // Escapes send it the slow way; braces and quotes in a message must not mislead it.
  const oddMessages = [`${MESSAGES[0]}\n`, '}"]}\\"}}}},{"id', `${MESSAGES[1]}\u4e20`, '{"}'];
  const oddPayload = Buffer.from(
    payloadOf(eventsOf(oddMessages)).toString().replace('\u4e20', '\\u4e20'),
  );

  test.each([
    ['plain', plain, MESSAGES],
    ['escaped', packed(oddPayload), oddMessages],
  ])('at any byte, %s: whole records stay and it is counted, or it says why not', (_, gz, all) => {
    const expected = all.map((text) => Buffer.from(text).toString('latin1'));
    let most = 0;
    for (let size = 0; size < gz.length; size++) {
      let read: ReturnType<typeof decodeSubscription>;
      try {
        read = decodeSubscription(gz.subarray(0, size));
      } catch (error) {
        expect(error).toBeInstanceOf(UnreadableBatchError);
        expect(['bad-gzip', 'truncated']).toContain((error as UnreadableBatchError).reason);
        expect(most).toBe(0);
        continue;
      }
      if (read.kind !== 'data') throw new Error('no data');
      const lines = linesIn(read.lines);
      expect(lines).toEqual(expected.slice(0, lines.length));
      expect(lines.length).toBeGreaterThanOrEqual(most);
      expect(read.lines.faults).toEqual({ truncated: 1 });
      most = lines.length;
    }
    expect(most).toBe(all.length);
    expect(dataOf(oddPayload).lines.faults).toEqual({});
  });

  test('at any byte of its JSON: every event before the cut stays', () => {
    const text = oddPayload.toString('latin1');
    const ends = eventsOf(oddMessages).map(
      (_, i) => text.indexOf(`},{"id":"${String(i + 1).padStart(56, '3')}`) + 1,
    );
    ends[ends.length - 1] = text.lastIndexOf('}]') + 1;
    for (let size = ends[0]; size <= oddPayload.length; size++) {
      const whole = ends.filter((end) => end <= size).length;
      const read = dataOf(oddPayload.subarray(0, size), true);
      expect(read.lines.count).toBe(whole);
    }
    const cut = oddPayload.subarray(0, ends[0] - 1);
    expect(reasonOf(() => dataOf(cut, true))).toBe('truncated');
    const head = Buffer.from('{"messageType":"DATA_MESSAGE","logGroup":"g","x":{"y":{"z":1},"w');
    expect(reasonOf(() => dataOf(head, true))).toBe('truncated');
  });
});

describe('the name of a batch', () => {
  const identity = (events: readonly unknown[], head: object = {}): string =>
    dataOf(payloadOf(events, head)).identity;
  const events = eventsOf(MESSAGES);
  const name = identity(events);

  test('is the same for a redelivery, in other gzip, key order or spelling', () => {
    expect(identity(structuredClone(events))).toBe(name);
    const reordered = events.map(({ id, timestamp, message }) => ({ message, timestamp, id }));
    expect(identity(reordered)).toBe(name);
    expect(
      dataOf(Buffer.from(JSON.stringify(JSON.parse(PAYLOAD.toString()), null, 1))).identity,
    ).toBe(name);
    expect(identity(events, { subscriptionFilters: ['another'] })).toBe(name);
  });

  test.each([
    ['another id', [{ ...events[0], id: '9' }, events[1], events[2]], {}],
    ['an event fewer', events.slice(1), {}],
    ['an event more', [...events, { ...events[0], id: '9' }], {}],
    ['another order', [events[1], events[0], events[2]], {}],
    [
      'ids cut elsewhere',
      [
        { ...events[0], id: '33' },
        { ...events[1], id: '3' },
      ],
      {},
    ],
    ['another group', events, { logGroup: '/vpc/other' }],
    ['another stream', events, { logStream: 'eni-2-all' }],
    ['another account', events, { owner: '210987654321' }],
  ])('is another for %s', (_, other, head) => {
    expect(identity(other, head)).not.toBe(name);
  });

  test('the parts of a name do not run into each other', () => {
    expect(
      identity([
        { id: '33', message: '' },
        { id: '3', message: '' },
      ]),
    ).not.toBe(
      identity([
        { id: '3', message: '' },
        { id: '33', message: '' },
      ]),
    );
    expect(identity([], { logGroup: 'ab', logStream: 'c' })).not.toBe(
      identity([], { logGroup: 'a', logStream: 'bc' }),
    );
  });
});

test('an id shorter than those of CloudWatch Logs does not run into what follows', () => {
  for (let size = 0; size < 60; size++) {
    for (const message of ['', 'x', 'a message of some length']) {
      const events = [size, 4, 0].map((length) => ({
        id: '7'.repeat(length),
        timestamp: 1,
        message,
      }));
      const read = dataOf(payloadOf(events));
      expect([linesIn(read.lines), read.identity]).toEqual([
        [message, message, message],
        dataOf(Buffer.from(JSON.stringify(JSON.parse(payloadOf(events).toString()), null, 1)))
          .identity,
      ]);
    }
  }
});

test('what CloudWatch Logs writes takes the fast way, what it never writes the exact one', () => {
  expect(scanPayload(PAYLOAD)?.events.count).toBe(3);
  const [first] = eventsOf(MESSAGES);
  const fields = { ...first, extractedFields: { srcaddr: '10.0.0.1', action: 'ACCEPT' } };
  expect(scanPayload(payloadOf([fields]))?.events.count).toBe(1);
  const braces = { ...first, extractedFields: { a: '}{', b: '{', c: { d: '}' } } };
  expect(scanPayload(payloadOf([braces, first]))?.events.count).toBe(2);
  expect(scanPayload(payloadOf([{ ...first, message: 'a\tb' }]))).toBeUndefined();
});

function flipped(bytes: Buffer, at: number): Buffer {
  const copy = Buffer.from(bytes);
  copy[at] ^= 0x55;
  return copy;
}
