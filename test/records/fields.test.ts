import { describe, expect, test } from '@jest/globals';
import { fieldNamed, LOGGED_FIELDS } from '../../src/records/fields.ts';
import { parseLayout } from '../../src/records/layout.ts';
import { isTransitGateway, TRANSIT_GATEWAY_FORMAT } from '../../src/records/transit-gateway.ts';

/**
 * The tables of https://docs.aws.amazon.com/vpc/latest/userguide/flow-log-records.html and
 * https://docs.aws.amazon.com/vpc/latest/tgw/tgw-flow-logs.html, typed in: version, Parquet type, names.
 */
const DOCUMENTED: readonly (readonly [version: number, type: string, names: string])[] = [
  [2, 'INT_32', 'version srcport dstport protocol'],
  [2, 'INT_64', 'packets bytes start end'],
  [2, 'STRING', 'account-id interface-id srcaddr dstaddr action log-status'],
  [3, 'INT_32', 'tcp-flags'],
  [3, 'STRING', 'vpc-id subnet-id instance-id type pkt-srcaddr pkt-dstaddr'],
  [4, 'STRING', 'region az-id sublocation-type sublocation-id'],
  [5, 'INT_32', 'traffic-path'],
  [5, 'STRING', 'pkt-src-aws-service pkt-dst-aws-service flow-direction'],
  [6, 'STRING', 'resource-type tgw-id tgw-attachment-id tgw-pair-attachment-id'],
  [6, 'STRING', 'tgw-src-vpc-account-id tgw-dst-vpc-account-id tgw-src-vpc-id tgw-dst-vpc-id'],
  [6, 'STRING', 'tgw-src-subnet-id tgw-dst-subnet-id tgw-src-eni tgw-dst-eni'],
  [6, 'STRING', 'tgw-src-az-id tgw-dst-az-id'],
  [6, 'INT_64', 'packets-lost-no-route packets-lost-blackhole'],
  [6, 'INT_64', 'packets-lost-mtu-exceeded packets-lost-ttl-expired'],
  [7, 'STRING', 'ecs-cluster-arn ecs-cluster-name ecs-service-name ecs-task-definition-arn'],
  [7, 'STRING', 'ecs-container-instance-arn ecs-container-instance-id ecs-container-id'],
  [7, 'STRING', 'ecs-second-container-id ecs-task-arn ecs-task-id'],
  [8, 'STRING', 'reject-reason'],
  [9, 'STRING', 'resource-id'],
  [10, 'INT_32', 'encryption-status'],
  [11, 'STRING', 'instance-tag instance-tag-2 interface-tag interface-tag-2 asg-tag asg-tag-2'],
  [11, 'STRING', 'interface-type next-hop-interface-id next-hop-subnet-id next-hop-az-id'],
  [11, 'STRING', 'next-hop-vpc-id next-hop-interface-type'],
];

const ADDRESSES = new Set(['srcaddr', 'dstaddr', 'pkt-srcaddr', 'pkt-dstaddr']);
const TIMES = new Set(['start', 'end']);

describe('the field table', () => {
  const documented = DOCUMENTED.flatMap(([version, type, names]) =>
    names.split(' ').map((name) => ({ name, version, type })),
  );

  test('has every field that AWS documents up to version 11, and no other', () => {
    const names = LOGGED_FIELDS.map(({ name }) => name);
    expect([...names].sort()).toEqual(documented.map(({ name }) => name).sort());
    expect(new Set(names).size).toBe(names.length);
    expect(names).toHaveLength(54 + 18);
  });

  test.each(documented)('$name is of version $version and in Parquet $type', (field) => {
    const { name, version, type } = field;
    const found = fieldNamed(name);
    expect(found?.version).toBe(version);
    if (TIMES.has(name)) expect(found?.type).toBe('time');
    else if (ADDRESSES.has(name)) expect(found?.type).toBe('address');
    else expect(found?.type).toBe(type === 'STRING' ? 'string' : 'number');
    if (type === 'STRING') expect(found?.range).toBeUndefined();
    else expect(found?.range?.[0]).toBe(0);
  });

  test('knows the default format of transit gateways: 36 fields, the first and last of them by AWS', () => {
    const { fields } = parseLayout(TRANSIT_GATEWAY_FORMAT);
    expect(fields.map(({ name }) => name).join(' ')).toBe(
      'version resource-type account-id tgw-id tgw-attachment-id tgw-src-vpc-account-id ' +
        'tgw-dst-vpc-account-id tgw-src-vpc-id tgw-dst-vpc-id tgw-src-subnet-id tgw-dst-subnet-id ' +
        'tgw-src-eni tgw-dst-eni tgw-src-az-id tgw-dst-az-id tgw-pair-attachment-id srcaddr dstaddr ' +
        'srcport dstport protocol packets bytes start end log-status type packets-lost-no-route ' +
        'packets-lost-blackhole packets-lost-mtu-exceeded packets-lost-ttl-expired tcp-flags region ' +
        'flow-direction pkt-src-aws-service pkt-dst-aws-service',
    );
    expect(fields).toHaveLength(36);
    expect(fields.every(({ version }) => version >= 2 && version <= 6)).toBe(true);
    expect(isTransitGateway(fields)).toBe(true);
    expect(isTransitGateway(fields.filter(({ version }) => version < 6))).toBe(false);
  });
});
