import { describe, expect, test } from '@jest/globals';
import { aLine, anEmptyLine, type Line, turned } from '../record.ts';
import { ruleOf, says } from '../rule.ts';
import { fired, minute } from './fired.ts';

/** From another source: it only says what the aggregation interval is. */
const SLOW = aLine(minute(0), { srcaddr: '203.0.113.1', end: minute(10) });

describe('beacon', () => {
  const rule = ruleOf({ kind: 'beacon', min: 4, jitter: 0.1 }, { window: 900 });
  const calls = (starts: readonly number[], given: Partial<Line> = {}) =>
    starts.map((start) => aLine(start, given));
  const REGULAR = [0, 4, 8, 12].map((one) => minute(one));

  test('fires with min connections at regular gaps, not with fewer', () => {
    expect(fired(rule, calls(REGULAR))).toEqual([12, 13, 14]);
    expect(fired(rule, calls(REGULAR.slice(1)))).toEqual([]);
  });

  test('fires for gaps that vary less than jitter', () => {
    // Gaps 216, 264, 240 vary by 0.0816; 192, 288, 240 by 0.163.
    const shaken = (by: number) => calls(REGULAR.with(1, REGULAR[1] + by));
    expect(fired(rule, shaken(-24))).toEqual([12, 13, 14]);
    expect(fired(rule, shaken(-48))).toEqual([]);
    expect(
      fired({ ...rule, detect: { kind: 'beacon', min: 4, jitter: 0 } }, calls(REGULAR)),
    ).toEqual([]);
  });

  test('a tuple that goes on within two intervals is one connection', () => {
    const every = (seconds: number) => [0, 1, 2, 3].map((i) => minute(0, i * seconds));
    expect(fired(rule, calls(every(121)))).toEqual([]);
    expect(fired(rule, calls(every(122)))).not.toEqual([]);
    const ports = every(60).map((start, i) => aLine(start, { srcport: 50_000 + i }));
    expect(fired(rule, ports)).not.toEqual([]);
  });

  test('intervals are long where a record is', () => {
    expect(fired(rule, [...calls(REGULAR), SLOW])).toEqual([]);
    const fast = { ...SLOW, end: minute(1, 30) };
    expect(fired(rule, [...calls(REGULAR), fast])).toEqual([12, 13, 14]);
    expect(fired(rule, [...calls(REGULAR), { ...SLOW, source: '/vpc/b' }])).toEqual([12, 13, 14]);
  });

  test('a connection that began before the window is not in it', () => {
    const long = calls([minute(-2), ...REGULAR]).map((line, i) =>
      i === 0 ? { ...line, end: minute(-1) } : line,
    );
    expect(fired(rule, long)).toEqual([]);
    expect(
      fired(
        rule,
        long.map((line) => ({ ...line, end: null })),
      ),
    ).toEqual([]);
  });

  test('replies do not count', () => {
    const replies = calls(REGULAR, { srcport: 443, dstport: 50_000 });
    expect(fired(rule, replies)).toEqual([]);
    expect(
      fired(
        rule,
        replies.map((line) => ({ ...line, flags: 2 })),
      ),
    ).toEqual([12, 13, 14]);
    expect(fired(rule, calls(REGULAR, { flags: 18 }))).toEqual([]);
    expect(fired(rule, calls(REGULAR, { srcport: 123, dstport: 123 }))).toEqual([12, 13, 14]);
  });

  test('connections that all start at once have no gaps to speak of', () => {
    const once = [1, 2, 3, 4].map((i) => aLine(minute(0), { srcport: 50_000 + i }));
    expect(fired(rule, once)).toEqual([]);
  });
});

describe('unanswered', () => {
  const rule = ruleOf(
    { kind: 'unanswered', min: 2 },
    { window: 120, match: says('dstaddr', '10.0.0.5') },
  );
  const calls = [0, 1].map((i) => aLine(minute(5), { srcport: 50_000 + i }));
  const answer = (start: number, given: Partial<Line> = {}) =>
    turned(calls[0], { start, ...given });

  test('fires with min connections without an answer, not with fewer', () => {
    expect(fired(rule, calls)).toEqual([5, 6]);
    expect(fired(rule, calls.slice(1))).toEqual([]);
    expect(fired(rule, [...calls, answer(minute(5))])).toEqual([]);
  });

  test('an answer may come an interval before and up to a window after', () => {
    expect(fired(rule, [...calls, answer(minute(4))])).toEqual([]);
    expect(fired(rule, [...calls, answer(minute(3, 59))])).toEqual([5, 6]);
    expect(fired(rule, [...calls, answer(minute(7))])).toEqual([]);
    expect(fired(rule, [...calls, answer(minute(7, 1))])).toEqual([5, 6]);
  });

  test('only an accepted flow of the reverse five-tuple answers', () => {
    expect(fired(rule, [...calls, answer(minute(5), { action: 'REJECT' })])).toEqual([5, 6]);
    expect(fired(rule, [...calls, answer(minute(5), { protocol: 17 })])).toEqual([5, 6]);
    expect(fired(rule, [...calls, answer(minute(5), { dstport: 50_009 })])).toEqual([5, 6]);
  });

  test('a connection that goes on is looked at by its first start', () => {
    const again = calls.map((line) => ({ ...line, start: minute(7), end: minute(7) }));
    expect(fired(rule, [...calls, ...again])).toEqual([5, 6]);
    expect(fired(rule, [...calls, ...again, answer(minute(8))])).toEqual([5, 6]);
  });

  test('is not judged in the presence of SKIPDATA', () => {
    const skipped = (at: number) =>
      fired(rule, [...calls, anEmptyLine(minute(at), 'SKIPDATA', '/x')]);
    // Windows of minutes 4-5 and 5-6; what is looked at begins a minute before, ends two after.
    expect(skipped(2)).toEqual([5, 6]);
    expect(skipped(3)).toEqual([6]);
    expect(skipped(5)).toEqual([]);
    expect(skipped(9)).toEqual([5]);
    expect(skipped(10)).toEqual([5, 6]);
    expect(fired(rule, [...calls, anEmptyLine(minute(5), 'NODATA')])).toEqual([5, 6]);
  });
});
