import {
  CreateFlowLogsCommand,
  type CreateFlowLogsCommandInput,
  CreateVpcCommand,
  DeleteFlowLogsCommand,
  EC2Client,
} from '@aws-sdk/client-ec2';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { clientConfig } from '../../../src/adapters/aws/clients.ts';
import { Ec2FlowLogCatalog } from '../../../src/adapters/aws/flow-log-catalog.ts';
import { DEFAULT_FORMAT } from '../../../src/records/layout.ts';
import { type FaultProxy, startFaultProxy } from '../../moto/fault-proxy.ts';
import { ENDPOINT } from './emulator.ts';

const client = new EC2Client(clientConfig());
const created: string[] = [];
const A = '${version} ${srcaddr}';
const B = '${version} ${dstaddr}';

let proxy: FaultProxy;
let faulty: EC2Client;

beforeAll(async () => {
  proxy = await startFaultProxy(ENDPOINT);
  faulty = new EC2Client({ ...clientConfig(), endpoint: proxy.endpoint });
});
afterAll(async () => {
  client.destroy();
  faulty.destroy();
  await proxy.stop();
});
afterEach(async () => {
  proxy.clear();
  await client.send(new DeleteFlowLogsCommand({ FlowLogIds: created.splice(0) }));
});

async function flowLog(
  group: string,
  format?: string,
  more: Partial<CreateFlowLogsCommandInput> = {},
): Promise<void> {
  const { Vpc } = await client.send(new CreateVpcCommand({ CidrBlock: '10.0.0.0/16' }));
  const { FlowLogIds } = await client.send(
    new CreateFlowLogsCommand({
      ResourceType: 'VPC',
      ResourceIds: [Vpc?.VpcId ?? ''],
      TrafficType: 'ALL',
      LogDestinationType: 'cloud-watch-logs',
      LogGroupName: group,
      DeliverLogsPermissionArn: 'arn:aws:iam::123456789012:role/flow-logs',
      ...(format && { LogFormat: format }),
      ...more,
    }),
  );
  created.push(...(FlowLogIds ?? []));
}

/** What it says of the groups of this file: other tests have flow logs in the same account meanwhile. */
async function described() {
  const { formats, flowLogs } = await new Ec2FlowLogCatalog({ client }).describe();
  const own = <T>(all: Readonly<Record<string, T>>) =>
    Object.fromEntries(Object.entries(all).filter(([group]) => group.startsWith('/catalog/')));
  return { formats: own(formats), flowLogs: own(flowLogs) };
}

test('Every format of a group is kept, each once', async () => {
  await flowLog('/catalog/b', B);
  await flowLog('/catalog/b', A);
  await flowLog('/catalog/b', A);
  await flowLog('/catalog/a');
  const { formats } = await described();
  expect(formats).toEqual({ '/catalog/a': [DEFAULT_FORMAT], '/catalog/b': [B, A] });
  expect(Object.keys(formats)).toEqual(['/catalog/a', '/catalog/b']);
});

test('A refusal names the right that is missing', async () => {
  proxy.onCall(() => 'deny');
  await expect(new Ec2FlowLogCatalog({ client: faulty }).describe()).rejects.toThrow(
    'allow ec2:DescribeFlowLogs, or give them in settings under formats',
  );
});

/** A client that answers from pages; the emulator never has more than one. */
function paged(...pages: object[]): EC2Client {
  const answers = [...pages];
  return { send: async () => answers.shift() ?? {} } as unknown as EC2Client;
}

test('All pages are read, empty ones included, and flow logs to S3 or Firehose passed over', async () => {
  const pages = paged(
    { FlowLogs: [{ LogGroupName: 'a', LogFormat: A }], NextToken: '1' },
    { FlowLogs: [], NextToken: '2' },
    {
      FlowLogs: [
        { LogDestinationType: 's3', LogDestination: 'arn:aws:s3:::bucket', LogFormat: B },
        { LogDestinationType: 'kinesis-data-firehose', LogDestination: 'arn:x', LogFormat: B },
        {
          LogDestinationType: 'cloud-watch-logs',
          LogDestination: 'arn:aws:logs:eu-west-1:123456789012:log-group:by-arn:*',
          LogFormat: B,
        },
        { LogGroupName: 'without-format' },
      ],
    },
  );
  const { formats } = await new Ec2FlowLogCatalog({ client: pages }).describe();
  expect(formats).toEqual({ a: [A], 'by-arn': [B] });
});

test('Interval and traffic of a group are those of its flow log', async () => {
  await flowLog('/catalog/minute', A, { MaxAggregationInterval: 60, TrafficType: 'REJECT' });
  await flowLog('/catalog/usual', A);
  const { flowLogs } = await described();
  expect(flowLogs).toEqual({
    '/catalog/minute': { interval: 60, traffic: 'REJECT' },
    '/catalog/usual': { interval: 600, traffic: 'ALL' },
  });
});

test.each([
  ['the coarser interval counts', [{ i: 60 }, { i: 600 }, { i: 60 }], { interval: 600 }],
  ['two of a kind are that kind', [{ t: 'REJECT' }, { t: 'REJECT' }], { traffic: 'REJECT' }],
  ['accepts beside rejects are all', [{ t: 'ACCEPT' }, { t: 'REJECT' }], { traffic: 'ALL' }],
  ['all beside one kind is all', [{ t: 'ALL' }, { t: 'REJECT' }], { traffic: 'ALL' }],
  ['a transit gateway says no kind', [{ i: 60 }], { interval: 60 }],
  ['an interval of another length is not known', [{ i: 30 }], {}],
])('Of several flow logs of one group, %s', async (_, given, expected) => {
  const logs = given.map(({ i, t }: { i?: number; t?: string }) => ({
    LogGroupName: 'g',
    ...(i && { MaxAggregationInterval: i }),
    ...(t && { TrafficType: t }),
  }));
  const answer = await new Ec2FlowLogCatalog({ client: paged({ FlowLogs: logs }) }).describe();
  expect(answer).toEqual({ formats: {}, flowLogs: { g: expected } });
});
