/** How an entry of the digest log lies in the DynamoDB table; attribute `v` is the codec's version. */
import { CODEC_VERSION, NewerDigestError } from '../../log/codec.ts';

const PREFIX = 'shard#';

/** Partition key of a shard. */
export function pkOf(shard: number): string {
  return `${PREFIX}${shard}`;
}

/** Shard of a partition key; undefined when it is not one of ours. */
export function shardOf(pk: string): number | undefined {
  return /^shard#\d{1,9}$/.test(pk) ? Number(pk.slice(PREFIX.length)) : undefined;
}

/**
 * An entry that a newer version of the service wrote is to be waited for, never skipped.
 * @throws NewerDigestError
 */
export function checkVersion(pk: string, sk: string, version: number): void {
  if (version > CODEC_VERSION) throw new NewerDigestError(`${pk} ${sk}`, version);
}
