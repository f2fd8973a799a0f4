import { describe, expect, test } from '@jest/globals';
import { Heartbeats } from '../../src/map/heartbeats.ts';
import type { Mapped } from '../../src/map/map.ts';
import { SOURCE } from './inputs.ts';

const OTHER = { ...SOURCE, name: '/vpc/other' };
const MINUTE = 60_000;

function mapped(records: number, latest: number, reasons: Record<string, number> = {}): Mapped {
  const malformed = Object.values(reasons).reduce((sum, count) => sum + count, 0);
  const counts = { records, malformed, noData: 1, skipData: 2, reasons, samples: [] };
  return { digest: undefined, counts, latest, earliest: latest };
}

describe('heartbeats', () => {
  test('the first is due at once, none before there is something to tell', () => {
    const beats = new Heartbeats();
    expect(beats.due(0)).toBeUndefined();
    beats.add(SOURCE, mapped(3, 100), 50);
    expect(beats.due(0)?.sources).toHaveLength(1);
  });

  test('add up what each source had since the last', () => {
    const beats = new Heartbeats();
    beats.add(SOURCE, mapped(3, 100, { 'bad-number': 2, 'ambiguous-format': 1 }), 50);
    beats.add(OTHER, mapped(1, 50), 5);
    beats.add({ ...SOURCE }, mapped(4, 90, { 'ambiguous-format': 4 }), 60);
    expect(beats.due(0)).toEqual({
      kind: 'heartbeat',
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
        },
      ],
    });
  });

  test('the next is due a minute after one was sent, and begins anew', () => {
    const beats = new Heartbeats();
    beats.add(SOURCE, mapped(3, 100), 50);
    beats.sent(1_000);
    expect(beats.due(1_000 + MINUTE)).toBeUndefined();
    beats.add(SOURCE, mapped(2, 90), 5);
    expect(beats.due(1_000 + MINUTE - 1)).toBeUndefined();
    expect(beats.due(1_000 + MINUTE)?.sources).toMatchObject([{ records: 2, latest: 90 }]);
  });

  test('what could not be sent stays due', () => {
    const beats = new Heartbeats();
    beats.add(SOURCE, mapped(3, 100), 50);
    const lost = beats.due(0);
    expect(beats.due(5)).toEqual(lost);
  });
});
