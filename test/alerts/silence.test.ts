import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { isDuring, isInForce, silenceOf } from '../../src/alerts/silence.ts';
import type { CompiledSilence, WeeklyHours } from '../../src/config/snapshot.ts';
import { anAlert } from './an-alert.ts';

const at = (iso: string) => Date.parse(iso) / 1000;
const EVERY_DAY = [0, 1, 2, 3, 4, 5, 6];
const hours = (given: Partial<WeeklyHours>): WeeklyHours => ({
  days: EVERY_DAY,
  from: 0,
  to: 0,
  zone: 'UTC',
  ...given,
});
const aSilence = (given: Partial<CompiledSilence>): CompiledSilence => ({
  id: 's',
  match: {},
  reason: '',
  ...given,
});

describe('hours of the week', () => {
  // 2026-11-23 is a Monday.
  test.each([
    ['within a day', { from: 600, to: 660 }, '2026-11-23T10:00:00Z', true],
    ['a second before', { from: 600, to: 660 }, '2026-11-23T09:59:59Z', false],
    ['at their end', { from: 600, to: 660 }, '2026-11-23T11:00:00Z', false],
    ['a second before their end', { from: 600, to: 660 }, '2026-11-23T10:59:59Z', true],
    ['on another day', { days: [2], from: 600, to: 660 }, '2026-11-23T10:00:00Z', false],
    ['over midnight, before it', { days: [1], from: 1_320, to: 360 }, '2026-11-23T23:00:00Z', true],
    ['over midnight, after it', { days: [1], from: 1_320, to: 360 }, '2026-11-24T05:59:00Z', true],
    [
      'over midnight, at the end',
      { days: [1], from: 1_320, to: 360 },
      '2026-11-24T06:00:00Z',
      false,
    ],
    ['the morning before', { days: [1], from: 1_320, to: 360 }, '2026-11-23T05:00:00Z', false],
    [
      'from Saturday into Sunday',
      { days: [6], from: 1_320, to: 360 },
      '2026-11-29T01:00:00Z',
      true,
    ],
    ['from Sunday into Monday', { days: [0], from: 1_320, to: 360 }, '2026-11-30T01:00:00Z', true],
    ['a whole day', { days: [1] }, '2026-11-23T23:59:59Z', true],
    ['the day after a whole day', { days: [1] }, '2026-11-24T00:00:00Z', false],
  ] as const)('%s', (_, given, time, within) => {
    expect(isDuring(hours(given), at(time))).toBe(within);
  });

  test('go by the clock of their zone, summer and winter', () => {
    const night = hours({ from: 1_320, to: 360, zone: 'Europe/Zurich' });
    expect(isDuring(night, at('2026-01-10T20:59:00Z'))).toBe(false);
    expect(isDuring(night, at('2026-01-10T21:00:00Z'))).toBe(true);
    expect(isDuring(night, at('2026-07-10T19:59:00Z'))).toBe(false);
    expect(isDuring(night, at('2026-07-10T20:00:00Z'))).toBe(true);
    const monday = hours({ days: [1], zone: 'Asia/Tokyo' });
    expect(isDuring(monday, at('2026-11-22T15:00:00Z'))).toBe(true);
    expect(isDuring(monday, at('2026-11-23T15:00:00Z'))).toBe(false);
  });

  test('an hour that the clock skips is not missed before or after it', () => {
    // Clocks go from 02:00 to 03:00 on 2026-03-29.
    const early = hours({ from: 60, to: 150, zone: 'Europe/Zurich' });
    expect(isDuring(early, at('2026-03-29T00:59:59Z'))).toBe(true);
    expect(isDuring(early, at('2026-03-29T01:00:00Z'))).toBe(false);
  });

  test('and the other hours of the day are complements, whatever they are', () => {
    const minute = fc.nat(1_439);
    fc.assert(
      fc.property(minute, minute, fc.nat(10_000_000), (from, to, offset) => {
        fc.pre(from !== to);
        const time = at('2026-01-01') + offset;
        const one = isDuring(hours({ from, to, zone: 'America/New_York' }), time);
        const other = isDuring(hours({ from: to, to: from, zone: 'America/New_York' }), time);
        expect(one).not.toBe(other);
      }),
      { numRuns: 200 },
    );
  });
});

describe('a silence', () => {
  test('is in force from its beginning until just before its end', () => {
    const silence = aSilence({ from: 100, until: 200 });
    expect([99, 100, 199, 200].map((time) => isInForce(silence, time))).toEqual([
      false,
      true,
      true,
      false,
    ]);
    expect(isInForce(aSilence({}), 0)).toBe(true);
  });

  test('with hours and an end needs both', () => {
    const silence = aSilence({ until: at('2026-11-24'), during: hours({ from: 600, to: 660 }) });
    expect(isInForce(silence, at('2026-11-23T10:30:00Z'))).toBe(true);
    expect(isInForce(silence, at('2026-11-23T11:30:00Z'))).toBe(false);
    expect(isInForce(silence, at('2026-11-24T10:30:00Z'))).toBe(false);
  });

  test('holds an alert back that meets it; the first of several is named', () => {
    const alert = anAlert();
    const silences = [
      aSilence({ id: 'other', match: { rule: ['nobody'] } }),
      aSilence({ id: 'over', match: { rule: [alert.rule.id] }, until: 10 }),
      aSilence({ id: 'this', match: { rule: [alert.rule.id] } }),
      aSilence({ id: 'later' }),
    ];
    expect(silenceOf(silences, alert, 10)?.id).toBe('this');
    expect(silenceOf(silences, alert, 9)?.id).toBe('over');
    expect(silenceOf(silences.slice(0, 2), alert, 10)).toBeUndefined();
  });
});
