/**
 * The field table: the only list of flow-log fields. Parser, rule schema, documentation and SQL
 * read it; nothing else names a field's type.
 *
 * Names and versions: https://docs.aws.amazon.com/vpc/latest/userguide/flow-log-records.html and
 * https://docs.aws.amazon.com/vpc/latest/tgw/tgw-flow-logs.html (version 11 as of June 2026).
 */

/** What a field holds, which decides its column, its conditions and its SQL type. */
export type FieldType = 'number' | 'address' | 'string' | 'time';

/** One row of the table. */
export interface Field {
  readonly name: string;
  readonly type: FieldType;
  /** The flow-log version that introduced it; 0 for fields that this product derives. */
  readonly version: number;
  readonly meaning: string;
  /** Inclusive range of a number; a value outside makes the line malformed. */
  readonly range?: readonly [number, number];
  /** The only values AWS writes; another one makes the line malformed. */
  readonly values?: readonly string[];
  /** Values known today of an open set: they tell formats apart, never reject a line. */
  readonly usual?: readonly string[];
}

const PORT = [0, 65_535] as const;
const AMOUNT = [0, Number.MAX_SAFE_INTEGER] as const;
/** Seconds; what is above is milliseconds, and beyond those nothing AWS could mean. */
const TIMES = [0, 100_000_000_000] as const;
const SMALL = [0, 65_535] as const;

const string = (
  name: string,
  version: number,
  meaning: string,
  more: Partial<Field> = {},
): Field => ({
  name,
  type: 'string',
  version,
  meaning,
  ...more,
});
const number = (
  name: string,
  version: number,
  range: readonly [number, number],
  meaning: string,
): Field => ({ name, type: 'number', version, meaning, range });
const address = (name: string, version: number, meaning: string): Field => ({
  name,
  type: 'address',
  version,
  meaning,
});
const time = (name: string, version: number, meaning: string): Field => ({
  name,
  type: 'time',
  version,
  meaning,
  range: TIMES,
});

/** Fields that AWS writes. */
export const LOGGED_FIELDS: readonly Field[] = [
  number('version', 2, SMALL, 'Flow-log version: the highest among the chosen fields'),
  string('account-id', 2, 'Account that owns the source network interface, or unknown'),
  string('interface-id', 2, 'Network interface at which the flow was recorded'),
  address('srcaddr', 2, 'Source address; the primary private address at the interface'),
  address('dstaddr', 2, 'Destination address; the primary private address at the interface'),
  number('srcport', 2, PORT, 'Source port; 0 for ICMP'),
  number('dstport', 2, PORT, 'Destination port; 0 for ICMP'),
  number('protocol', 2, [0, 255], 'IANA protocol number'),
  number('packets', 2, AMOUNT, 'Packets in the interval'),
  number('bytes', 2, AMOUNT, 'Bytes in the interval'),
  time('start', 2, 'First packet of the interval, Unix seconds'),
  time('end', 2, 'Last packet of the interval, Unix seconds'),
  string('action', 2, 'ACCEPT, or REJECT by security group, network ACL or closed connection', {
    values: ['ACCEPT', 'REJECT'],
  }),
  string('log-status', 2, 'OK, NODATA (no traffic) or SKIPDATA (records were lost)', {
    values: ['OK', 'NODATA', 'SKIPDATA'],
  }),
  string('vpc-id', 3, 'VPC of the interface'),
  string('subnet-id', 3, 'Subnet of the interface'),
  string('instance-id', 3, 'Instance of the interface, if it is yours'),
  number('tcp-flags', 3, SMALL, 'FIN 1, SYN 2, RST 4, SYN-ACK 18, or-ed over the interval'),
  string('type', 3, 'IPv4, IPv6 or EFA', { usual: ['IPv4', 'IPv6', 'EFA'] }),
  address('pkt-srcaddr', 3, 'Source address in the packet, behind NAT and load balancers'),
  address('pkt-dstaddr', 3, 'Destination address in the packet'),
  string('region', 4, 'Region of the interface'),
  string('az-id', 4, 'Availability Zone id'),
  string('sublocation-type', 4, 'wavelength, outpost or localzone', {
    usual: ['wavelength', 'outpost', 'localzone'],
  }),
  string('sublocation-id', 4, 'Sublocation id'),
  string('pkt-src-aws-service', 5, 'AWS service that owns pkt-srcaddr'),
  string('pkt-dst-aws-service', 5, 'AWS service that owns pkt-dstaddr'),
  string('flow-direction', 5, 'ingress or egress, as seen by the interface or transit gateway', {
    usual: ['ingress', 'egress'],
  }),
  number('traffic-path', 5, [0, 255], 'Way out of an egress flow, 1 to 8'),
  string('resource-type', 6, 'TransitGateway'),
  string('tgw-id', 6, 'Transit gateway'),
  string('tgw-attachment-id', 6, 'Transit gateway attachment'),
  string('tgw-src-vpc-account-id', 6, 'Account of the source VPC'),
  string('tgw-dst-vpc-account-id', 6, 'Account of the destination VPC'),
  string('tgw-src-vpc-id', 6, 'Source VPC'),
  string('tgw-dst-vpc-id', 6, 'Destination VPC'),
  string('tgw-src-subnet-id', 6, 'Source subnet'),
  string('tgw-dst-subnet-id', 6, 'Destination subnet'),
  string('tgw-src-eni', 6, 'Source attachment interface'),
  string('tgw-dst-eni', 6, 'Destination attachment interface'),
  string('tgw-src-az-id', 6, 'Source Availability Zone id'),
  string('tgw-dst-az-id', 6, 'Destination Availability Zone id'),
  string('tgw-pair-attachment-id', 6, 'The other attachment of the flow'),
  number('packets-lost-no-route', 6, AMOUNT, 'Packets lost for want of a route'),
  number('packets-lost-blackhole', 6, AMOUNT, 'Packets lost in a blackhole route'),
  number('packets-lost-mtu-exceeded', 6, AMOUNT, 'Packets lost as larger than the MTU'),
  number('packets-lost-ttl-expired', 6, AMOUNT, 'Packets lost as their time to live ran out'),
  string('ecs-cluster-arn', 7, 'ECS cluster ARN'),
  string('ecs-cluster-name', 7, 'ECS cluster name'),
  string('ecs-container-instance-arn', 7, 'ECS container instance ARN'),
  string('ecs-container-instance-id', 7, 'ECS container instance id'),
  string('ecs-container-id', 7, 'ECS container'),
  string('ecs-second-container-id', 7, 'Second ECS container'),
  string('ecs-service-name', 7, 'ECS service'),
  string('ecs-task-definition-arn', 7, 'ECS task definition ARN'),
  string('ecs-task-arn', 7, 'ECS task ARN'),
  string('ecs-task-id', 7, 'ECS task id'),
  string('reject-reason', 8, 'BPA (block public access) or EC (encryption controls)', {
    usual: ['BPA', 'EC'],
  }),
  string('resource-id', 9, 'Regional NAT gateway'),
  number('encryption-status', 10, [0, 255], '0 none, 1 Nitro, 2 application, 3 both'),
  string('instance-tag', 11, 'Value of the chosen instance tag'),
  string('instance-tag-2', 11, 'Value of the second instance tag'),
  string('interface-tag', 11, 'Value of the chosen interface tag'),
  string('interface-tag-2', 11, 'Value of the second interface tag'),
  string('asg-tag', 11, 'Value of the chosen Auto Scaling group tag'),
  string('asg-tag-2', 11, 'Value of the second Auto Scaling group tag'),
  string('interface-type', 11, 'Type of an AWS-managed interface', {
    usual: [
      'nat_gateway',
      'network_load_balancer',
      'regional_nat_gateway',
      'transit_gateway',
      'vpc_endpoint',
    ],
  }),
  string('next-hop-interface-id', 11, 'Interface on the other side'),
  string('next-hop-subnet-id', 11, 'Subnet on the other side'),
  string('next-hop-az-id', 11, 'Availability Zone id on the other side'),
  string('next-hop-vpc-id', 11, 'VPC on the other side'),
  string('next-hop-interface-type', 11, 'Type of the interface on the other side'),
];

/** What makes a line a flow: AWS writes all of them as absent where there was none. */
export const FLOW_FIELDS: readonly string[] = [
  'srcaddr',
  'dstaddr',
  'pkt-srcaddr',
  'pkt-dstaddr',
  'srcport',
  'dstport',
  'protocol',
  'packets',
  'bytes',
];

/** Fields computed from the logged ones, in map/3-enrich. */
export const DERIVED_FIELDS: readonly Field[] = [
  string('traffic', 0, 'inbound, outbound, internal or external, by the list internal', {
    values: ['inbound', 'outbound', 'internal', 'external'],
  }),
  string('leg', 0, 'request, reply or unknown: did the source begin the connection', {
    values: ['request', 'reply', 'unknown'],
  }),
  number('server-port', 0, PORT, 'Port of the side that was connected to'),
  address('client-addr', 0, 'Side that began the connection'),
  address('server-addr', 0, 'Side that was connected to'),
  string('service', 0, 'IANA service name of the server port'),
  number('duration', 0, AMOUNT, 'end minus start, seconds'),
  string(
    'vantage',
    0,
    'source, destination or middle: at whose interface or attachment it was recorded',
    {
      values: ['source', 'destination', 'middle'],
    },
  ),
];

/** Every field a rule may name. */
export const FIELDS: readonly Field[] = [...LOGGED_FIELDS, ...DERIVED_FIELDS];

const BY_NAME: ReadonlyMap<string, Field> = new Map(FIELDS.map((field) => [field.name, field]));

/** The table's row for a name, or undefined for one that AWS has added since. */
export function fieldNamed(name: string): Field | undefined {
  return BY_NAME.get(name);
}

/** Field names as AWS writes them; a name nobody knows yet is held as a string field. */
export const FIELD_NAME = /^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/;

/** A row for a field that AWS added after this table was written: kept as text. */
export function unknownField(name: string): Field {
  return string(name, 0, 'Not known to this version; kept as text');
}
