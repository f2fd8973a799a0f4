/**
 * Sort keys of log entries: minute of the batch's latest record, what it is, its content's name and
 * part. All from content, so that a redelivery meets the entry it wrote before, and a range of time
 * can be read back.
 */

/** Minutes are zero-padded seconds: text order is time order until the year 2286. */
function minuteOf(seconds: number): string {
  return String(Math.floor(seconds / 60) * 60).padStart(10, '0');
}

/** @param latest greatest `start` of the batch, Unix seconds */
export function batchKey(latest: number, identity: string, part: number): string {
  return `${minuteOf(latest)}#batch#${identity}#${part}`;
}

/** One heartbeat an instance and minute. */
export function heartbeatKey(now: number, instance: string): string {
  return `${minuteOf(now)}#beat#${instance}`;
}

/** One tick a minute, however often the schedule fires. */
export function tickKey(now: number): string {
  return `${minuteOf(now)}#tick`;
}
