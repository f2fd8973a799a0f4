import { describe, expect, test } from '@jest/globals';
import type { LogEvent, LogEvents } from '../../src/ports/log-events.ts';

export interface LogEventsBench {
  readonly events: LogEvents;
  /** A group that exists. */
  readonly group: string;
  /** A time at which events may be put; Unix ms. */
  readonly now: number;
  put(stream: string, events: readonly { timestamp: number; message: string }[]): Promise<void>;
}

/** What every reader of stored events must do. */
export function describesLogEvents(name: string, make: () => Promise<LogEventsBench>): void {
  describe(name, () => {
    const all = async (
      { events, group }: LogEventsBench,
      span: readonly [number, number],
    ): Promise<LogEvent[]> => {
      const found: LogEvent[] = [];
      let next: string | undefined;
      do {
        const page = await events.page(group, span, next);
        found.push(...page.events);
        next = page.next;
      } while (next !== undefined);
      return found;
    };

    test('reads the events of all streams from the first millisecond on, before the last', async () => {
      const bench = await make();
      const t = bench.now - 60_000;
      const at = (...times: number[]) =>
        times.map((timestamp) => ({ timestamp, message: `at ${timestamp - t}` }));
      await bench.put('one', at(t - 1, t, t + 500));
      await bench.put('two', at(t + 999, t + 1_000));
      const found = await all(bench, [t, t + 1_000]);
      expect(found.map(({ message }) => message).sort()).toEqual(['at 0', 'at 500', 'at 999']);
      expect(new Set(found.map(({ stream, id }) => `${stream} ${id}`)).size).toBe(3);
      expect(found.every(({ timestamp }) => timestamp >= t)).toBe(true);
    });

    test('has nothing where there is nothing', async () => {
      const bench = await make();
      expect(await all(bench, [bench.now - 2_000, bench.now - 1_000])).toEqual([]);
    });

    test('knows whose a group is, that one which only begins alike is another, and which is none', async () => {
      const { events, group } = await make();
      expect(await events.owner(group)).toMatchObject({ region: expect.stringMatching(/^[a-z]/) });
      expect((await events.owner(group))?.account).toMatch(/^\d{12}$/);
      expect(await events.owner(group.slice(0, -1))).toBeUndefined();
      await expect(events.page('/no/such/group', [0, 1])).rejects.toThrow(
        'there is no log group /no/such/group',
      );
    });
  });
}
