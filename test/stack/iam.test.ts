import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { packagedTemplate, ROOT } from '../cloud/serverless.ts';

/**
 * What CloudFormation does in the deployer's name to make, change and remove a resource as this
 * stack has it: the handlers' permissions in the resource types' public schemas, without those of
 * features the stack does not use.
 */
const NEEDED: Readonly<Record<string, string>> = {
  'AWS::CloudWatch::Alarm':
    'cloudwatch:PutMetricAlarm cloudwatch:DeleteAlarms cloudwatch:DescribeAlarms cloudwatch:TagResource cloudwatch:UntagResource cloudwatch:ListTagsForResource',
  'AWS::CloudWatch::Dashboard':
    'cloudwatch:PutDashboard cloudwatch:GetDashboard cloudwatch:DeleteDashboards',
  'AWS::DynamoDB::Table':
    'dynamodb:CreateTable dynamodb:DeleteTable dynamodb:DescribeTable dynamodb:UpdateTable dynamodb:DescribeTimeToLive dynamodb:UpdateTimeToLive dynamodb:DescribeContinuousBackups dynamodb:UpdateContinuousBackups dynamodb:ListTagsOfResource dynamodb:TagResource',
  'AWS::Events::Rule':
    'events:PutRule events:DeleteRule events:DescribeRule events:PutTargets events:RemoveTargets events:ListTargetsByRule events:TagResource',
  'AWS::IAM::Role':
    'iam:CreateRole iam:DeleteRole iam:GetRole iam:PutRolePolicy iam:DeleteRolePolicy iam:GetRolePolicy iam:ListRolePolicies iam:ListAttachedRolePolicies iam:UpdateAssumeRolePolicy iam:PutRolePermissionsBoundary iam:TagRole iam:UntagRole',
  'AWS::KMS::Key':
    'kms:CreateKey kms:EnableKeyRotation kms:PutKeyPolicy kms:TagResource kms:DescribeKey kms:ScheduleKeyDeletion',
  'AWS::Kinesis::Stream':
    'kinesis:CreateStream kinesis:DeleteStream kinesis:DescribeStreamSummary kinesis:IncreaseStreamRetentionPeriod kinesis:StartStreamEncryption kinesis:StopStreamEncryption kinesis:UpdateShardCount kinesis:UpdateStreamMode kinesis:AddTagsToStream kinesis:RemoveTagsFromStream kinesis:ListTagsForStream',
  'AWS::Logs::Destination':
    'logs:PutDestination logs:PutDestinationPolicy logs:DeleteDestination logs:DescribeDestinations iam:PassRole',
  'AWS::Lambda::EventInvokeConfig':
    'lambda:PutFunctionEventInvokeConfig lambda:UpdateFunctionEventInvokeConfig lambda:DeleteFunctionEventInvokeConfig',
  'AWS::Lambda::EventSourceMapping':
    'lambda:CreateEventSourceMapping lambda:UpdateEventSourceMapping lambda:GetEventSourceMapping lambda:DeleteEventSourceMapping lambda:TagResource',
  'AWS::Lambda::Function':
    'lambda:CreateFunction lambda:DeleteFunction lambda:GetFunction lambda:UpdateFunctionCode lambda:UpdateFunctionConfiguration lambda:TagResource iam:PassRole s3:GetObject',
  'AWS::Lambda::Permission': 'lambda:AddPermission lambda:RemovePermission lambda:GetPolicy',
  'AWS::Logs::LogGroup':
    'logs:CreateLogGroup logs:DeleteLogGroup logs:DescribeLogGroups logs:PutRetentionPolicy logs:TagResource',
  'AWS::Logs::SubscriptionFilter':
    'logs:PutSubscriptionFilter logs:DeleteSubscriptionFilter logs:DescribeSubscriptionFilters',
  'AWS::S3::Bucket':
    's3:CreateBucket s3:DeleteBucket s3:ListBucket s3:PutEncryptionConfiguration s3:PutLifecycleConfiguration s3:PutBucketPublicAccessBlock s3:PutBucketOwnershipControls s3:PutBucketTagging',
  'AWS::S3::BucketPolicy': 's3:PutBucketPolicy s3:GetBucketPolicy s3:DeleteBucketPolicy',
  'AWS::SNS::Subscription': 'sns:Subscribe sns:Unsubscribe sns:GetSubscriptionAttributes',
  'AWS::SNS::Topic':
    'sns:CreateTopic sns:DeleteTopic sns:GetTopicAttributes sns:SetTopicAttributes sns:TagResource',
  'AWS::SNS::TopicPolicy': 'sns:SetTopicAttributes',
  'AWS::SQS::Queue':
    'sqs:CreateQueue sqs:DeleteQueue sqs:GetQueueUrl sqs:GetQueueAttributes sqs:SetQueueAttributes sqs:TagQueue',
  'AWS::SQS::QueuePolicy': 'sqs:SetQueueAttributes',
};

/** Of the resources that the parameter `athena` adds. */
const NEEDED_FOR_ATHENA: Readonly<Record<string, string>> = {
  'AWS::Athena::WorkGroup':
    'athena:CreateWorkGroup athena:DeleteWorkGroup athena:GetWorkGroup athena:UpdateWorkGroup athena:ListTagsForResource athena:TagResource athena:UntagResource',
  'AWS::Glue::Database':
    'glue:CreateDatabase glue:DeleteDatabase glue:GetDatabase glue:UpdateDatabase',
  'AWS::Glue::Table': 'glue:CreateTable glue:DeleteTable glue:GetTable glue:UpdateTable',
};

interface Policy {
  readonly Statement: readonly { readonly Action: readonly string[]; readonly Resource: unknown }[];
}

const read = async (name: string) =>
  JSON.parse(await readFile(join(ROOT, 'docs/iam', name), 'utf8')) as Policy;
const granted = ({ Statement }: Policy) => new Set(Statement.flatMap(({ Action }) => Action));

describe('docs/iam', () => {
  test('deploy.json lets CloudFormation make every resource of the template', async () => {
    const actions = granted(await read('deploy.json'));
    const { Resources } = await packagedTemplate({
      stage: 'test',
      params: { logGroups: '/vpc/a', ownerEmail: 'owner@example.org' },
    });
    const types = [...new Set(Object.values(Resources).map(({ Type }) => Type))];
    const missing = types.flatMap((type) =>
      (NEEDED[type] ?? `unknown:${type}`).split(' ').filter((action) => !actions.has(action)),
    );
    expect(missing).toEqual([]);
  }, 60_000);

  test('athena.json and deploy.json let it make those of a table as well', async () => {
    const actions = new Set([
      ...granted(await read('deploy.json')),
      ...granted(await read('athena.json')),
    ]);
    const { Resources } = await packagedTemplate({
      stage: 'test',
      params: { athena: 's3://logs/vpc' },
    });
    const needed = { ...NEEDED, ...NEEDED_FOR_ATHENA };
    const types = [...new Set(Object.values(Resources).map(({ Type }) => Type))];
    expect(types).toEqual(expect.arrayContaining(Object.keys(NEEDED_FOR_ATHENA)));
    const missing = types.flatMap((type) =>
      (needed[type] ?? `unknown:${type}`).split(' ').filter((action) => !actions.has(action)),
    );
    expect(missing).toEqual([]);
  }, 60_000);

  test('deploy.json and deploy-stream.json let it make a stream of its own and the way to it', async () => {
    const [deploy, stream] = [await read('deploy.json'), await read('deploy-stream.json')];
    const actions = new Set([...granted(deploy), ...granted(stream)]);
    const { Resources } = await packagedTemplate({
      stage: 'test',
      params: { createStream: '1', streamSenders: '111111111111' },
    });
    const types = [...new Set(Object.values(Resources).map(({ Type }) => Type))];
    expect(types).toEqual(
      expect.arrayContaining(['AWS::Kinesis::Stream', 'AWS::Logs::Destination']),
    );
    const missing = types.flatMap((type) =>
      (NEEDED[type] ?? `unknown:${type}`).split(' ').filter((action) => !actions.has(action)),
    );
    expect(missing).toEqual([]);
    expect(JSON.stringify(stream).length).toBeLessThanOrEqual(6_144);
  }, 60_000);

  test('deploy.json fits a managed policy', async () => {
    expect(JSON.stringify(await read('deploy.json')).length).toBeLessThanOrEqual(6_144);
  });

  test.each([
    'deploy.json',
    'deploy-stream.json',
    'athena.json',
    'rules.json',
    'read.json',
    'test-alert.json',
    'channels.json',
    'rebuild.json',
    'subscribe.json',
    'doctor.json',
    'uninstall.json',
  ])('%s has no wildcard in an action', async (name) => {
    for (const action of granted(await read(name))) expect(action).toMatch(/^[a-z0-9]+:[A-Za-z]+$/);
  });

  test('who makes memory again can write checkpoints and their backups, and nothing else', async () => {
    const { Statement } = await read('rebuild.json');
    const writes = Statement.flatMap(({ Action, Resource }) =>
      Action.filter((action) => !/:(Get|List|Describe|Query)/.test(action)).map((action) => [
        action,
        Resource,
      ]),
    );
    expect(writes).toEqual([
      ['s3:PutObject', 'arn:aws:s3:::flowlog-alerts-STAGE-*/checkpoint/*'],
      ['s3:PutObject', 'arn:aws:s3:::flowlog-alerts-STAGE-*/backup/*'],
    ]);
  });

  test('who writes rules or reads cannot change the stack', async () => {
    for (const name of ['rules.json', 'read.json', 'test-alert.json']) {
      const changes = [...granted(await read(name))].filter((action) =>
        /:(Create|Update|Delete|Put)/.test(action),
      );
      expect(changes.filter((action) => !action.startsWith('ssm:'))).toEqual([]);
    }
  });
});
