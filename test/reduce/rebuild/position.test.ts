import { describe, expect, test } from '@jest/globals';
import { tickKey } from '../../../src/log/key.ts';
import { Position } from '../../../src/reduce/rebuild/position.ts';
import { NOON } from '../flows.ts';

const NOW = NOON * 1_000;
const MINUTE = 60_000;

/** @param applied keys with the minutes before now at which they were merged */
const at = (applied: Record<string, number>, { now = NOW, ticked = NOW } = {}) =>
  new Position({
    now,
    ticked,
    applied: new Map(Object.entries(applied).map(([key, ago]) => [key, now - ago * MINUTE])),
  });

describe('a reducer has merged', () => {
  const position = at({ old: 59, new: 1 });

  test('what it remembers, and what arrived before the hour that it remembers', () => {
    expect(position.merged({ key: 'new', at: NOW })).toBe(true);
    expect(position.merged({ key: 'other', at: NOW - 61 * MINUTE })).toBe(true);
  });

  test('nothing that arrived within that hour and that it does not remember', () => {
    expect(position.merged({ key: 'other', at: NOW - 58 * MINUTE })).toBe(false);
    expect(position.merged({ key: 'other', at: NOW + MINUTE })).toBe(false);
  });

  test('what arrived before it began, where it began within the hour', () => {
    const begun = at({ first: 20, new: 1 });
    expect(begun.merged({ key: 'other', at: NOW - 21 * MINUTE })).toBe(true);
    expect(begun.merged({ key: 'other', at: NOW - 19 * MINUTE })).toBe(false);
  });

  test('nothing that may still be on its way to one that has just begun', () => {
    const begun = at({ first: 1 });
    expect(begun.merged({ key: 'other', at: NOW - 2 * MINUTE })).toBe(false);
    expect(begun.merged({ key: 'other', at: NOW - 6 * MINUTE })).toBe(true);
  });
});

describe('the first key that may be news', () => {
  test('is the least of those merged since, and of the ticks since', () => {
    const before = at({ '1#a': 5, '5#b': 4 });
    expect(at({ '1#a': 5, '5#b': 4, '0#late': 0 }).firstSince(before)).toBe('0#late');
    expect(at({ '1#a': 5, '5#b': 4, '9999999999#c': 0 }).firstSince(before)).toBe(tickKey(NOON));
  });

  test('is not known where more was forgotten since than is remembered', () => {
    const later = at({}, { now: NOW + 58 * MINUTE });
    expect(later.firstSince(at({}))).toBeUndefined();
  });
});
