import { randomUUID } from 'node:crypto';
import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  PutLogEventsCommand,
  PutRetentionPolicyCommand,
  PutSubscriptionFilterCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import {
  CreateFlowLogsCommand,
  type CreateFlowLogsCommandInput,
  CreateNetworkInterfaceCommand,
  CreateSubnetCommand,
  CreateVpcCommand,
  EC2Client,
} from '@aws-sdk/client-ec2';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { clientConfig, s3Config } from '../../../src/adapters/aws/clients.ts';
import {
  AwsFlowLogInventory,
  enabledRegions,
  regionFor,
} from '../../../src/adapters/aws/flow-log-inventory.ts';
import { flowLogInventoryContract } from '../../contracts/flow-log-inventory.ts';
import { newFunction } from './lambda-function.ts';

const ec2 = new EC2Client(clientConfig());
const logs = new CloudWatchLogsClient(clientConfig());
const s3 = new S3Client(s3Config());
const inventory = new AwsFlowLogInventory({});
const ROLE = 'arn:aws:iam::123456789012:role/flow-logs';

let vpc: string;

beforeAll(async () => {
  const { Vpc } = await ec2.send(
    new CreateVpcCommand({
      CidrBlock: '10.9.0.0/16',
      TagSpecifications: [{ ResourceType: 'vpc', Tags: [{ Key: 'Name', Value: 'main' }] }],
    }),
  );
  vpc = Vpc?.VpcId ?? '';
});

jest.setTimeout(30_000);

afterAll(() => {
  for (const client of [ec2, logs, s3]) client.destroy();
});

async function group(): Promise<string> {
  const logGroupName = `/vpc/${randomUUID()}`;
  await logs.send(new CreateLogGroupCommand({ logGroupName }));
  return logGroupName;
}

async function flowLog(more: Partial<CreateFlowLogsCommandInput>): Promise<string> {
  const { FlowLogIds = [] } = await ec2.send(
    new CreateFlowLogsCommand({
      ResourceType: 'VPC',
      ResourceIds: [vpc],
      TrafficType: 'ALL',
      ...more,
    }),
  );
  return FlowLogIds[0] ?? '';
}

const found = async (id: string) => (await inventory.flowLogs()).find((one) => one.id === id);

describe('Flow logs', () => {
  test('into a log group have its name, format, interval, traffic and role', async () => {
    const name = await group();
    const id = await flowLog({
      LogGroupName: name,
      DeliverLogsPermissionArn: ROLE,
      LogFormat: '${version} ${srcaddr}',
      MaxAggregationInterval: 60,
      TrafficType: 'REJECT',
    });
    expect(await found(id)).toEqual({
      id,
      resource: vpc,
      destination: { kind: 'log-group', group: name },
      format: '${version} ${srcaddr}',
      interval: 60,
      traffic: 'REJECT',
      role: ROLE,
    });
  });

  test('that are not delivered say why', async () => {
    const name = `/vpc/missing-${randomUUID()}`;
    const id = await flowLog({ LogGroupName: name, DeliverLogsPermissionArn: ROLE });
    expect(await found(id)).toMatchObject({ failure: 'Access error' });
  });

  test('into S3 are told apart', async () => {
    const bucket = `flow-${randomUUID()}`;
    await s3.send(new CreateBucketCommand({ Bucket: bucket }));
    const arn = `arn:aws:s3:::${bucket}`;
    const id = await flowLog({ LogDestinationType: 's3', LogDestination: arn });
    expect(await found(id)).toMatchObject({ destination: { kind: 's3', arn } });
  });
});

test('A network has the VPCs by name, and their subnets', async () => {
  const subnet = await newSubnet(vpc);
  const { vpcs, subnets } = await inventory.network();
  expect(vpcs).toContainEqual({ id: vpc, name: 'main', cidr: '10.9.0.0/16' });
  expect(subnets).toContainEqual({ id: subnet, vpc });
});

async function newSubnet(VpcId: string): Promise<string> {
  const { Subnet } = await ec2.send(new CreateSubnetCommand({ VpcId, CidrBlock: '10.9.1.0/24' }));
  return Subnet?.SubnetId ?? '';
}

describe('The inventory of AWS', () => {
  flowLogInventoryContract(async () => ({
    inventory,
    newGroup: async (retentionInDays) => {
      const logGroupName = await group();
      if (retentionInDays !== undefined) {
        await logs.send(new PutRetentionPolicyCommand({ logGroupName, retentionInDays }));
      }
      return logGroupName;
    },
    newFilter: async (logGroupName, filterName, filterPattern) => {
      const destinationArn = await newFunction();
      await logs.send(
        new PutSubscriptionFilterCommand({
          logGroupName,
          filterName,
          filterPattern,
          destinationArn,
        }),
      );
    },
    newVpc: async () => {
      const { Vpc } = await ec2.send(new CreateVpcCommand({ CidrBlock: '10.9.0.0/16' }));
      return Vpc?.VpcId ?? '';
    },
    newInterface: async (of) => {
      const SubnetId = await newSubnet(of);
      const { NetworkInterface } = await ec2.send(new CreateNetworkInterfaceCommand({ SubnetId }));
      return NetworkInterface?.NetworkInterfaceId ?? '';
    },
  }));

  test('tells when the newest event of a group came', async () => {
    const name = await group();
    const stream = { logGroupName: name, logStreamName: 'eni-1-all' };
    await logs.send(new CreateLogStreamCommand(stream));
    const before = Date.now();
    const logEvents = [{ timestamp: before, message: 'x' }];
    await logs.send(new PutLogEventsCommand({ ...stream, logEvents }));
    expect(await inventory.lastEvent(name)).toBeGreaterThanOrEqual(before - 1_000);
  });
});

test('Regions are those the account uses, and the own one is the configured one', async () => {
  expect(await enabledRegions({})).toEqual(expect.arrayContaining(['eu-west-1', 'us-east-1']));
  expect(await regionFor({})).toBe('us-east-1');
  expect(await regionFor({ region: 'eu-west-1' })).toBe('eu-west-1');
});
