/** Every key of the state bucket. Its lifecycle rules and the functions' rights name the prefixes. */

/** The compiled configuration, gzipped JSON. */
export const SNAPSHOT_KEY = 'snapshot.json.gz';

/** A shard's memory, replaced at each checkpoint. */
export function checkpointKey(shard: number): string {
  return `checkpoint/${shard}`;
}

/** The first checkpoint of the hour that `at` (Unix ms) lies in, UTC. */
export function backupKey(shard: number, at: number): string {
  return `backup/${shard}/${new Date(at).toISOString().slice(0, 13)}`;
}

/** A parked body too large for a queue message, under the hash of its bytes. */
export function unreadableKey(sha256: string): string {
  return `unreadable/${sha256}`;
}
