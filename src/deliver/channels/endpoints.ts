/** The two ends of a record or of an alert's group, for receivers that keep them in fields. */
import type { Alert, RecordMap } from '../../alerts/alert.ts';
import { parseAddress } from '../../records/address.ts';

export interface Endpoint {
  /** IPv4 or IPv6; absent where the record has none that is one. */
  readonly ip?: string;
  readonly port?: number;
}

export interface Flow {
  readonly source: Endpoint;
  readonly target: Endpoint;
  /** IANA number. */
  readonly protocol?: number;
  readonly direction?: 'inbound' | 'outbound' | 'internal';
}

/** Undefined for a record or group without an address. */
export function flowOf(record: RecordMap): Flow | undefined {
  const source = endpoint(record, ['srcaddr', 'client-addr', 'pkt-srcaddr'], ['srcport']);
  const target = endpoint(
    record,
    ['dstaddr', 'server-addr', 'pkt-dstaddr'],
    ['dstport', 'server-port'],
  );
  if (source.ip === undefined && target.ip === undefined) return undefined;
  const protocol = whole(record.protocol, 255);
  const direction = directionOf(record);
  return {
    source,
    target,
    ...(protocol !== undefined && { protocol }),
    ...(direction !== undefined && { direction }),
  };
}

/** The group's flow, with what all samples have in common: one port of a scan is not the alert's. */
export function mainFlow(alert: Alert): Flow | undefined {
  const [first = {}, ...rest] = alert.evidence.samples;
  const common = Object.entries(first).filter(([field, value]) =>
    rest.every((record) => record[field] === value),
  );
  return flowOf({ ...Object.fromEntries(common), ...alert.group });
}

function endpoint(
  record: RecordMap,
  addresses: readonly string[],
  ports: readonly string[],
): Endpoint {
  const ip = addresses
    .map((field) => addressText(record[field]))
    .find((text) => text !== undefined);
  const port = ports.map((field) => whole(record[field], 65_535)).find((n) => n !== undefined);
  // Port 0 stands in records of protocols without ports.
  return { ...(ip !== undefined && { ip }), ...(port !== undefined && port > 0 && { port }) };
}

function addressText(value: string | number | undefined): string | undefined {
  return typeof value === 'string' && parseAddress(value) !== undefined ? value : undefined;
}

function whole(value: string | number | undefined, most: number): number | undefined {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= most
    ? value
    : undefined;
}

function directionOf(record: RecordMap): Flow['direction'] {
  const { traffic } = record;
  if (traffic === 'inbound' || traffic === 'outbound' || traffic === 'internal') return traffic;
  if (record['flow-direction'] === 'ingress') return 'inbound';
  return record['flow-direction'] === 'egress' ? 'outbound' : undefined;
}
