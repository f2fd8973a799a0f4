/** How an entry of the digest log lies in the DynamoDB table; attribute `v` is the codec's version. */
import { CODEC_VERSION, NewerDigestError } from '../../log/codec.ts';

/** Longer than any dead-letter queue holds a batch, so that a late redelivery still finds it. */
const TTL_DAYS = 15;

const PREFIX = 'shard#';

/** Partition key of a shard. */
export function pkOf(shard: number): string {
  return `${PREFIX}${shard}`;
}

/** Shard of a partition key; undefined when it is not one of ours. */
export function shardOf(pk: string): number | undefined {
  return /^shard#\d{1,9}$/.test(pk) ? Number(pk.slice(PREFIX.length)) : undefined;
}

/** When DynamoDB may forget an entry that arrived at `at` (Unix ms): Unix seconds. */
export function ttlOf(at: number): number {
  return Math.floor(at / 1000) + TTL_DAYS * 86_400;
}

/**
 * An entry that a newer version of the service wrote is to be waited for, never skipped.
 * @throws NewerDigestError
 */
export function checkVersion(pk: string, sk: string, version: number): void {
  if (version > CODEC_VERSION) throw new NewerDigestError(`${pk} ${sk}`, version);
}
