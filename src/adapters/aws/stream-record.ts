import type { LogEntry } from '../../ports/digest-log.ts';
import { checkVersion, shardOf } from './digest-item.ts';

/** What is read of a DynamoDB stream record, in Lambda's event form: binary is base64 text. */
export interface StreamRecord {
  readonly eventName?: string | undefined;
  readonly dynamodb?:
    | { readonly NewImage?: Readonly<Record<string, unknown>> | undefined }
    | undefined;
}

/**
 * The log entry that a stream record announces. Undefined for anything but an insert (removals by
 * TTL arrive as well) and for items of another shape than the log's.
 * @throws NewerDigestError for an entry of a newer format, which must wait and not be skipped
 */
export function logEntryOf(record: StreamRecord): LogEntry | undefined {
  if (record.eventName !== 'INSERT') return undefined;
  const image = record.dynamodb?.NewImage;
  const pk = attribute(image, 'pk', 'S');
  const key = attribute(image, 'sk', 'S');
  const data = attribute(image, 'd', 'B');
  const version = Number(attribute(image, 'v', 'N'));
  const at = Number(attribute(image, 'at', 'N'));
  if (pk === undefined || key === undefined || !Number.isSafeInteger(version)) return undefined;
  const shard = shardOf(pk);
  if (shard === undefined) return undefined;
  checkVersion(pk, key, version);
  if (data === undefined || !Number.isSafeInteger(at)) return undefined;
  return { shard, key, at, data: Buffer.from(data, 'base64') };
}

function attribute(
  image: Readonly<Record<string, unknown>> | undefined,
  name: string,
  type: 'S' | 'N' | 'B',
): string | undefined {
  const value = image?.[name];
  if (typeof value !== 'object' || value === null) return undefined;
  const typed = (value as Readonly<Record<string, unknown>>)[type];
  return typeof typed === 'string' ? typed : undefined;
}
