import { describe, expect, test } from '@jest/globals';
import { Heartbeats } from '../../src/map/heartbeats.ts';
import type { Mapped } from '../../src/map/map.ts';
import { SOURCE } from './inputs.ts';

const OTHER = { ...SOURCE, name: '/vpc/other' };
const MINUTE = 60_000;

function mapped(records: number, latest: number, reasons: Record<string, number> = {}): Mapped {
  const malformed = Object.values(reasons).reduce((sum, count) => sum + count, 0);
  const counts = { records, malformed, noData: 1, skipData: 2, outside: 0, reasons, samples: [] };
  return {
    digest: undefined,
    counts,
    latest,
    earliest: latest,
    first: latest,
    last: latest,
    longest: records,
    minutes: [[60, records, 0]],
  };
}

const RULES = 'aaaa';

describe('heartbeats', () => {
  test('the first is due at once, none before there is something to tell', () => {
    const beats = new Heartbeats();
    expect(beats.due(0)).toBeUndefined();
    beats.add(SOURCE, mapped(3, 100), 50, RULES);
    expect(beats.due(0)?.sources).toHaveLength(1);
  });

  test('add up what each source had since the last', () => {
    const beats = new Heartbeats();
    beats.add(SOURCE, mapped(3, 100, { 'bad-number': 2, 'ambiguous-format': 1 }), 50, RULES);
    beats.add(OTHER, mapped(1, 50), 5, RULES);
    beats.add({ ...SOURCE }, mapped(4, 90, { 'ambiguous-format': 4 }), 60, RULES);
    expect(beats.due(0)).toEqual({
      kind: 'heartbeat',
      rules: RULES,
      sources: [
        {
          source: SOURCE,
          latest: 100,
          batches: 2,
          records: 7,
          malformed: 7,
          noData: 2,
          skipData: 4,
          bytes: 110,
          earliest: 90,
          longest: 4,
          minutes: [[60, 7, 0]],
        },
        {
          source: OTHER,
          latest: 50,
          batches: 1,
          records: 1,
          malformed: 0,
          noData: 1,
          skipData: 2,
          bytes: 5,
          earliest: 50,
          longest: 1,
          minutes: [[60, 1, 0]],
        },
      ],
    });
  });

  test('the next is due a minute after one was sent, and begins anew', () => {
    const beats = new Heartbeats();
    beats.add(SOURCE, mapped(3, 100), 50, RULES);
    beats.sent(1_000);
    expect(beats.due(1_000 + MINUTE)).toBeUndefined();
    beats.add(SOURCE, mapped(2, 90), 5, RULES);
    expect(beats.due(1_000 + MINUTE - 1)).toBeUndefined();
    expect(beats.due(1_000 + MINUTE)?.sources).toMatchObject([{ records: 2, latest: 90 }]);
  });

  test('tell of the least start since the rules are what they are', () => {
    const beats = new Heartbeats();
    const earliest = () => beats.due(0)?.sources.map((totals) => totals.earliest);
    beats.add(SOURCE, mapped(3, 100), 0, RULES);
    beats.add(OTHER, mapped(3, 70), 0, RULES);
    beats.add(SOURCE, mapped(3, 90), 0, RULES);
    expect(earliest()).toEqual([90, 70]);
    beats.add(SOURCE, { ...mapped(0, 200), earliest: 0 }, 0, 'bbbb');
    expect(earliest()).toEqual([0, 0]);
    beats.add(SOURCE, mapped(3, 300), 0, 'bbbb');
    beats.add(SOURCE, { ...mapped(0, 310), earliest: 0 }, 0, 'bbbb');
    expect(earliest()).toEqual([300, 0]);
    expect(beats.due(0)?.rules).toBe('bbbb');
  });

  test('add up minutes, and tell of the 120 newest', () => {
    const beats = new Heartbeats();
    const minutes = (from: number, count: number): Mapped['minutes'] =>
      Array.from({ length: count }, (_, i) => [(from + i) * 60, 2, 1] as const);
    beats.add(SOURCE, { ...mapped(1, 1), minutes: minutes(10, 100) }, 0, RULES);
    beats.add(SOURCE, { ...mapped(1, 1), minutes: minutes(0, 20) }, 0, RULES);
    const told = () => beats.due(0)?.sources[0].minutes ?? [];
    expect(told()).toHaveLength(110);
    expect([told()[9], told()[10], told()[20]]).toEqual([
      [540, 2, 1],
      [600, 4, 2],
      [1_200, 2, 1],
    ]);
    beats.add(SOURCE, { ...mapped(1, 1), minutes: minutes(110, 11) }, 0, RULES);
    expect([told().length, told()[0][0], told()[119][0]]).toEqual([120, 60, 7_200]);
  });

  test('what could not be sent stays due', () => {
    const beats = new Heartbeats();
    beats.add(SOURCE, mapped(3, 100), 50, RULES);
    const lost = beats.due(0);
    expect(beats.due(5)).toEqual(lost);
  });
});
