/** What a format's records can tell: the fields that are logged, and what follows from them. */
import { fieldNamed } from '../records/fields.ts';

/** Version 6 is transit gateways' alone; of the others they have these. */
const TRANSIT_GATEWAY_TOO: ReadonlySet<string> = new Set([
  'version',
  'account-id',
  'srcaddr',
  'dstaddr',
  'srcport',
  'dstport',
  'protocol',
  'packets',
  'bytes',
  'start',
  'end',
  'log-status',
  'type',
  'tcp-flags',
  'region',
  'flow-direction',
  'pkt-src-aws-service',
  'pkt-dst-aws-service',
]);

/** Logged fields that a derived one is made from; `leg` is `unknown` where nothing tells it. */
const SOURCES: Readonly<Record<string, readonly string[]>> = {
  traffic: ['srcaddr', 'dstaddr'],
  leg: [],
  'server-port': ['srcport', 'dstport'],
  service: ['srcport', 'dstport'],
  'client-addr': ['srcaddr', 'dstaddr'],
  'server-addr': ['srcaddr', 'dstaddr'],
  duration: ['start', 'end'],
  vantage: ['flow-direction'],
};

/** The logged fields without which this one is absent. */
export function sourcesOf(field: string): readonly string[] {
  // Fields of the inventory (`src.name`) are in no format.
  if (field.includes('.')) return [];
  return Object.hasOwn(SOURCES, field) ? (SOURCES[field] as readonly string[]) : [field];
}

/** Whether a flow log of this kind can have the field: the other kind's will never be added. */
export function canBeLogged(field: string, transitGateway: boolean): boolean {
  const own = fieldNamed(field)?.version === 6;
  return transitGateway ? own || TRANSIT_GATEWAY_TOO.has(field) : !own;
}
