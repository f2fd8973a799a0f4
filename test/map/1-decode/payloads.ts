import { gzipSync } from 'node:zlib';
import type { Lines } from '../../../src/map/1-decode/lines.ts';
import { decodePayload, type Subscription } from '../../../src/map/1-decode/subscription.ts';

export interface LogEvent {
  readonly id?: unknown;
  readonly timestamp?: unknown;
  readonly message?: unknown;
  readonly [key: string]: unknown;
}

/** A payload as CloudWatch Logs writes it, around these events. */
export function payloadOf(events: readonly unknown[], head: object = {}): Buffer {
  return Buffer.from(
    JSON.stringify({
      messageType: 'DATA_MESSAGE',
      owner: '123456789012',
      logGroup: '/vpc/flow',
      logStream: 'eni-1-all',
      subscriptionFilters: ['flowlog-alerts'],
      ...head,
      logEvents: events,
    }),
  );
}

/** Events with these messages, ids as AWS makes them. */
export function eventsOf(messages: readonly string[]): LogEvent[] {
  return messages.map((message, i) => ({
    id: String(i).padStart(56, '3'),
    timestamp: 1_700_000_000_000 + i,
    message,
  }));
}

/** What a payload comes to, in a form that two ways of reading can be compared by. */
export function readingOf(subscription: Subscription): unknown {
  if (subscription.kind === 'control') return 'control';
  const { lines, identity, owner, logGroup, logStream } = subscription;
  return {
    owner,
    logGroup,
    logStream,
    identity,
    lines: linesIn(lines),
    times: [...(lines.times ?? [])].slice(0, lines.count),
    faults: lines.faults,
  };
}

/** The lines as latin-1 text: one character a byte. */
export function linesIn({ bytes, starts, ends, count }: Lines): string[] {
  return Array.from({ length: count }, (_, i) =>
    Buffer.from(bytes.subarray(starts[i], ends[i])).toString('latin1'),
  );
}

/** Reads JSON bytes that must be a data message. */
export function dataOf(payload: Buffer, truncated = false) {
  const read = decodePayload(payload, truncated);
  if (read.kind !== 'data') throw new Error('a control message');
  return read;
}

export const packed = (payload: Buffer): Buffer => gzipSync(payload);
