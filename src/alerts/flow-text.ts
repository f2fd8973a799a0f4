/** Records and groups as people write them: `198.51.100.7:51515 -> 10.0.0.5:22 (ssh)`. */
import { serviceName } from '../records/services.ts';
import { protocolName } from '../rules/protocols.ts';
import type { RecordMap } from './alert.ts';
import { cleanValue } from './clean.ts';
import { formatBytes, formatClock, plural } from './english.ts';

const TCP = 6;
const UDP = 17;

/** A protocol's name, or its number where it has none. */
export function protocolText(value: string | number | undefined): string | undefined {
  if (value === undefined) return undefined;
  return (typeof value === 'number' ? protocolName(value) : undefined) ?? cleanValue(value);
}

/** An address with its port; IPv6 in brackets where a port follows. */
function endpoint(address: string | number, port?: string | number): string {
  const text = cleanValue(address);
  if (port === undefined) return text;
  return `${text.includes(':') ? `[${text}]` : text}:${cleanValue(port)}`;
}

/** The service behind a port; without a protocol the TCP name, which is what is usually meant. */
export function serviceText(
  port: string | number | undefined,
  protocol: string | number | undefined,
): string | undefined {
  if (typeof port !== 'number') return undefined;
  if (protocol === undefined) return serviceName(port, TCP) ?? serviceName(port, UDP);
  return serviceName(port, Number(protocol));
}

function withService(text: string, service: string | undefined): string {
  return service === undefined ? text : `${text} (${service})`;
}

/**
 * One record on one line: `10:31:02 REJECT tcp 198.51.100.7:51515 -> 10.0.0.5:22 (ssh) 3 packets 120 B`.
 * What the record lacks is left out.
 */
export function recordLine(record: RecordMap): string {
  const words: string[] = [];
  const add = (word: string | undefined): void => {
    if (word !== undefined) words.push(word);
  };
  if (typeof record.start === 'number') add(clockOf(record.start));
  if (record.action !== undefined) add(cleanValue(record.action));
  add(protocolText(record.protocol));
  const ports = record.protocol === undefined || [TCP, UDP, 132].includes(Number(record.protocol));
  const source = endpoint(record.srcaddr ?? '-', ports ? record.srcport : undefined);
  const target = endpoint(record.dstaddr ?? '-', ports ? record.dstport : undefined);
  const service = ports ? serviceText(record.dstport, record.protocol) : undefined;
  add(withService(`${source} -> ${target}`, service));
  if (typeof record.packets === 'number') add(plural(record.packets, 'packet'));
  if (typeof record.bytes === 'number') add(formatBytes(record.bytes));
  return words.join(' ');
}

function clockOf(start: number): string | undefined {
  // Some sources write milliseconds.
  const milliseconds = start > 1e11 ? start : start * 1_000;
  if (!(Math.abs(milliseconds) <= 8.64e15)) return undefined;
  return formatClock(new Date(milliseconds).toISOString());
}

/**
 * A group in reading order: addresses as a flow, then what is left as `field value`.
 * Empty for a rule without `by`.
 */
export function groupText(group: RecordMap): string {
  const rest = new Map(Object.entries(group));
  const take = (...fields: string[]): string | number | undefined => {
    for (const field of fields) {
      const value = rest.get(field);
      if (value === undefined) continue;
      rest.delete(field);
      return value;
    }
    return undefined;
  };
  const source = take('srcaddr', 'client-addr', 'pkt-srcaddr');
  const target = take('dstaddr', 'server-addr', 'pkt-dstaddr');
  const protocol = take('protocol');
  const words: string[] = [];
  const sourcePort = source === undefined ? undefined : take('srcport');
  if (source !== undefined) words.push(endpoint(source, sourcePort));
  const port = take('dstport', 'server-port');
  const service = serviceText(port, protocol) ?? take('service');
  if (service !== undefined) rest.delete('service');
  const name = service === undefined ? undefined : cleanValue(service);
  if (target !== undefined) words.push('->', withService(endpoint(target, port), name));
  else if (port !== undefined) words.push(withService(`port ${cleanValue(port)}`, name));
  else if (name !== undefined) words.push(`service ${name}`);
  if (words[0] === '->') words.shift();
  if (protocol !== undefined) words.push(protocolText(protocol) as string);
  const flow = words.join(' ');
  const others = [...rest].map(
    ([field, value]) => `${field === 'logGroup' ? 'log group' : field} ${cleanValue(value)}`,
  );
  return [flow, ...others].filter(Boolean).join(', ');
}
