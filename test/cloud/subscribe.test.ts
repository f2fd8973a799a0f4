import { CloudFormationClient, CreateStackCommand } from '@aws-sdk/client-cloudformation';
import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  DescribeSubscriptionFiltersCommand,
  PutSubscriptionFilterCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import {
  CreateFlowLogsCommand,
  CreateNetworkInterfaceCommand,
  CreateSubnetCommand,
  CreateVpcCommand,
  EC2Client,
} from '@aws-sdk/client-ec2';
import { GetPolicyCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { clientConfig } from '../../src/adapters/aws/clients.ts';
import { newFunction } from '../adapters/aws/lambda-function.ts';
import { cli } from '../cli/cli.ts';

/** Of this file's own: the emulator is everyone's. */
const region = 'eu-north-1';
const STAGE = 'wiring';
const config = { ...clientConfig(), region };
const ec2 = new EC2Client(config);
const logs = new CloudWatchLogsClient(config);
const lambda = new LambdaClient(config);
const cloudformation = new CloudFormationClient(config);

let functionArn: string;
let vpcs: string[];

jest.setTimeout(60_000);

beforeAll(async () => {
  functionArn = await newFunction(region);
  await cloudformation.send(
    new CreateStackCommand({
      StackName: `flowlog-alerts-${STAGE}`,
      TemplateBody: JSON.stringify({
        Resources: { Topic: { Type: 'AWS::SNS::Topic' } },
        Outputs: { LogsFunctionArn: { Value: functionArn } },
      }),
    }),
  );
  vpcs = [];
  for (const group of ['/vpc/a', '/vpc/b', undefined]) vpcs.push(await newVpc(group));
  for (const name of ['siem', 'archive']) await theirFilter('/vpc/b', name);
});

afterAll(() => {
  for (const client of [ec2, logs, lambda, cloudformation]) client.destroy();
});

/** A VPC with one interface, and a flow log of it into a new log group. */
async function newVpc(group: string | undefined): Promise<string> {
  const { Vpc } = await ec2.send(new CreateVpcCommand({ CidrBlock: '10.7.0.0/16' }));
  const VpcId = Vpc?.VpcId ?? '';
  const { Subnet } = await ec2.send(new CreateSubnetCommand({ VpcId, CidrBlock: '10.7.1.0/24' }));
  await ec2.send(new CreateNetworkInterfaceCommand({ SubnetId: Subnet?.SubnetId }));
  if (group === undefined) return VpcId;
  await logs.send(new CreateLogGroupCommand({ logGroupName: group }));
  await ec2.send(
    new CreateFlowLogsCommand({
      ResourceType: 'VPC',
      ResourceIds: [VpcId],
      TrafficType: 'ALL',
      LogGroupName: group,
      DeliverLogsPermissionArn: 'arn:aws:iam::123456789012:role/flow-logs',
    }),
  );
  return VpcId;
}

async function theirFilter(logGroupName: string, filterName: string): Promise<void> {
  const destinationArn = await newFunction(region);
  await logs.send(
    new PutSubscriptionFilterCommand({
      logGroupName,
      filterName,
      filterPattern: '',
      destinationArn,
    }),
  );
}

const subscribe = (...more: string[]) =>
  cli(['subscribe', '--stage', STAGE, '--region', region, ...more]);

async function filtersOf(logGroupName: string) {
  const answer = await logs.send(new DescribeSubscriptionFiltersCommand({ logGroupName }));
  return (answer.subscriptionFilters ?? []).map(({ filterName }) => filterName);
}

async function policy(): Promise<string> {
  const found = await lambda.send(new GetPolicyCommand({ FunctionName: functionArn }));
  return found.Policy ?? '';
}

test('It shows what can be subscribed, what cannot and why, and what has no flow log', async () => {
  const { code, out, err } = await subscribe();
  expect(code).toBe(0);
  expect(out).toMatch(/subscribe +\/vpc\/a +default +600 s +ALL +nothing reads it yet/);
  expect(out).toMatch(/cannot +\/vpc\/b .*(siem and archive|archive and siem)/);
  expect(out).toContain(
    `aws ec2 create-flow-logs --region ${region} --resource-type VPC --resource-ids ${vpcs[2]} `,
  );
  expect(out).toContain('--deliver-logs-permission-arn arn:aws:iam::123456789012:role/flow-logs ');
  expect(err).toContain('1 to subscribe, 0 to put right, 0 subscribed, 1 that cannot be');
  expect(err).toContain('Nothing was changed: --apply does it.');
  expect(await filtersOf('/vpc/a')).toEqual([]);
});

test('With --apply it does so, and the next time there is nothing to do', async () => {
  const first = await subscribe('--apply');
  expect({ code: first.code, out: first.out }).toEqual({
    code: 0,
    out: expect.stringMatching(/^ok +eu-north-1 +\/vpc\/a: subscribed$/m),
  });
  expect(await filtersOf('/vpc/a')).toEqual([`flowlog-alerts-${STAGE}`]);
  expect(await policy()).toContain('log-group:/vpc/a:*');
  const second = await subscribe('--apply');
  expect(second.out).not.toContain('ok  ');
  expect(second.out).toMatch(/subscribed +\/vpc\/a/);
});

test('--json has one object a line', async () => {
  const { out } = await subscribe('--json', '--groups', '/vpc/a');
  const objects = out
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(objects).toContainEqual(
    expect.objectContaining({ kind: 'group', group: '/vpc/a', verdict: 'subscribed' }),
  );
  expect(objects).not.toContainEqual(expect.objectContaining({ group: '/vpc/b' }));
  expect(objects).toContainEqual(expect.objectContaining({ kind: 'uncovered', vpc: vpcs[2] }));
});

test('--undo shows what was made, and with --apply takes away that alone', async () => {
  const shown = await subscribe('--undo');
  expect(shown.out).toBe('eu-north-1  /vpc/a\n');
  expect(await filtersOf('/vpc/a')).toHaveLength(1);
  expect(await subscribe('--undo', '--apply')).toMatchObject({ code: 0 });
  expect([await filtersOf('/vpc/a'), (await filtersOf('/vpc/b')).length]).toEqual([[], 2]);
  const again = await subscribe('--undo', '--apply');
  expect(again.err).toContain('made nothing here');
});

test('In a region without the stage it says where to deploy', async () => {
  const { code, out } = await cli([
    'subscribe',
    '--stage',
    'elsewhere',
    '--regions',
    `${region},eu-south-1`,
  ]);
  expect(code).toBe(0);
  expect(out).toContain(`npx serverless deploy --stage elsewhere --region ${region}`);
  expect(out).toMatch(/^eu-south-1\n +No log group with flow logs\./m);
});

test('A region that is none is a usage error', async () => {
  const { code, err } = await cli(['subscribe', '--regions', 'europe']);
  expect({ code, err }).toEqual({ code: 2, err: expect.stringContaining('"europe" is no region') });
});
