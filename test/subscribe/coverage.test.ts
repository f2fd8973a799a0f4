import { describe, expect, test } from '@jest/globals';
import type { FlowLog } from '../../src/ports/flow-log-inventory.ts';
import { coveredTwice, uncoveredVpcs } from '../../src/subscribe/coverage.ts';
import { createFlowLogsCommand } from '../../src/subscribe/create-flow-logs.ts';
import { flowLog } from './memory-region.ts';

const NETWORK = {
  vpcs: [
    { id: 'vpc-1', cidr: '10.0.0.0/16' },
    { id: 'vpc-2', cidr: '10.1.0.0/16' },
  ],
  subnets: [
    { id: 'subnet-1', vpc: 'vpc-1' },
    { id: 'subnet-2', vpc: 'vpc-1' },
    { id: 'subnet-9', vpc: 'vpc-2' },
  ],
};
const INTERFACES = [{ id: 'eni-1', subnet: 'subnet-1', vpc: 'vpc-1' }];
const of = (resource: string, more: Partial<FlowLog> = {}) =>
  flowLog('/vpc', { resource, ...more });

describe('VPCs without a flow log', () => {
  const uncovered = (...resources: string[]) =>
    uncoveredVpcs(
      resources.map((id) => of(id)),
      NETWORK,
    ).map(({ vpc, subnets }) => [vpc.id, ...subnets]);

  test('are those of which neither they nor their subnets have one', () => {
    expect(uncovered()).toEqual([['vpc-1'], ['vpc-2']]);
    expect(uncovered('vpc-1')).toEqual([['vpc-2']]);
    expect(uncovered('vpc-1', 'subnet-9')).toEqual([]);
  });

  test('are named with their open subnets where others have one', () => {
    expect(uncovered('subnet-1', 'vpc-2')).toEqual([['vpc-1', 'subnet-2']]);
    expect(uncovered('subnet-1', 'subnet-2', 'vpc-2')).toEqual([]);
  });

  test('are not covered by the flow log of one interface', () => {
    expect(uncovered('eni-1', 'vpc-2')).toEqual([['vpc-1']]);
  });
});

describe('records twice', () => {
  const twice = (...flowLogs: FlowLog[]) =>
    coveredTwice(flowLogs, NETWORK, INTERFACES, new Set(['/vpc', '/two'])).map(
      ({ first, second }) => `${first.resource} ${second.resource}`,
    );

  test('come of a VPC and its subnet, its interface, or the VPC again', () => {
    expect(twice(of('vpc-1'), of('subnet-1'))).toEqual(['subnet-1 vpc-1']);
    expect(twice(of('vpc-1'), of('eni-1'))).toEqual(['eni-1 vpc-1']);
    expect(twice(of('subnet-1'), of('eni-1'))).toEqual(['eni-1 subnet-1']);
    expect(twice(of('vpc-1'), of('vpc-1'))).toEqual(['vpc-1 vpc-1']);
  });

  test('do not come of two networks that have nothing in common', () => {
    expect(twice(of('vpc-1'), of('vpc-2'), of('subnet-9', { traffic: 'ACCEPT' }))).toEqual([
      'subnet-9 vpc-2',
    ]);
    expect(twice(of('vpc-1'), of('vpc-2'))).toEqual([]);
    expect(twice(of('subnet-2'), of('eni-1'))).toEqual([]);
  });

  test('do not come of one that takes accepts and one that takes rejects', () => {
    expect(twice(of('vpc-1', { traffic: 'ACCEPT' }), of('vpc-1', { traffic: 'REJECT' }))).toEqual(
      [],
    );
  });

  test('come of two log groups as well, where both are read', () => {
    const into = (group: string) => ({ destination: { kind: 'log-group', group } }) as const;
    expect(twice(of('vpc-1'), of('vpc-1', into('/two')))).toHaveLength(1);
    expect(twice(of('vpc-1'), of('vpc-1', into('/not-read')))).toEqual([]);
  });
});

describe('the command for a new flow log', () => {
  const [vpc] = NETWORK.vpcs;
  const command = (subnets: string[], role?: string) =>
    createFlowLogsCommand({
      region: 'eu-west-1',
      uncovered: { vpc: vpc as (typeof NETWORK.vpcs)[0], subnets },
      format: '${srcaddr} ${dstaddr}',
      ...(role && { role }),
    });

  test('covers the VPC with a record a minute, in a format the shell leaves alone', () => {
    const text = command([], 'arn:aws:iam::1:role/flow-logs');
    expect(text).toContain('--region eu-west-1 --resource-type VPC --resource-ids vpc-1 ');
    expect(text).toContain('--traffic-type ALL --max-aggregation-interval 60 ');
    expect(text).toContain('--deliver-logs-permission-arn arn:aws:iam::1:role/flow-logs ');
    expect(text).toMatch(/--log-format '\$\{srcaddr} \$\{dstaddr}'$/);
  });

  test('covers the open subnets alone where there are others', () => {
    expect(command(['subnet-1', 'subnet-2'])).toContain(
      '--resource-type Subnet --resource-ids subnet-1 subnet-2 ',
    );
  });

  test('says ROLE_ARN where no role is known', () => {
    expect(command([])).toContain('--deliver-logs-permission-arn ROLE_ARN ');
  });
});
