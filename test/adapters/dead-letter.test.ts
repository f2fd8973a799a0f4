import { expect, test } from '@jest/globals';
import { packLetter } from '../../src/adapters/aws/dead-letter.ts';

const pack = (body: string, reason = 'r') => packLetter({ kind: 'batch', reason, body }, 'state');
const LIMIT = 250 * 1024;
const FRAME = Buffer.byteLength(pack('').message);

test('a body that fills the message to the byte goes inside it', () => {
  const { message, object } = pack('x'.repeat(LIMIT - FRAME));
  expect(Buffer.byteLength(message)).toBe(LIMIT);
  expect(object).toBeUndefined();
});

test('one byte more goes to the bucket', () => {
  const { message, object } = pack('x'.repeat(LIMIT - FRAME + 1));
  expect(object?.bytes).toHaveLength(LIMIT - FRAME + 1);
  expect(JSON.parse(message)).toEqual({
    kind: 'batch',
    reason: 'r',
    bodyAt: `s3://state/unreadable/${object?.sha256}`,
    bytes: LIMIT - FRAME + 1,
  });
});

test('what counts is the size in JSON and in bytes, not the characters', () => {
  expect(pack('x'.repeat(130_000)).object).toBeUndefined();
  expect(pack('"'.repeat(130_000)).object).toBeDefined();
  expect(pack('é'.repeat(130_000)).object).toBeDefined();
});

test('an endless reason is cut', () => {
  expect(JSON.parse(pack('b', 'r'.repeat(300_000)).message).reason).toHaveLength(4_000);
});

test('the characters that SQS refuses do not appear in a message', () => {
  const body = '\u0000\u0008\uFFFE\uFFFF\uD800';
  const { message } = pack(body);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what SQS refuses
  expect(message).not.toMatch(/[\u0000-\u0008\u000B\u000C\u000E-\u001F\uD800-\uDFFF\uFFFE\uFFFF]/);
  expect(JSON.parse(message).body).toBe(body);
});
