import { describe, expect, test } from '@jest/globals';
import { endingSilences } from '../../src/config/ending-silences.ts';
import { afterSending, noticeOf, planNotices, type ToldBook } from '../../src/config/notices.ts';
import type { CompiledSilence } from '../../src/config/snapshot.ts';

const HOUR = 3_600;
const NOW = Date.UTC(2026, 10, 23, 12) / 1000;

const aSilence = (given: Partial<CompiledSilence> = {}): CompiledSilence => ({
  id: 'works',
  match: { rule: ['ssh'] },
  from: NOW - 72 * HOUR,
  until: NOW + 12 * HOUR,
  reason: 'moving house',
  ...given,
});
const keys = (silence: CompiledSilence, modified?: number) => {
  const made = modified === undefined ? {} : { modified: modified * 1000 };
  const documents = [{ path: 'silences/works', text: '', origin: '', ...made }];
  return endingSilences([silence], documents, NOW).map(([key]) => key);
};

describe('a silence about to end', () => {
  test('is one that ends within a day and was made for longer', () => {
    expect(endingSilences([aSilence()], [], NOW)).toEqual([
      [
        'silence works',
        expect.objectContaining({
          lines: ['silence works ends 2026-11-24T00:00:00Z: moving house'],
          ending: true,
        }),
      ],
    ]);
  });

  test.each([
    ['a second more than a day away', { until: NOW + 24 * HOUR + 1 }, []],
    ['a day away', { until: NOW + 24 * HOUR }, ['silence works']],
    ['a second away', { until: NOW + 1 }, ['silence works']],
    ['over', { until: NOW }, []],
    ['made for a day, from an hour back', { from: NOW - 13 * HOUR }, []],
    ['made for a second more', { from: NOW - 13 * HOUR - 1 }, ['silence works']],
  ])('%s', (_, given, expected) => {
    expect(keys(aSilence(given))).toEqual(expected);
  });

  test('without a beginning was made when its document was written', () => {
    const { from: _, ...silence } = aSilence();
    expect(keys(silence, NOW - HOUR)).toEqual([]);
    expect(keys(silence, NOW - 48 * HOUR)).toEqual(['silence works']);
    expect(keys(silence)).toEqual(['silence works']);
  });

  test('that recurs each week never is', () => {
    const { until: _, ...silence } = aSilence();
    expect(keys(silence)).toEqual([]);
  });

  test('is told once, again where its end was moved, and not when it is over', () => {
    const tell = (book: ToldBook, silences: readonly CompiledSilence[]) => {
      const now = new Map(endingSilences(silences, [], NOW));
      const plan = planNotices(book, now);
      return { book: afterSending(plan.book), notice: noticeOf('prod', plan, now) };
    };
    const first = tell({}, [aSilence()]);
    expect(first.notice?.subject).toBe('flowlog-alerts prod: configuration, 1 about to end');
    expect(first.notice?.text).toContain('These silences end within a day');
    expect(first.notice?.text).toContain('silence works ends 2026-11-24T00:00:00Z');
    expect(tell(first.book, [aSilence()]).notice).toBeUndefined();
    const moved = tell(first.book, [aSilence({ until: NOW + 13 * HOUR })]);
    expect(moved.notice?.subject).toContain('1 about to end');
    const over = tell(first.book, []);
    expect(over).toEqual({ book: {}, notice: undefined });
  });
});
