/** One conversation becomes the records that flow logs write of it: one a leg and interface. */
import type { RecordMap } from '../alerts/alert.ts';
import { ACCOUNT, type Host, REGION, VPC } from './network.ts';

/** A record by AWS field names, with every field a layout may ask for; absent ones render as `-`. */
export type FlowRecord = RecordMap;

/** A host of the VPC, or an address anywhere else. */
export type Party = Host | string;

export const ICMP = 1;
export const TCP = 6;
export const UDP = 17;

const SYN = 2;
const SYN_ACK = 18;
const FIN = 1;

export interface Flow {
  readonly client: Party;
  readonly server: Party;
  readonly protocol: number;
  /** 0 for ICMP. */
  readonly clientPort: number;
  readonly serverPort: number;
  /** Unix seconds. */
  readonly start: number;
  readonly end: number;
  readonly sent: Amount;
  /** Absent: nothing came back. */
  readonly received?: Amount;
  /** Whose security group or network ACL turned it away; absent: it was accepted. */
  readonly rejectedBy?: 'client' | 'server';
  /** Which interval of a TCP connection this is; its flags follow. Default: the whole of it. */
  readonly part?: 'whole' | 'first' | 'middle' | 'last';
  /** AWS service that owns the server's address. */
  readonly awsService?: string;
  /** Original addresses, where an interface on the way (NAT) shows others. */
  readonly packet?: { readonly client: string; readonly server: string };
}

export interface Amount {
  readonly packets: number;
  readonly bytes: number;
}

const addressOf = (party: Party): string => (typeof party === 'string' ? party : party.address);

/** The flow's records: request and reply, at each end's interface that lies in the VPC. */
export function recordsOf(flow: Flow): FlowRecord[] {
  const records: FlowRecord[] = [];
  const ends: readonly (readonly [Party, 'client' | 'server'])[] = [
    [flow.client, 'client'],
    [flow.server, 'server'],
  ];
  for (const [party, end] of ends) {
    if (typeof party === 'string') continue;
    // What the client's own rules turn away never reaches the server.
    if (flow.rejectedBy === 'client' && end === 'server') continue;
    records.push(leg(flow, party, end, 'request'));
    if (flow.received && !flow.rejectedBy) records.push(leg(flow, party, end, 'reply'));
  }
  return records;
}

function leg(
  flow: Flow,
  at: Host,
  end: 'client' | 'server',
  kind: 'request' | 'reply',
): FlowRecord {
  const request = kind === 'request';
  const egress = request === (end === 'client');
  const [source, target] = request ? [flow.client, flow.server] : [flow.server, flow.client];
  const amount = request ? flow.sent : (flow.received as Amount);
  const packet = flow.packet ?? { client: addressOf(flow.client), server: addressOf(flow.server) };
  const [from, to] = request ? [packet.client, packet.server] : [packet.server, packet.client];
  const service = flow.awsService;
  return {
    'account-id': ACCOUNT,
    'interface-id': at.interfaceId,
    srcaddr: addressOf(source),
    dstaddr: addressOf(target),
    srcport: request ? flow.clientPort : flow.serverPort,
    dstport: request ? flow.serverPort : flow.clientPort,
    protocol: flow.protocol,
    packets: amount.packets,
    bytes: amount.bytes,
    start: flow.start,
    end: flow.end,
    action: flow.rejectedBy === end ? 'REJECT' : 'ACCEPT',
    'log-status': 'OK',
    'vpc-id': VPC,
    'subnet-id': at.subnetId,
    ...(at.instanceId === undefined ? {} : { 'instance-id': at.instanceId }),
    'tcp-flags': flow.protocol === TCP ? tcpFlags(flow, request) : 0,
    type: 'IPv4',
    'pkt-srcaddr': from,
    'pkt-dstaddr': to,
    region: REGION,
    'az-id': at.azId,
    ...(service === undefined
      ? {}
      : { [request ? 'pkt-dst-aws-service' : 'pkt-src-aws-service']: service }),
    'flow-direction': egress ? 'egress' : 'ingress',
    ...(egress ? { 'traffic-path': trafficPath(target, service) } : {}),
  };
}

function tcpFlags({ part = 'whole', received, rejectedBy }: Flow, request: boolean): number {
  const opening = request ? SYN : SYN_ACK;
  if (rejectedBy || !received) return opening;
  if (part === 'whole') return opening | FIN;
  if (part === 'first') return opening;
  return part === 'last' ? FIN : 0;
}

/** 1 within the VPC, 7 gateway endpoint, 8 internet gateway. */
function trafficPath(target: Party, service: string | undefined): number {
  if (typeof target !== 'string' || target.startsWith('10.')) return 1;
  return service === 'S3' ? 7 : 8;
}

/** What an interface writes for an interval without traffic, or in which AWS lost records. */
export function statusRecord(at: Host, start: number, status: 'NODATA' | 'SKIPDATA'): FlowRecord {
  return {
    'account-id': ACCOUNT,
    'interface-id': at.interfaceId,
    start,
    end: start + 59,
    'log-status': status,
    'vpc-id': VPC,
    'subnet-id': at.subnetId,
    region: REGION,
    'az-id': at.azId,
  };
}
