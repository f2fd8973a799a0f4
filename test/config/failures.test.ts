import { expect, test } from '@jest/globals';
import { failureLines } from '../../src/config/failures.ts';
import { Refusal, type RefusalReason } from '../../src/ports/refusal.ts';

const WORDS = { quota: 'there may be no more', denied: 'it may not' };
const failures = (reason: RefusalReason, ...names: string[]) =>
  names.map((name) => ({ name, error: new Refusal(reason, 'ValidationError: no such field') }));

test('failures of one reason are one line, which names three and counts the rest', () => {
  expect(
    failureLines(
      'alarms',
      [...failures('denied', 'a', 'b', 'c', 'd', 'e'), ...failures('quota', 'f')],
      WORDS,
    ),
  ).toEqual(['alarms: a, b, c and 2 more: it may not', 'alarms: f: there may be no more']);
});

test('what cannot be done as asked is told in the words of the service', () => {
  expect(failureLines('alarms', failures('invalid', 'a'), WORDS)).toEqual([
    'alarms: a: ValidationError: no such field',
  ]);
});

test('what passes by itself is not told', () => {
  const down = { name: 'b', error: new Error('socket hang up') };
  expect(failureLines('alarms', [...failures('throttled', 'a'), down], WORDS)).toEqual([]);
});
