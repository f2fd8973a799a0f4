/**
 * Size of a digest's item as DynamoDB counts it: names and values in bytes, a number about a byte for
 * every two digits and one more.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html
 */

import { CODEC_VERSION } from '../../log/codec.ts';
import type { LogEntry } from '../../ports/digest-log.ts';
import { pkOf } from './digest-item.ts';
import { ttlOf } from './ttl.ts';

/** What DynamoDB bills a write by; bytes. */
const WRITE_UNIT = 1024;

export function writeUnits(entry: LogEntry): number {
  return Math.ceil(itemBytes(entry) / WRITE_UNIT);
}

export function itemBytes({ shard, key, at, data }: LogEntry): number {
  return (
    text('pk', pkOf(shard)) +
    text('sk', key) +
    'd'.length +
    data.length +
    number('v', CODEC_VERSION) +
    number('at', at) +
    number('ttl', ttlOf(at))
  );
}

function text(name: string, value: string): number {
  return name.length + Buffer.byteLength(value);
}

function number(name: string, value: number): number {
  return name.length + Math.ceil(String(value).length / 2) + 1;
}
