import { describe, expect, test } from '@jest/globals';
import { LEAST_PIECE, release } from '../../../src/map/1-decode/pieces.ts';
import { gzip, payload, read, record } from '../../replay/inputs/sources.ts';

describe('release', () => {
  test('frees a piece that reaches to the end of its memory', () => {
    const buffer = new ArrayBuffer(2 * LEAST_PIECE);
    release(new Uint8Array(buffer, LEAST_PIECE));
    expect(buffer.detached).toBe(true);
  });

  test('leaves memory alone that goes on behind the piece, is shared, or may be of a pool', () => {
    const buffer = new ArrayBuffer(2 * LEAST_PIECE);
    release(new Uint8Array(buffer, 0, LEAST_PIECE));
    expect(buffer.detached).toBe(false);
    const shared = new Uint8Array(new SharedArrayBuffer(LEAST_PIECE));
    release(shared);
    expect(shared.length).toBe(LEAST_PIECE);
    const small = new ArrayBuffer(LEAST_PIECE - 1);
    release(new Uint8Array(small));
    expect(small.detached).toBe(false);
  });

  /** Some megabytes, so that zlib hands out several pieces. */
  const LINES = Array.from({ length: 24_000 }, (_, i) => record(i, i));

  test.each([
    ['text', LINES.join('\n')],
    ['text in gzip twice', gzip(LINES.join('\n'))],
    ['log events', JSON.stringify({ events: LINES.map((message) => ({ message })) })],
    ['payloads', LINES.map((line) => payload([line])).join('\n')],
  ])('takes nothing from %s in gzip, whose readers keep what they need', async (_name, bytes) => {
    expect((await read(gzip(bytes), 1_000_000)).lines).toEqual(LINES);
  });
});
