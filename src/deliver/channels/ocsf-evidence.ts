/** The records of an alert as OCSF's evidences, and what in them a lake indexes. */
import type { Alert, RecordMap } from '../../alerts/alert.ts';
import { serviceText } from '../../alerts/flow-text.ts';
import { protocolName } from '../../rules/protocols.ts';
import { type Endpoint, type Flow, flowOf } from './endpoints.ts';

type Json = Record<string, unknown>;

const DIRECTIONS = {
  inbound: { id: 1, name: 'Inbound' },
  outbound: { id: 2, name: 'Outbound' },
  internal: { id: 3, name: 'Lateral' },
} as const;
const UNKNOWN = { id: 0, name: 'Unknown' } as const;

/** Types of observables: https://schema.ocsf.io/1.8.0/objects/observable */
const IP_ADDRESS = { type_id: 2, type: 'IP Address' } as const;

/** One evidence a sample; for an alert without samples, the ends that its group names. */
export function evidencesOf(alert: Alert): Json[] {
  const { samples } = alert.evidence;
  const records = samples.length > 0 ? samples : [alert.group];
  return records.flatMap((record) => {
    const flow = flowOf(record);
    return flow === undefined ? [] : [evidence(record, flow)];
  });
}

function evidence(record: RecordMap, { source, target, protocol, direction }: Flow): Json {
  const service = serviceText(target.port, protocol);
  const { id, name } = direction === undefined ? UNKNOWN : DIRECTIONS[direction];
  const flags = record['tcp-flags'];
  const ends: readonly (readonly [string, Json | undefined])[] = [
    ['src_endpoint', endpoint(source, undefined)],
    ['dst_endpoint', endpoint(target, service)],
  ];
  return {
    ...Object.fromEntries(ends.filter(([, end]) => end !== undefined)),
    connection_info: {
      direction_id: id,
      direction: name,
      ...(protocol !== undefined && { protocol_num: protocol, ...nameOf(protocol) }),
      ...(typeof flags === 'number' && Number.isInteger(flags) && { tcp_flags: flags }),
    },
    data: record,
  };
}

function nameOf(protocol: number): Json {
  const name = protocolName(protocol);
  return name === undefined ? {} : { protocol_name: name };
}

/** What the schema takes as an address; AWS writes none that is longer. */
const LONGEST_IP = 40;

/** OCSF wants one name of an endpoint at least; a port alone is none. */
function endpoint({ ip, port }: Endpoint, service: string | undefined): Json | undefined {
  if (ip === undefined || ip.length > LONGEST_IP) return undefined;
  return {
    ip,
    ...(port !== undefined && { port }),
    ...(service !== undefined && { svc_name: service }),
  };
}

/** Every address of the evidences once, under the path it stands at. */
export function observablesOf(alert: Alert): Json[] {
  const seen = new Map<string, Json>();
  for (const entry of evidencesOf(alert)) {
    for (const side of ['src_endpoint', 'dst_endpoint'] as const) {
      const ip = (entry[side] as { readonly ip?: string } | undefined)?.ip;
      if (ip === undefined || seen.has(`${side} ${ip}`)) continue;
      seen.set(`${side} ${ip}`, { ...IP_ADDRESS, name: `evidences[].${side}.ip`, value: ip });
    }
  }
  return [...seen.values()];
}
