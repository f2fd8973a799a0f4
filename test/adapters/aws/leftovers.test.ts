import { randomUUID } from 'node:crypto';
import { CloudFormationClient, CreateStackCommand } from '@aws-sdk/client-cloudformation';
import { CloudWatchLogsClient, CreateLogGroupCommand } from '@aws-sdk/client-cloudwatch-logs';
import {
  CreateBucketCommand,
  PutBucketTaggingCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { afterAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { clientConfig, s3Config } from '../../../src/adapters/aws/clients.ts';
import { AwsLeftovers } from '../../../src/adapters/aws/leftovers.ts';
import { leftoversContract } from '../../contracts/leftovers.ts';

const config = clientConfig();
const cloudformation = new CloudFormationClient(config);
const logs = new CloudWatchLogsClient(config);
const s3 = new S3Client(s3Config());
const ssm = new SSMClient(config);

let stage: string;
let leftovers: AwsLeftovers;

beforeEach(() => {
  stage = `u${randomUUID().slice(0, 8)}`;
  leftovers = new AwsLeftovers({ stage });
});

jest.setTimeout(30_000);

afterAll(() => {
  for (const client of [cloudformation, logs, s3, ssm]) client.destroy();
});

async function bucket(Bucket: string, tagged: string | undefined = stage): Promise<string> {
  await s3.send(new CreateBucketCommand({ Bucket }));
  if (tagged === 'nobody') return Bucket;
  const TagSet = [
    { Key: 'service', Value: 'flowlog-alerts' },
    { Key: 'stage', Value: tagged },
  ];
  await s3.send(new PutBucketTaggingCommand({ Bucket, Tagging: { TagSet } }));
  return Bucket;
}

describe('The leftovers of AWS', () => {
  leftoversContract(async () => ({
    leftovers,
    newBucket: async (objects) => {
      const Bucket = await bucket(`flowlog-alerts-${stage}-statebucket-1a2b3c`);
      for (let i = 0; i < objects; i++) {
        await s3.send(new PutObjectCommand({ Bucket, Key: String(i), Body: 'x' }));
      }
      return Bucket;
    },
    newLogGroup: async () => {
      const logGroupName = `/aws/lambda/flowlog-alerts-${stage}-reduce`;
      await logs.send(new CreateLogGroupCommand({ logGroupName }));
      return logGroupName;
    },
    newParameter: async (path, secure) => {
      const Name = `/flowlog-alerts/${stage}/${path}`;
      const Type = secure ? 'SecureString' : 'String';
      await ssm.send(new PutParameterCommand({ Name, Type, Value: 'x' }));
    },
  }));
});

describe('Buckets', () => {
  test('are those with the name and the tags of the stage', async () => {
    const name = `flowlog-alerts-${stage}-statebucket-1a2b3c`;
    await bucket(name);
    await bucket(`flowlog-alerts-${stage}-serverlessdeploymentbucket-1a2b3c`);
    await bucket(`flowlog-alerts-${stage}-eu-statebucket-1a2b3c`, `${stage}-eu`);
    await bucket(`flowlog-alerts-${stage}-statebucket-untagged`, 'nobody');
    await bucket(`flowlog-alerts-${stage}-statebucket-other`, 'other');
    const found = await leftovers.buckets();
    expect(found.map(({ holds }) => holds).sort()).toEqual(['packages', 'state']);
    expect(found).toContainEqual({ name, holds: 'state' });
  });

  test('are emptied of every version, and deleted, and that may be done again', async () => {
    const Bucket = await bucket(`flowlog-alerts-${stage}-statebucket-full`);
    const VersioningConfiguration = { Status: 'Enabled' } as const;
    await s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration }));
    for (const Key of ['a', 'a', 'b']) {
      await s3.send(new PutObjectCommand({ Bucket, Key, Body: randomUUID() }));
    }
    const counts: number[] = [];
    expect(await leftovers.emptyBucket(Bucket, (count) => counts.push(count))).toBe(3);
    expect(counts.at(-1)).toBe(3);
    await leftovers.deleteBucket(Bucket);
    expect(await leftovers.buckets()).toEqual([]);
    expect(await leftovers.emptyBucket(Bucket, () => {})).toBe(0);
    await leftovers.deleteBucket(Bucket);
  });
});

test('Log groups are those of the stage’s functions, and may be deleted twice', async () => {
  const own = `/aws/lambda/flowlog-alerts-${stage}-reduce`;
  const other = `/aws/lambda/flowlog-alerts-${stage}-eu-reduce`;
  for (const logGroupName of [own, other]) {
    await logs.send(new CreateLogGroupCommand({ logGroupName }));
  }
  expect(await leftovers.logGroups()).toEqual([own]);
  await leftovers.deleteLogGroup(own);
  await leftovers.deleteLogGroup(own);
  expect(await leftovers.logGroups()).toEqual([]);
});

test('Parameters of the stage are deleted, and those of another one are not', async () => {
  const put = (Name: string, Type: 'String' | 'SecureString') =>
    ssm.send(new PutParameterCommand({ Name, Type, Value: 'x' }));
  await put(`/flowlog-alerts/${stage}/rules/a`, 'String');
  await put(`/flowlog-alerts/${stage}/channels/team`, 'SecureString');
  await put(`/flowlog-alerts/${stage}-eu/rules/a`, 'String');
  expect(await leftovers.parameters()).toEqual([
    { path: 'channels/team', secure: true },
    { path: 'rules/a', secure: false },
  ]);
  await leftovers.deleteParameters(['channels/team', 'rules/a', 'rules/gone']);
  expect(await leftovers.parameters()).toEqual([]);
  expect(await new AwsLeftovers({ stage: `${stage}-eu` }).parameters()).toHaveLength(1);
});

test('A stack is deleted, and one that is forgotten counts as gone', async () => {
  const { StackId = '' } = await cloudformation.send(
    new CreateStackCommand({
      StackName: `flowlog-alerts-${stage}`,
      TemplateBody: '{"Resources":{"Topic":{"Type":"AWS::SNS::Topic"}}}',
    }),
  );
  expect(await leftovers.stackStatus(StackId)).toEqual({ status: 'CREATE_COMPLETE' });
  await leftovers.deleteStack(StackId);
  expect(await leftovers.stackStatus(StackId)).toMatchObject({ status: 'DELETE_COMPLETE' });
  expect(await leftovers.stackStatus(`flowlog-alerts-${stage}-never`)).toEqual({
    status: 'DELETE_COMPLETE',
  });
});
