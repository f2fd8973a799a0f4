import {
  CreateFlowLogsCommand,
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

async function flowLog(group: string, format?: string): Promise<void> {
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
    }),
  );
  created.push(...(FlowLogIds ?? []));
}

test('Every format of a group is kept, each once', async () => {
  await flowLog('/vpc/b', B);
  await flowLog('/vpc/b', A);
  await flowLog('/vpc/b', A);
  await flowLog('/vpc/a');
  const formats = await new Ec2FlowLogCatalog({ client }).formats();
  expect(formats).toEqual({ '/vpc/a': [DEFAULT_FORMAT], '/vpc/b': [B, A] });
  expect(Object.keys(formats)).toEqual(['/vpc/a', '/vpc/b']);
});

test('A refusal names the right that is missing', async () => {
  proxy.onCall(() => 'deny');
  await expect(new Ec2FlowLogCatalog({ client: faulty }).formats()).rejects.toThrow(
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
  expect(await new Ec2FlowLogCatalog({ client: pages }).formats()).toEqual({
    a: [A],
    'by-arn': [B],
  });
});
