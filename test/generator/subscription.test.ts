import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import { subscriptionEvent } from '../../src/generator/subscription.ts';
import { generateLines } from '../../src/generator/volume.ts';
import { parseLayout } from '../../src/records/layout.ts';

interface Payload {
  messageType: string;
  owner: string;
  logGroup: string;
  logStream: string;
  logEvents: { id: string; timestamp: number; message: string }[];
}
const options = {
  logGroup: '/vpc/flow-logs',
  logStream: 'eni-0123456789abcdef0-all',
  owner: '123456789012',
  lines: [...generateLines(5)],
};
const payloadOf = (event: { awslogs: { data: string } }): Payload =>
  JSON.parse(gunzipSync(Buffer.from(event.awslogs.data, 'base64')).toString());

describe('a subscription event', () => {
  test('carries the lines with their group, stream and owner', () => {
    const payload = payloadOf(subscriptionEvent(options));
    expect(payload).toMatchObject({
      messageType: 'DATA_MESSAGE',
      owner: '123456789012',
      logGroup: '/vpc/flow-logs',
      logStream: 'eni-0123456789abcdef0-all',
    });
    expect(payload.logEvents.map((event) => event.message)).toEqual(options.lines);
  });

  test('its events have distinct ids of 56 digits, and their start in milliseconds', () => {
    const { logEvents } = payloadOf(subscriptionEvent(options));
    expect(new Set(logEvents.map((event) => event.id)).size).toBe(5);
    for (const { id, timestamp, message } of logEvents) {
      expect(id).toMatch(/^\d{56}$/);
      expect(timestamp).toBe(Number(message.split(' ')[10]) * 1_000);
    }
  });

  test('equal lines at two places of a batch are two events', () => {
    const lines = [options.lines[0], options.lines[0]];
    const [first, second] = payloadOf(subscriptionEvent({ ...options, lines })).logEvents;
    expect(first.id).not.toBe(second.id);
  });

  test('is the same when delivered again', () => {
    expect(subscriptionEvent(options)).toEqual(subscriptionEvent(options));
  });

  test('finds start where the layout has it, and takes the given time where it has none', () => {
    const at = (format: string, line: string): number =>
      payloadOf(
        subscriptionEvent({ ...options, lines: [line], layout: parseLayout(format), time: 7 }),
      ).logEvents[0].timestamp;
    expect(at('start srcaddr', '1795429862 10.0.0.1')).toBe(1_795_429_862_000);
    expect(at('srcaddr dstaddr', '10.0.0.1 10.0.0.2')).toBe(7_000);
  });
});
