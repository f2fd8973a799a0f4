import { describe, expect, test } from '@jest/globals';
import { matchText, stateOf, whenText } from '../../src/cli/silence-text.ts';
import type { CompiledSilence } from '../../src/config/snapshot.ts';

// A Monday.
const NOON = Date.UTC(2026, 10, 23, 12) / 1000;
const aSilence = (given: Partial<CompiledSilence>): CompiledSilence => ({
  id: 's',
  match: {},
  reason: '',
  ...given,
});
const during = { days: [1, 2], from: 600, to: 780, zone: 'UTC' };

test.each([
  ['active', { from: NOON, until: NOON + 1 }],
  ['ended', { until: NOON }],
  ['upcoming', { from: NOON + 1 }],
  ['active', { during }],
  ['waiting', { during: { ...during, from: 780, to: 800 } }],
  ['ended', { during, until: NOON - 1 }],
] as const)('A silence is %s by %j', (state, given) => {
  expect(stateOf(aSilence(given), NOON)).toBe(state);
});

describe('in words', () => {
  test.each([
    [{ until: NOON }, 'active', 'until 2026-11-23 12:00'],
    [{ from: NOON, until: NOON + 60 }, 'upcoming', 'from 2026-11-23 12:00 until 2026-11-23 12:01'],
    [{ from: NOON, until: NOON + 60 }, 'active', 'until 2026-11-23 12:01'],
    [{ during }, 'waiting', 'mon tue 10:00-13:00 UTC'],
    [
      { during: { days: [0, 1, 2, 3, 4, 5, 6], from: 1_320, to: 0, zone: 'Europe/Zurich' } },
      'active',
      'daily 22:00-24:00 Europe/Zurich',
    ],
  ] as const)('%j is %s', (given, state, text) => {
    expect(whenText(aSilence(given), state)).toBe(text);
  });

  test('its match names fields and values, addresses without needless lengths', () => {
    const match = {
      rule: ['ssh', 'rdp'],
      srcaddr: ['10.0.0.5/32', '10.1.0.0/16', '2001:db8::1/128'],
    };
    expect(matchText(match)).toBe(
      'rule=ssh or rdp, srcaddr=10.0.0.5 or 10.1.0.0/16 or 2001:db8::1',
    );
  });
});
