import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { MAX_LINE } from '../../../src/map/1-decode/text.ts';
import { giveBack, LineCutter, type WholeLines } from '../../../src/map/1-decode/whole-lines.ts';

/** Small, so that a few lines fill several. */
const SIZE = MAX_LINE + 1_000;

interface Cut {
  readonly texts: string[];
  readonly offsets: number[];
  readonly long: string[];
}

function cut(text: string, size: number): Cut {
  const cutter = new LineCutter(SIZE);
  const bytes = Buffer.from(text);
  const chunks: WholeLines[] = [];
  for (let at = 0; at < bytes.length; at += size) {
    chunks.push(...cutter.push(bytes.subarray(at, at + size)));
  }
  const last = cutter.end();
  if (last) chunks.push(last);
  return {
    texts: chunks.map((chunk) => Buffer.from(chunk.bytes).toString()),
    offsets: chunks.map(({ offset }) => offset),
    long: cutter.takeLong(),
  };
}

const line = (i: number, length: number) => String(i).padEnd(length, '.');

describe('LineCutter', () => {
  test('chunks are the same however the stream is cut, and are found at their offsets', () => {
    const lengths = fc.array(fc.integer({ min: 0, max: 30_000 }), { maxLength: 20 });
    fc.assert(
      fc.property(lengths, fc.integer({ min: 1_000, max: 200_000 }), (given, size) => {
        const text = given.map((length, i) => `${line(i, length)}\n`).join('');
        const { texts, offsets, long } = cut(text, size);
        expect(texts.join('')).toBe(text);
        expect(cut(text, text.length + 1).texts).toEqual(texts);
        expect(long).toEqual([]);
        texts.forEach((own, i) => {
          expect(text.slice(offsets[i], offsets[i] + own.length)).toBe(own);
          if (i < texts.length - 1) expect(own.endsWith('\n')).toBe(true);
          expect(own.length).toBeLessThanOrEqual(SIZE);
        });
      }),
      { numRuns: 60 },
    );
  });

  test('a chunk is as full as whole lines make it', () => {
    const text = Array.from({ length: 20 }, (_, i) => `${line(i, 9_999)}\n`).join('');
    expect(cut(text, 777).texts.map(({ length }) => length)).toEqual([
      60_000, 60_000, 60_000, 20_000,
    ]);
  });

  test('a line of the greatest length is kept, one that cannot end in time is told and left out', () => {
    const kept = line(1, MAX_LINE);
    expect(cut(`a\n${kept}\nb\n`, 5_000).texts.join('')).toBe(`a\n${kept}\nb\n`);
    const lost = line(2, 3 * SIZE);
    for (const size of [5_000, 1_000_000]) {
      const { texts, offsets, long } = cut(`a\n${lost}\nb\n`, size);
      expect(texts).toEqual(['a\n', 'b\n']);
      expect(offsets).toEqual([0, lost.length + 3]);
      expect(long).toEqual([lost.slice(0, 120)]);
    }
  });

  test('flush hands on whole lines before their chunk is full, and keeps the beginning of the next', () => {
    const cutter = new LineCutter(SIZE);
    expect([...cutter.push(Buffer.from('one\ntwo\nthr'))]).toEqual([]);
    expect(Buffer.from(cutter.flush()!.bytes).toString()).toBe('one\ntwo\n');
    expect(cutter.flush()).toBeUndefined();
    expect(cutter.unfinished).toBe(true);
    expect([...cutter.push(Buffer.from('ee\n'))]).toEqual([]);
    expect(cutter.flush()).toMatchObject({ offset: 8 });
    expect(cutter.unfinished).toBe(false);
    expect(cutter.end()).toBeUndefined();
  });

  test('bytes that are given back are used again, and only then', () => {
    const first = new LineCutter();
    const second = new LineCutter();
    expect([...first.push(Buffer.from('one\n')), ...second.push(Buffer.from('two\n'))]).toEqual([]);
    const [one, two] = [first.end()!, second.end()!];
    expect(one.bytes.buffer).not.toBe(two.bytes.buffer);
    giveBack(one.bytes);
    const third = new LineCutter();
    expect([...third.push(Buffer.from('three\n'))]).toEqual([]);
    const three = third.end()!;
    expect(three.bytes.buffer).toBe(one.bytes.buffer);
    expect(Buffer.from(three.bytes).toString()).toBe('three\n');
    expect(Buffer.from(two.bytes).toString()).toBe('two\n');
  });
});
