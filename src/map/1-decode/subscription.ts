/**
 * A CloudWatch Logs subscription payload: gzip of
 * `{ messageType, owner, logGroup, logStream, subscriptionFilters, logEvents: [{ id, timestamp, message }] }`.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/SubscriptionFilters.html
 */
import { isUtf8 } from 'node:buffer';
import { endOfWholeEvents, escapesAsBytes } from './cut-off.ts';
import { type ScannedEvents, scanPayload } from './event-scanner.ts';
import { gunzip, UnreadableBatchError } from './gunzip.ts';
import { batchIdentity } from './identity.ts';
import type { Lines } from './lines.ts';
import { MAX_LINE } from './text.ts';

export type Subscription =
  /** A probe of whether the function can be reached: it carries no records. */
  | { readonly kind: 'control' }
  | {
      readonly kind: 'data';
      /** The account the log came from. */
      readonly owner: string;
      readonly logGroup: string;
      readonly logStream: string;
      readonly lines: Lines;
      readonly identity: string;
    };

/**
 * Reads one payload.
 * @param events room to work in, used again: what was decoded with it before is then over
 * @throws UnreadableBatchError with reason bad-gzip, too-large, not-json or not-a-payload
 */
export function decodeSubscription(gzipped: Uint8Array, events?: ScannedEvents): Subscription {
  const { bytes, truncated } = gunzip(gzipped);
  return decodePayload(bytes, truncated, events);
}

/** The same for JSON that is already unpacked. */
export function decodePayload(
  bytes: Uint8Array,
  truncated = false,
  events?: ScannedEvents,
): Subscription {
  const scanned = scanPayload(bytes, events);
  if (scanned) return fromScan(scanned.head, bytes, scanned.events, truncated);
  return truncated ? fromBrokenJson(bytes) : fromJson(parseJson(bytes));
}

/** The payload of a Lambda event: base64 text. */
export function payloadOfEvent(event: unknown): Buffer {
  const data = (event as { awslogs?: { data?: unknown } } | null)?.awslogs?.data;
  if (typeof data !== 'string') {
    throw new UnreadableBatchError('not-a-payload', 'the event has no awslogs.data');
  }
  const payload = Buffer.from(data, 'base64');
  if (payload.length === 0 || payload.length !== lengthOfBase64(data)) {
    throw new UnreadableBatchError('bad-base64', 'awslogs.data is not base64');
  }
  return payload;
}

/** How many bytes it stands for: decoding skips what does not belong there. */
function lengthOfBase64(data: string): number {
  let length = data.length;
  while (length > 0 && data[length - 1] === '=') length--;
  const breaks = data.includes('\n') ? (data.match(/[\r\n=]/g)?.length ?? 0) : data.length - length;
  return Math.floor(((data.length - breaks) * 3) / 4);
}

function fromScan(
  head: Record<string, unknown>,
  bytes: Uint8Array,
  events: ScannedEvents,
  truncated: boolean,
): Subscription {
  const where = readHead(head);
  if (!where) return { kind: 'control' };
  const faults: Record<string, number> = {};
  if (events.tooLong > 0) faults['line-too-long'] = events.tooLong;
  if (truncated) faults.truncated = 1;
  const { owner, logGroup, logStream } = where;
  const { starts, ends, count } = events;
  let times: Float64Array | undefined;
  return {
    kind: 'data',
    owner,
    logGroup,
    logStream,
    lines: {
      bytes,
      starts,
      ends,
      count,
      faults,
      get times() {
        times ??= events.times();
        return times;
      },
    },
    // Needed only where something matched: hashing the ids takes a tenth of a batch's time.
    get identity() {
      return batchIdentity(owner, logGroup, logStream, events.ids());
    },
  };
}

interface Head {
  readonly owner: string;
  readonly logGroup: string;
  readonly logStream: string;
}

/** undefined for a control message. */
function readHead(head: Record<string, unknown>): Head | undefined {
  if (head.messageType === 'CONTROL_MESSAGE') return undefined;
  const { owner, logGroup, logStream } = head;
  if (head.messageType !== 'DATA_MESSAGE' || typeof logGroup !== 'string') {
    throw new UnreadableBatchError(
      'not-a-payload',
      'the JSON is no CloudWatch Logs payload: messageType or logGroup is missing',
    );
  }
  return { owner: String(owner ?? ''), logGroup, logStream: String(logStream ?? '') };
}

function parseJson(bytes: Uint8Array): { value: unknown; encoding: BufferEncoding } {
  // Latin-1 keeps each byte of a broken text, so that its good lines come out as they went in.
  const encoding = isUtf8(bytes) ? 'utf8' : 'latin1';
  try {
    const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString(encoding);
    return { value: JSON.parse(encoding === 'utf8' ? text : escapesAsBytes(text)), encoding };
  } catch (cause) {
    throw new UnreadableBatchError(
      'not-json',
      `the batch is not JSON: ${(cause as Error).message}`,
      {
        cause,
      },
    );
  }
}

function fromJson(parsed: { value: unknown; encoding: BufferEncoding }): Subscription {
  const head = parsed.value as Record<string, unknown> | null;
  if (typeof head !== 'object' || head === null || Array.isArray(head)) {
    throw new UnreadableBatchError('not-a-payload', 'the JSON is no CloudWatch Logs payload');
  }
  const where = readHead(head);
  if (!where) return { kind: 'control' };
  if (!Array.isArray(head.logEvents)) {
    throw new UnreadableBatchError('not-a-payload', 'the payload has no list of logEvents');
  }
  const { lines, ids } = linesOfEvents(head.logEvents, parsed.encoding);
  const identity = batchIdentity(where.owner, where.logGroup, where.logStream, ids);
  return { kind: 'data', ...where, lines, identity };
}

/** The messages of parsed events, laid one after another. */
export function linesOfEvents(
  events: readonly unknown[],
  encoding: BufferEncoding = 'utf8',
): { lines: Lines; ids: Uint8Array } {
  const texts: Buffer[] = [];
  const starts = new Uint32Array(events.length);
  const ends = new Uint32Array(events.length);
  const times = new Float64Array(events.length);
  const ids: string[] = [];
  const faults: Record<string, number> = {};
  let count = 0;
  let at = 0;
  for (const event of events) {
    const { id, timestamp, message } = (event ?? {}) as Record<string, unknown>;
    if (typeof message !== 'string') {
      faults['no-message'] = (faults['no-message'] ?? 0) + 1;
      continue;
    }
    const text = Buffer.from(message, encoding);
    if (text.length > MAX_LINE) {
      faults['line-too-long'] = (faults['line-too-long'] ?? 0) + 1;
      continue;
    }
    starts[count] = at;
    ends[count] = at + text.length;
    times[count++] = typeof timestamp === 'number' ? timestamp / 1000 : Number.NaN;
    texts.push(text);
    ids.push(`${String(id ?? '')}\0`);
    at += text.length;
  }
  const bytes = Buffer.concat(texts);
  return { lines: { bytes, starts, ends, times, count, faults }, ids: Buffer.from(ids.join('')) };
}

/** Whole events before the place where a cut-off payload ends. */
function fromBrokenJson(bytes: Uint8Array): Subscription {
  const end = endOfWholeEvents(bytes);
  if (end === 0) {
    throw new UnreadableBatchError('truncated', 'the batch breaks off before its first record');
  }
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, end).toString('latin1');
  const read = fromJson(parseJson(Buffer.from(`${text}]}`, 'latin1')));
  if (read.kind === 'control') return read;
  return { ...read, lines: { ...read.lines, faults: { ...read.lines.faults, truncated: 1 } } };
}
