import { CloudFormationClient, ListStackResourcesCommand } from '@aws-sdk/client-cloudformation';
import { CloudWatchClient, DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import {
  GetAccountSettingsCommand,
  GetEventSourceMappingCommand,
  GetFunctionConfigurationCommand,
  LambdaClient,
} from '@aws-sdk/client-lambda';
import { HeadObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { ListSubscriptionsByTopicCommand, SNSClient } from '@aws-sdk/client-sns';
import { GetQueueAttributesCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { DescribeParametersCommand, SSMClient } from '@aws-sdk/client-ssm';
import { type ConfigState, parseState } from '../../config/state.ts';
import { keepsFailures } from '../../doctor/letter.ts';
import type {
  AlarmState,
  FunctionState,
  HealthMetrics,
  MappingState,
  ParameterFacts,
  QueueState,
  StackResource,
  StageHealth,
  TopicSubscription,
} from '../../ports/stage-health.ts';
import { decodeCheckpoint } from '../../reduce/3-checkpoint/checkpoint.ts';
import type { ShardState } from '../../reduce/state.ts';
import { endpointOf } from './clients.ts';
import { DeployedState } from './deployed-state.ts';
import { readHealthMetrics } from './health-metrics.ts';
import { type PersonOptions, personConfig } from './person-config.ts';
import { statusOf } from './s3-errors.ts';
import { CONFIG_STATE_KEY, configState } from './snapshot-publisher.ts';
import { checkpointKey, SNAPSHOT_KEY } from './state-bucket.ts';

export interface StageHealthOptions extends PersonOptions {
  readonly stage: string;
  readonly table: string;
  readonly bucket: string;
  /** Unix ms. */
  readonly now: () => number;
}

/** Messages of a queue that are looked at. */
const LETTERS = 10;

/** Reads what a stage says of itself, with the rights of a person. */
export class AwsStageHealth implements StageHealth {
  readonly #options: StageHealthOptions;
  readonly #cloudformation: CloudFormationClient;
  readonly #cloudwatch: CloudWatchClient;
  readonly #lambda: LambdaClient;
  readonly #s3: S3Client;
  readonly #sns: SNSClient;
  readonly #sqs: SQSClient;
  readonly #ssm: SSMClient;
  readonly #state: DeployedState;

  constructor(options: StageHealthOptions) {
    this.#options = options;
    const config = personConfig(options);
    this.#cloudformation = new CloudFormationClient(config);
    this.#cloudwatch = new CloudWatchClient(config);
    this.#lambda = new LambdaClient(config);
    const forcePathStyle = endpointOf('s3', process.env) !== undefined;
    this.#s3 = new S3Client({ ...config, forcePathStyle });
    this.#sns = new SNSClient(config);
    // An endpoint that stands in for AWS stands in for the hosts in queue URLs too.
    const useQueueUrlAsEndpoint = endpointOf('sqs', process.env) === undefined;
    this.#sqs = new SQSClient({ ...config, useQueueUrlAsEndpoint });
    this.#ssm = new SSMClient(config);
    this.#state = new DeployedState({ ...options, log: () => {} });
  }

  async resources(): Promise<StackResource[]> {
    const found: StackResource[] = [];
    let token: string | undefined;
    do {
      const page = await this.#cloudformation.send(
        new ListStackResourcesCommand({
          StackName: `flowlog-alerts-${this.#options.stage}`,
          ...(token !== undefined && { NextToken: token }),
        }),
      );
      for (const resource of page.StackResourceSummaries ?? []) {
        if (resource.LogicalResourceId === undefined) continue;
        found.push({
          logicalId: resource.LogicalResourceId,
          physicalId: resource.PhysicalResourceId ?? '',
          type: resource.ResourceType ?? '',
          status: resource.ResourceStatus ?? '',
        });
      }
      token = page.NextToken;
    } while (token !== undefined && token !== '');
    return found;
  }

  functions(names: readonly string[]): Promise<FunctionState[]> {
    return Promise.all(
      names.map(async (name) => {
        const answer = await this.#lambda.send(
          new GetFunctionConfigurationCommand({ FunctionName: name }),
        );
        const failed = answer.LastUpdateStatus === 'Failed';
        const reason = failed ? answer.LastUpdateStatusReason : answer.StateReason;
        return {
          name,
          state: failed ? 'Failed' : (answer.State ?? 'Active'),
          ...(reason && { reason }),
        };
      }),
    );
  }

  mappings(ids: readonly string[]): Promise<MappingState[]> {
    return Promise.all(
      ids.map(async (UUID) => {
        const answer = await this.#lambda.send(new GetEventSourceMappingCommand({ UUID }));
        return {
          functionName: answer.FunctionArn?.split(':')[6] ?? UUID,
          source: sourceName(answer.EventSourceArn ?? ''),
          state: answer.State ?? '',
          ...(answer.LastProcessingResult && { lastResult: answer.LastProcessingResult }),
        };
      }),
    );
  }

  async subscribers(topicArn: string): Promise<TopicSubscription[]> {
    const found: TopicSubscription[] = [];
    let token: string | undefined;
    do {
      const page = await this.#sns.send(
        new ListSubscriptionsByTopicCommand({
          TopicArn: topicArn,
          ...(token !== undefined && { NextToken: token }),
        }),
      );
      for (const { Protocol = '', Endpoint = '', SubscriptionArn } of page.Subscriptions ?? []) {
        const pending = SubscriptionArn === 'PendingConfirmation';
        found.push({ protocol: Protocol, endpoint: Endpoint, pending });
      }
      token = page.NextToken;
    } while (token !== undefined && token !== '');
    return found;
  }

  async snapshot() {
    const at = await this.#writtenAt(SNAPSHOT_KEY);
    const snapshot = at === undefined ? undefined : await this.#state.snapshot();
    return snapshot && at !== undefined ? { snapshot, at } : undefined;
  }

  async configState(): Promise<ConfigState | undefined> {
    const { bucket } = this.#options;
    if ((await this.#writtenAt(CONFIG_STATE_KEY)) === undefined) return undefined;
    const stored = await configState({ client: this.#s3, bucket }).load();
    return stored && parseState(stored.text);
  }

  /** Unlike a function, a person must know a missing object from a missing right. */
  async #writtenAt(Key: string): Promise<number | undefined> {
    try {
      const command = new HeadObjectCommand({ Bucket: this.#options.bucket, Key });
      const { LastModified } = await this.#s3.send(command);
      return LastModified?.getTime() ?? this.#options.now();
    } catch (error) {
      if (statusOf(error) === 404) return undefined;
      throw error;
    }
  }

  async alarms(): Promise<AlarmState[]> {
    const found: AlarmState[] = [];
    let token: string | undefined;
    do {
      const page = await this.#cloudwatch.send(
        new DescribeAlarmsCommand({
          AlarmNamePrefix: `flowlog-alerts/${this.#options.stage}/`,
          AlarmTypes: ['MetricAlarm', 'CompositeAlarm'],
          ...(token !== undefined && { NextToken: token }),
        }),
      );
      for (const alarm of [...(page.MetricAlarms ?? []), ...(page.CompositeAlarms ?? [])]) {
        found.push({
          name: alarm.AlarmName ?? '',
          state: alarm.StateValue ?? 'INSUFFICIENT_DATA',
          reason: alarm.StateReason ?? '',
          since: alarm.StateUpdatedTimestamp?.getTime() ?? this.#options.now(),
        });
      }
      token = page.NextToken;
    } while (token !== undefined && token !== '');
    return found;
  }

  queues(resources: readonly StackResource[]): Promise<QueueState[]> {
    return Promise.all(
      resources.map(async ({ logicalId, physicalId: url }) => {
        const { Attributes = {} } = await this.#sqs.send(
          new GetQueueAttributesCommand({
            QueueUrl: url,
            AttributeNames: ['ApproximateNumberOfMessages'],
          }),
        );
        const depth = Number(Attributes.ApproximateNumberOfMessages ?? 0);
        const first = depth > 0 && keepsFailures(logicalId) ? await this.#letters(url) : [];
        return { logicalId, url, depth, first };
      }),
    );
  }

  /** Looks without taking: they are seen by the next reader at once. */
  async #letters(url: string): Promise<string[]> {
    const { Messages = [] } = await this.#sqs.send(
      new ReceiveMessageCommand({
        QueueUrl: url,
        MaxNumberOfMessages: LETTERS,
        VisibilityTimeout: 0,
      }),
    );
    return Messages.map(({ Body = '' }) => Body);
  }

  metrics(
    functions: readonly string[],
    table: string,
    groups: readonly string[],
  ): Promise<HealthMetrics> {
    const { stage, now } = this.#options;
    return readHealthMetrics(this.#cloudwatch, { stage, functions, table, groups, now: now() });
  }

  async shards(count: number): Promise<ShardState[]> {
    const stored = await Promise.all(
      Array.from({ length: count }, async (_, shard) => {
        const at = await this.#writtenAt(checkpointKey(shard));
        return at === undefined ? undefined : this.#state.checkpoints.load(shard);
      }),
    );
    return stored.flatMap((checkpoint) => (checkpoint ? [decodeCheckpoint(checkpoint.body)] : []));
  }

  async concurrency(): Promise<{ readonly limit: number; readonly unreserved: number }> {
    const { AccountLimit } = await this.#lambda.send(new GetAccountSettingsCommand({}));
    const limit = AccountLimit?.ConcurrentExecutions ?? 0;
    return { limit, unreserved: AccountLimit?.UnreservedConcurrentExecutions ?? limit };
  }

  async parameters(): Promise<ParameterFacts[]> {
    const path = `/flowlog-alerts/${this.#options.stage}`;
    const found: ParameterFacts[] = [];
    let token: string | undefined;
    do {
      const page = await this.#ssm.send(
        new DescribeParametersCommand({
          ParameterFilters: [{ Key: 'Path', Option: 'Recursive', Values: [path] }],
          MaxResults: 50,
          ...(token !== undefined && { NextToken: token }),
        }),
      );
      for (const { Name = '', Type = '', Tier = 'Standard' } of page.Parameters ?? []) {
        found.push({ path: Name.slice(path.length + 1), type: Type, tier: Tier });
      }
      token = page.NextToken;
    } while (token !== undefined && token !== '');
    return found;
  }
}

/** The last part of an ARN; of a table's stream the table. */
function sourceName(arn: string): string {
  const table = /:table\/([^/]+)/.exec(arn)?.[1];
  return table ?? arn.slice(arn.lastIndexOf(':') + 1);
}
