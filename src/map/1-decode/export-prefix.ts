/**
 * What CloudWatch Logs puts before a record: an ISO timestamp in exports to S3, and the stream's
 * name after it in `aws logs tail`.
 */
import type { Lines } from './lines.ts';

const SPACE = 0x20;

export type Prefix = 'none' | 'time' | 'time-and-stream';

const PREFIXED = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:?\d\d)?[ \t]+(\S*)/;
/** Streams of flow logs are named by interface and traffic type. */
const STREAM = /^eni-[0-9a-f]+-(?:all|accept|reject)$/;

/** Which prefix the lines of a source have, by its first one. */
export function prefixOf(line: string): Prefix {
  const found = PREFIXED.exec(line);
  if (!found) return 'none';
  return STREAM.test(found[1]) ? 'time-and-stream' : 'time';
}

/** Moves the lines' starts behind their prefixes and keeps the timestamps as event times. */
export function withoutPrefix(lines: Lines, prefix: Prefix): Lines {
  if (prefix === 'none') return lines;
  const { bytes, ends, count } = lines;
  const starts = lines.starts.slice(0, count);
  const times = new Float64Array(count).fill(Number.NaN);
  for (let i = 0; i < count; i++) {
    const from = starts[i];
    // A line without a timestamp is left as it is, for the parser to judge.
    if (bytes[from + 4] !== 0x2d || bytes[from + 10] !== 0x54) continue;
    let at = afterToken(bytes, from, ends[i]);
    times[i] = secondsOf(bytes, from);
    if (prefix === 'time-and-stream') at = afterToken(bytes, at, ends[i]);
    starts[i] = at;
  }
  return { ...lines, starts, times };
}

/** First byte of the next token. */
function afterToken(bytes: Uint8Array, from: number, end: number): number {
  let at = from;
  while (at < end && bytes[at] > SPACE) at++;
  while (at < end && bytes[at] <= SPACE) at++;
  return at;
}

/** Unix seconds of `YYYY-MM-DDTHH:MM:SS`, which CloudWatch Logs writes in UTC. */
function secondsOf(bytes: Uint8Array, at: number): number {
  const two = (i: number) => (bytes[at + i] - 0x30) * 10 + bytes[at + i + 1] - 0x30;
  return Date.UTC(two(0) * 100 + two(2), two(5) - 1, two(8), two(11), two(14), two(17)) / 1000;
}
