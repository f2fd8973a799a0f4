import { DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import { DescribeLogGroupsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { ListFunctionsCommand } from '@aws-sdk/client-lambda';
import { ListBucketsCommand } from '@aws-sdk/client-s3';
import { ListTopicsCommand } from '@aws-sdk/client-sns';
import { ListQueuesCommand } from '@aws-sdk/client-sqs';
import { type Clients, jsonCall, roleNames } from './emulator.ts';

/** What is in the account, as `kind name`: to see what a removed stack left behind. */
export async function inventory(aws: Clients, endpoint: string): Promise<string[]> {
  const { Stacks = [] } = await aws.cloudformation.send(new DescribeStacksCommand({}));
  const { MetricAlarms = [] } = await aws.cloudwatch.send(new DescribeAlarmsCommand({}));
  const { logGroups = [] } = await aws.logs.send(new DescribeLogGroupsCommand({}));
  const { TableNames = [] } = await aws.dynamodb.send(new ListTablesCommand({}));
  const { Functions = [] } = await aws.lambda.send(new ListFunctionsCommand({}));
  const { Buckets = [] } = await aws.s3.send(new ListBucketsCommand({}));
  const { Topics = [] } = await aws.sns.send(new ListTopicsCommand({}));
  const { QueueUrls = [] } = await aws.sqs.send(new ListQueuesCommand({}));
  const { Rules } = await jsonCall<{ Rules: { Name: string }[] }>(
    endpoint,
    'events',
    'AWSEvents.ListRules',
    {},
  );
  const named: Readonly<Record<string, (string | undefined)[]>> = {
    alarm: MetricAlarms.map(({ AlarmName }) => AlarmName),
    bucket: Buckets.map(({ Name }) => Name),
    function: Functions.map(({ FunctionName }) => FunctionName),
    'log group': logGroups.map(({ logGroupName }) => logGroupName),
    queue: QueueUrls,
    role: await roleNames(endpoint),
    rule: Rules.map(({ Name }) => Name),
    stack: Stacks.filter(({ StackStatus }) => StackStatus !== 'DELETE_COMPLETE').map(
      ({ StackName }) => StackName,
    ),
    table: TableNames,
    topic: Topics.map(({ TopicArn }) => TopicArn),
  };
  return Object.entries(named)
    .flatMap(([kind, names]) => names.map((name) => `${kind} ${name}`))
    .sort();
}
