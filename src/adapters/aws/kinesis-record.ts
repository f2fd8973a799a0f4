import type { StreamRecord } from '../../map/ingest-stream.ts';

/** What is read of a Kinesis record in Lambda's event form. */
export interface KinesisEventRecord {
  readonly eventID?: string;
  readonly eventSourceARN?: string;
  readonly kinesis?: {
    /** Base64. */
    readonly data?: string;
    readonly sequenceNumber?: string;
    /** Unix seconds, with a fraction. */
    readonly approximateArrivalTimestamp?: number;
  };
}

/**
 * The records of an event of Lambda's event source mapping; also of one that Lambda has given up and
 * put into a bucket, where the event is its `payload`.
 * @throws Error for an event of another kind, which no mapping of a stream makes
 */
export function streamRecordsOf(event: unknown): StreamRecord[] {
  const given = event as { payload?: unknown; Records?: unknown } | null;
  const { payload } = given ?? {};
  const whole = typeof payload === 'string' ? JSON.parse(payload) : (payload ?? given);
  const { Records } = (whole ?? {}) as { Records?: readonly KinesisEventRecord[] };
  if (!Array.isArray(Records)) throw new Error('the event has no Records of a Kinesis stream');
  return Records.map(streamRecordOf);
}

function streamRecordOf(record: KinesisEventRecord): StreamRecord {
  const { eventID = '', eventSourceARN, kinesis } = record;
  const { data, sequenceNumber, approximateArrivalTimestamp: arrival } = kinesis ?? {};
  if (typeof data !== 'string' || sequenceNumber === undefined || eventSourceARN === undefined) {
    throw new Error(`the record ${eventID || '?'} is not of a Kinesis stream`);
  }
  return {
    data: Buffer.from(data, 'base64'),
    streamArn: eventSourceARN,
    shardId: eventID.split(':', 1)[0] ?? '',
    sequenceNumber,
    arrival: Number.isFinite(arrival) ? (arrival as number) : 0,
    event: record,
  };
}
