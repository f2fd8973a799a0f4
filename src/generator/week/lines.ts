/** Rows as text, in the two formats that the week comes in. */
import { ACCOUNT, REGION, VPC } from '../network.ts';
import type { Row } from './rows.ts';
import type { Station } from './station.ts';

export type WeekFormat = 'v2' | 'v5';

const V2 =
  'version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status';

/** Each format's fields in order, as a header line names them. */
export const WEEK_FIELDS: Readonly<Record<WeekFormat, string>> = {
  v2: V2,
  v5: `${V2} vpc-id subnet-id instance-id tcp-flags type pkt-srcaddr pkt-dstaddr region az-id pkt-src-aws-service pkt-dst-aws-service flow-direction traffic-path`,
};

/** The record without a line break. */
export function lineOf(row: Row, format: WeekFormat): string {
  const version = format === 'v2' ? '2' : '5';
  const head = `${version} ${ACCOUNT} ${row.at.interfaceId}`;
  if (row.status !== 'OK') {
    const empty = `${head} - - - - - - - ${row.start} ${row.end} - ${row.status}`;
    return format === 'v2'
      ? empty
      : `${empty} ${placeOf(row.at)} - - - - ${REGION} ${row.at.azId} - - - -`;
  }
  const action = row.rejected ? 'REJECT' : 'ACCEPT';
  const common = `${head} ${row.src} ${row.dst} ${row.srcPort} ${row.dstPort} ${row.protocol} ${row.packets} ${row.bytes} ${row.start} ${row.end} ${action} OK`;
  if (format === 'v2') return common;
  const type = row.src.includes(':') ? 'IPv6' : 'IPv4';
  const services = `${row.srcService ?? '-'} ${row.dstService ?? '-'}`;
  const way = row.egress ? 'egress' : 'ingress';
  return `${common} ${placeOf(row.at)} ${row.flags} ${type} ${row.packetSrc} ${row.packetDst} ${REGION} ${row.at.azId} ${services} ${way} ${row.path || '-'}`;
}

function placeOf(at: Station): string {
  return `${VPC} ${at.subnetId} ${at.instanceId ?? '-'}`;
}
