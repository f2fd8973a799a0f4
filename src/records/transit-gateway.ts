/** Flow logs of transit gateways: version 6 is theirs alone. */
import type { Field } from './fields.ts';

/**
 * The format of a transit gateway's flow log unless another is chosen: all its fields, in AWS's order.
 * https://docs.aws.amazon.com/vpc/latest/tgw/tgw-flow-logs.html
 */
export const TRANSIT_GATEWAY_FORMAT =
  '${version} ${resource-type} ${account-id} ${tgw-id} ${tgw-attachment-id} ${tgw-src-vpc-account-id} ${tgw-dst-vpc-account-id} ${tgw-src-vpc-id} ${tgw-dst-vpc-id} ${tgw-src-subnet-id} ${tgw-dst-subnet-id} ${tgw-src-eni} ${tgw-dst-eni} ${tgw-src-az-id} ${tgw-dst-az-id} ${tgw-pair-attachment-id} ${srcaddr} ${dstaddr} ${srcport} ${dstport} ${protocol} ${packets} ${bytes} ${start} ${end} ${log-status} ${type} ${packets-lost-no-route} ${packets-lost-blackhole} ${packets-lost-mtu-exceeded} ${packets-lost-ttl-expired} ${tcp-flags} ${region} ${flow-direction} ${pkt-src-aws-service} ${pkt-dst-aws-service}';

/** Whether these are the fields of a transit gateway's flow log. */
export function isTransitGateway(fields: readonly Field[]): boolean {
  return fields.some(({ version }) => version === 6);
}
