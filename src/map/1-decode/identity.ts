import { createHash } from 'node:crypto';

/**
 * Names a batch by its content: where it came from and the ids of its events (or bucket, key, etag
 * and chunk). Never the invocation: a redelivery must get the same name.
 */
export function batchIdentity(...parts: readonly (string | Uint8Array)[]): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part).update('\0');
  return hash.digest('hex').slice(0, 32);
}
