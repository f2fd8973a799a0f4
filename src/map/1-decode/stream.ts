/**
 * The data of one Kinesis record: gzip of what a CloudWatch Logs subscription sends, once or several
 * times in a row (as Firehose joins it), or flow-log lines as Firehose has them, each
 * `{"message":"..."}`; packed or not, one by one or put together by the Kinesis Producer Library.
 */
import { deaggregated, isAggregated } from './aggregated.ts';
import type { ScannedEvents } from './event-scanner.ts';
import { gunzip, UnreadableBatchError } from './gunzip.ts';
import { batchIdentity } from './identity.ts';
import { jsonObjects, mayBeSeveral } from './json-objects.ts';
import type { Lines } from './lines.ts';
import { decodePayload, linesOfEvents, type Subscription } from './subscription.ts';

export type Streamed =
  | Extract<Subscription, { kind: 'data' }>
  /** Lines that name no log group. */
  | { readonly kind: 'lines'; readonly lines: Lines; readonly identity: string };

/** Every payload of CloudWatch Logs has it, near its beginning. */
const PAYLOAD = Buffer.from('"messageType"');

/**
 * What is in a record, in its order; control messages are left out. What was handed out before an
 * error is good.
 * @param events room to work in: of the batches that are handed out, the one before is then over
 * @throws UnreadableBatchError
 */
export function* decodeStreamed(data: Uint8Array, events?: ScannedEvents): Generator<Streamed> {
  const parts = isAggregated(data) ? deaggregated(data) : [data];
  for (const part of parts) {
    const { bytes, truncated } = unpacked(part);
    yield* decodeUnpacked(bytes, truncated, events);
  }
}

function unpacked(data: Uint8Array): { bytes: Uint8Array; truncated: boolean } {
  if (data[0] === 0x1f && data[1] === 0x8b) return gunzip(data);
  if (data.length > 0) return { bytes: data, truncated: false };
  throw new UnreadableBatchError('not-a-payload', 'the record has no data');
}

function* decodeUnpacked(
  bytes: Uint8Array,
  truncated: boolean,
  events: ScannedEvents | undefined,
): Generator<Streamed> {
  if (Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).includes(PAYLOAD)) {
    const several = mayBeSeveral(bytes) ? [...jsonObjects(bytes)] : [bytes];
    for (const [i, one] of several.entries()) {
      const read = decodePayload(one, truncated && i === several.length - 1, events);
      if (read.kind === 'data') yield read;
    }
    return;
  }
  yield decodeLines(bytes, truncated);
}

/** Named by their content: there are no ids. */
function decodeLines(bytes: Uint8Array, truncated: boolean): Streamed {
  const objects: unknown[] = [];
  let broken = 0;
  for (const one of jsonObjects(bytes)) {
    const value = parsed(one);
    if (value === undefined) broken++;
    else objects.push(value);
  }
  const { lines } = linesOfEvents(objects);
  if (lines.count === 0) {
    throw new UnreadableBatchError(
      'not-a-payload',
      'the record holds neither a CloudWatch Logs payload nor lines as {"message":"..."}',
    );
  }
  const fault = broken === 0 ? {} : { [truncated ? 'truncated' : 'not-json']: broken };
  return {
    kind: 'lines',
    lines: { ...lines, faults: { ...lines.faults, ...fault } },
    identity: batchIdentity('lines', bytes),
  };
}

function parsed(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString());
  } catch {
    return undefined;
  }
}
