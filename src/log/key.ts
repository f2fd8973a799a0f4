/**
 * Sort keys of log entries: minute of the batch's latest record, what it is, its content's name and
 * part. All from content, so that a redelivery meets the entry it wrote before, and a range of time
 * can be read back.
 */
import type { PackMember } from './digest.ts';

/** Minutes are zero-padded seconds: text order is time order until the year 2286. */
function minuteOf(seconds: number): string {
  return String(Math.floor(seconds / 60) * 60).padStart(10, '0');
}

/** Key under which a pack's member counts: as if it had been put by itself. */
export function memberKey({ identity, digest }: PackMember): string {
  return batchKey(digest.latest, identity, 0);
}

/** @param latest greatest `start` of the batch, Unix seconds */
export function batchKey(latest: number, identity: string, part: number): string {
  return `${minuteOf(latest)}#batch#${identity}#${part}`;
}

/**
 * Packs of what came in a shard of a stream in the same span of time, one after another.
 * @param begins start of the span, Unix seconds
 * @param shard hex name of the stream's shard
 */
export function packKey(begins: number, shard: string, part: number): string {
  return `${minuteOf(begins)}#pack#${shard}#${String(part).padStart(6, '0')}`;
}

/** One heartbeat an instance and minute. */
export function heartbeatKey(now: number, instance: string): string {
  return `${minuteOf(now)}#beat#${instance}`;
}

/** One tick a minute, however often the schedule fires. */
export function tickKey(now: number): string {
  return `${minuteOf(now)}#tick`;
}
