/**
 * What a queue says of new objects: S3's own notification, that through SNS, or EventBridge's event.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/ev-events.html
 */
import { UnreadableBatchError } from './gunzip.ts';

export interface NewObject {
  readonly bucket: string;
  /** The key as it most likely is, then as it may be: who wrote the event may have encoded it. */
  readonly keys: readonly string[];
}

/** A letter in an envelope in an envelope, and no further. */
const MOST_ENVELOPES = 3;

/**
 * The objects that a message tells of; none for a test event, or where objects were removed.
 * @throws UnreadableBatchError with reason not-an-object-event
 */
export function newObjectsOf(body: string): readonly NewObject[] {
  return objectsOf(parsed(body), MOST_ENVELOPES);
}

/** A message that tells of one object, to be sent to the queue again. */
export function messageOf(bucket: string, key: string): string {
  return JSON.stringify({
    source: 'aws.s3',
    'detail-type': 'Object Created',
    detail: { bucket: { name: bucket }, object: { key } },
  });
}

type Json = Readonly<Record<string, unknown>>;

function objectsOf(message: Json, envelopes: number): readonly NewObject[] {
  if (Array.isArray(message.Records)) return message.Records.flatMap(ofNotification);
  if (message.Event === 's3:TestEvent') return [];
  if (message.source === 'aws.s3' && typeof message['detail-type'] === 'string') {
    return message['detail-type'] === 'Object Created' ? [ofEvent(message.detail)] : [];
  }
  const inner = message.Type === 'Notification' ? message.Message : parkedBody(message);
  if (typeof inner === 'string' && envelopes > 0) return objectsOf(parsed(inner), envelopes - 1);
  throw unknown('it is no notification of S3, by itself, through SNS or through EventBridge');
}

/** What this service parked, put back as it is. */
function parkedBody({ kind, body }: Json): unknown {
  return kind === 'batch' ? body : undefined;
}

function ofNotification(record: unknown): NewObject[] {
  const { eventSource, eventName, eventVersion, s3 } = asObject(record);
  if (eventSource !== 'aws:s3' || typeof eventName !== 'string') {
    throw unknown('it holds a record that is not of S3');
  }
  if (!/^2(\.|$)/.test(String(eventVersion ?? '2'))) {
    throw unknown(`its notification is of version ${String(eventVersion)}, and 2 is known`);
  }
  if (!/^(s3:)?ObjectCreated:/.test(eventName)) return [];
  const { bucket, key } = named(asObject(s3));
  const decoded = decodedKey(key);
  return [{ bucket, keys: decoded === key ? [key] : [decoded, key] }];
}

/** EventBridge writes the key as it is; whoever writes it otherwise is met half-way. */
function ofEvent(detail: unknown): NewObject {
  const { bucket, key } = named(asObject(detail));
  const decoded = decodedKey(key);
  return { bucket, keys: decoded === key ? [key] : [key, decoded] };
}

function named({ bucket, object }: Json): { bucket: string; key: string } {
  const { name } = asObject(bucket);
  const { key } = asObject(object);
  if (typeof name !== 'string' || name === '' || typeof key !== 'string' || key === '') {
    throw unknown('it names no bucket or no key');
  }
  return { bucket: name, key };
}

/** As in a form: `+` is a blank. A key that is not encoded after all stays as it is. */
function decodedKey(key: string): string {
  try {
    return decodeURIComponent(key.replaceAll('+', ' '));
  } catch {
    return key;
  }
}

function asObject(value: unknown): Json {
  return typeof value === 'object' && value !== null ? (value as Json) : {};
}

function parsed(text: string): Json {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw unknown(`it is not JSON: ${(cause as Error).message}`, cause);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw unknown('it is no JSON object');
  }
  return value as Json;
}

function unknown(why: string, cause?: unknown): UnreadableBatchError {
  const message = `the message tells of no object: ${why}`;
  return new UnreadableBatchError('not-an-object-event', message, cause ? { cause } : undefined);
}
