import { describe, expect, test } from '@jest/globals';
import type { Clock } from '../../../src/ports/clock.ts';
import { logGroupInput } from '../../../src/replay/inputs/log-group-input.ts';
import { MemoryLogGroup } from './memory-remote.ts';

const FROM = 1_767_225_600;
const HOUR = 3_600;

/** A clock that only sleeping moves. */
class SleptClock implements Clock {
  time = (FROM + 3 * HOUR) * 1000;
  now(): number {
    return this.time;
  }
  async sleep(ms: number): Promise<void> {
    this.time += ms;
  }
}

interface Read {
  readonly messages: readonly string[];
  readonly clock: SleptClock;
}

async function read(
  events: MemoryLogGroup,
  span = { from: FROM, until: FROM + 2 * HOUR },
): Promise<Read> {
  const clock = new SleptClock();
  const { remote } = await logGroupInput(`cwlogs:${events.name}`, { events, clock }, span);
  const pieces: Uint8Array[] = [];
  for await (const piece of remote!.pieces(() => {})) pieces.push(new Uint8Array(piece));
  const lines = Buffer.concat(pieces).toString().split('\n').filter(Boolean);
  return { messages: lines.map((line) => JSON.parse(line).message), clock };
}

/** Events a minute apart, two streams in turn. */
function filled(count: number, options?: ConstructorParameters<typeof MemoryLogGroup>[0]) {
  const events = new MemoryLogGroup(options);
  const at = (i: number) => ({ timestamp: (FROM + i * 60) * 1000, message: `line ${i}` });
  const all = Array.from({ length: count }, (_, i) => at(i));
  events.put(
    'eni-1-all',
    all.filter((_, i) => i % 2 === 0),
  );
  events.put(
    'eni-2-all',
    all.filter((_, i) => i % 2 === 1),
  );
  return events;
}

const lines = (count: number, from = 0) =>
  Array.from({ length: count }, (_, i) => `line ${from + i}`);

describe('cwlogs:', () => {
  test('is all events of the span, in the order of time, wherever slices and pages end', async () => {
    for (const page of [1, 7, 1000]) {
      expect((await read(filled(130, { page }))).messages).toEqual(lines(120));
    }
    const within = { from: FROM + 600, until: FROM + 1200 };
    expect((await read(filled(130), within)).messages).toEqual(lines(10, 10));
  });

  test('counts an event once that stands on two pages', async () => {
    expect((await read(filled(130, { page: 4, overlap: 2 }))).messages).toEqual(lines(120));
  });

  test('ends now where no end is given', async () => {
    const { messages } = await read(filled(300), { from: FROM + HOUR, until: Infinity });
    expect(messages).toEqual(lines(120, 60));
  });

  test('makes no more than five calls a second, and fewer once it was too many', async () => {
    const calm = filled(130, { page: 2 });
    const { clock } = await read(calm);
    const seconds = (clock.time - (FROM + 3 * HOUR) * 1000) / 1000;
    expect(calm.asked.length / seconds).toBeLessThanOrEqual(5.5);
    const refused = filled(130, { page: 2 });
    refused.throttled = 3;
    const slower = await read(refused);
    expect(slower.messages).toEqual(lines(120));
    expect(slower.clock.time - clock.time).toBeGreaterThan(1_000);
  });

  test('that is refused for good is a damaged source', async () => {
    const events = filled(10);
    events.throttled = Infinity;
    await expect(read(events)).rejects.toThrow('Rate exceeded');
  });

  test('is a source of its account and region, or says what is missing', async () => {
    const events = filled(1);
    const ports = { events, clock: new SleptClock() };
    const span = { from: FROM, until: Infinity };
    const input = await logGroupInput('cwlogs:/vpc/flow-logs', ports, span);
    expect(input.remote?.source).toEqual({
      kind: 'logGroup',
      name: '/vpc/flow-logs',
      account: '123456789012',
      region: 'eu-west-1',
    });
    await expect(logGroupInput('cwlogs:/vpc/flow', ports, span)).rejects.toThrow(
      'there is no log group /vpc/flow',
    );
    for (const none of [undefined, { from: -Infinity, until: FROM }]) {
      await expect(logGroupInput('cwlogs:/vpc/flow-logs', ports, none)).rejects.toThrow(
        /needs a time to begin/,
      );
    }
  });
});
