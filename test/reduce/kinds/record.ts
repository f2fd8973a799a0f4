/** Lines of a flow log as plain objects, and what can be read off one of them alone. */
import type { Fields } from '../../map/4-match/naive.ts';

export const FORMAT =
  '${version} ${account-id} ${interface-id} ${srcaddr} ${dstaddr} ${srcport} ${dstport} ${protocol} ${packets} ${bytes} ${start} ${end} ${action} ${tcp-flags} ${log-status}';

/** 2026-11-23T12:00:00Z, Unix seconds; the start of a slot of any length used here. */
export const NOON = 1_795_435_200;

/** A line; what is null is absent. */
export interface Line {
  readonly start: number;
  readonly end: number | null;
  readonly srcaddr: string | null;
  readonly dstaddr: string | null;
  readonly srcport: number | null;
  readonly dstport: number | null;
  readonly protocol: number | null;
  readonly bytes: number | null;
  readonly action: 'ACCEPT' | 'REJECT' | null;
  readonly flags: number | null;
  readonly status: 'OK' | 'NODATA' | 'SKIPDATA';
  /** Name of the log group it came from. */
  readonly source: string;
}

/** What a replay calls its only source. */
export const FILE = 'flows.log';

export const CLIENT = '198.51.100.7';
const SERVER = '10.0.0.5';

/** An accepted flow from a client to a server, one second long. */
export function aLine(start: number, given: Partial<Line> = {}): Line {
  return {
    start,
    end: start + 1,
    srcaddr: CLIENT,
    dstaddr: SERVER,
    srcport: 50_000,
    dstport: 443,
    protocol: 6,
    bytes: 100,
    action: 'ACCEPT',
    flags: null,
    status: 'OK',
    source: '/vpc/a',
    ...given,
  };
}

/** A line without a flow. */
export function anEmptyLine(start: number, status: 'NODATA' | 'SKIPDATA', source = '/vpc/a'): Line {
  const nothing = { srcaddr: null, dstaddr: null, srcport: null, dstport: null } as const;
  const none = { protocol: null, bytes: null, action: null, flags: null } as const;
  return aLine(start, { ...nothing, ...none, end: start + 59, status, source });
}

/** The flow back. */
export function turned(line: Line, given: Partial<Line> = {}): Line {
  const { srcaddr, dstaddr, srcport, dstport } = line;
  return {
    ...line,
    srcaddr: dstaddr,
    dstaddr: srcaddr,
    srcport: dstport,
    dstport: srcport,
    ...given,
  };
}

export function textOf(line: Line): string {
  const { srcaddr, dstaddr, srcport, dstport, protocol, bytes } = line;
  const packets = bytes === null ? null : 1;
  const flow = [srcaddr, dstaddr, srcport, dstport, protocol, packets, bytes];
  const rest = [line.start, line.end, line.action, line.flags];
  const values = [...flow, ...rest].map((value) => value ?? '-');
  return `2 123456789012 eni-1 ${values.join(' ')} ${line.status}`;
}

const known = new WeakMap<Line, Fields>();

/** As conditions see it. */
export function fieldsOf(line: Line): Fields {
  const before = known.get(line);
  if (before) return before;
  const { flags, source: _, status: __, ...named } = line;
  const all = Object.entries({ ...named, 'tcp-flags': flags });
  const fields = Object.fromEntries(all.filter(([, value]) => value !== null)) as Fields;
  known.set(line, fields);
  return fields;
}

const SYN = 2;
const ACK = 16;

/**
 * Whether the server speaks here: SYN-ACK tells, a lone SYN tells the opposite, else the ports do.
 * Ports in tests are either well known (below 1024) or ephemeral (from 49152).
 */
export function isReply({ flags, srcport, dstport }: Line): boolean {
  if (flags !== null && flags & SYN) return (flags & ACK) !== 0;
  if (srcport === null || dstport === null) return false;
  return srcport < 1_024 && dstport >= 49_152;
}
