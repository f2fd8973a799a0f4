import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PutMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import {
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  PutLogEventsCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { CreateFlowLogsCommand, CreateVpcCommand } from '@aws-sdk/client-ec2';
import { GetObjectCommand } from '@aws-sdk/client-s3';
import { SendMessageCommand } from '@aws-sdk/client-sqs';
import type { Alert } from '../../src/alerts/alert.ts';
import { type Moto, startMoto } from '../moto/server.ts';
import { ACCOUNT, type Clients, clients, REGION } from './emulator.ts';
import { EventBus } from './events.ts';
import { FunctionLogs } from './function-logs.ts';
import { authorize } from './gateway/authorize.ts';
import { CompositeAlarms } from './gateway/composite-alarms.ts';
import { Faults } from './gateway/faults.ts';
import { Gateway } from './gateway/gateway.ts';
import type { Statement } from './gateway/policy.ts';
import { QueryDefinitions } from './gateway/query-definitions.ts';
import { checkLimits } from './gateway/refusals.ts';
import { inventory } from './inventory.ts';
import { Runner } from './lambda/runner.ts';
import { Mailbox, type Notification, purge } from './mailbox.ts';
import { type MetricPoint, Metrics } from './metrics.ts';
import { type DeployOptions, ROOT, serverless } from './serverless.ts';
import { Sources } from './sources.ts';
import type { DeployedStack } from './stack/deployed.ts';
import { Stacks } from './stacks.ts';
import { packed, Subscriptions } from './subscriptions.ts';
import { Visibility } from './visibility.ts';

/** How often in a row a failing stream is tried before `drain` gives up. */
const PATIENCE = 5;

/**
 * The service deployed into an emulated AWS account, on this machine: the real `serverless
 * deploy`, the packaged functions in processes of their own, and between them what AWS does.
 */
export class Cloud {
  readonly aws: Clients;
  readonly faults = new Faults();
  /** Saved queries of Logs Insights. */
  readonly queries = new QueryDefinitions();
  readonly #moto: Moto;
  readonly #gateway: Gateway;
  readonly #runner: Runner;
  readonly #bus: EventBus;
  readonly #sources: Sources;
  readonly #subscriptions: Subscriptions;
  readonly #stacks: Stacks;
  readonly #logs: FunctionLogs;
  readonly #metrics = new Metrics();
  readonly #people = new Map<string, Statement[]>();
  #stage = 'dev';
  #ahead = 0;
  #alerts: Mailbox | undefined;
  #notices: Mailbox | undefined;

  private constructor(moto: Moto, gateway: Gateway) {
    const emulator = clients(moto.endpoint);
    this.#moto = moto;
    this.#gateway = gateway;
    this.aws = clients(gateway.endpoint);
    this.#logs = new FunctionLogs(emulator.logs);
    this.#runner = new Runner(emulator.sqs);
    this.#bus = new EventBus(this.#runner, emulator.sqs);
    const visibility = new Visibility(emulator.sqs, () => this.now());
    this.#sources = new Sources(this.#runner, emulator, moto.endpoint, visibility);
    this.#subscriptions = new Subscriptions(this.#runner, emulator);
    this.#stacks = new Stacks({
      aws: emulator,
      gateway,
      runner: this.#runner,
      bus: this.#bus,
      sources: this.#sources,
      subscriptions: this.#subscriptions,
      log: this.#logs.add,
    });
    const rights = authorize(
      this.#runner,
      { account: ACCOUNT, region: REGION },
      this.#people,
      (topic) => this.#topicKey(topic),
    );
    const composite = new CompositeAlarms(gateway);
    gateway.before.push(
      this.faults.before,
      rights.before,
      checkLimits,
      this.#runner.answer,
      visibility.answer,
      this.#stacks.answer,
      this.#subscriptions.answer,
      this.queries.answer,
      composite.before,
    );
    gateway.after.push(
      rights.after,
      this.#subscriptions.deliver,
      this.#bus.parameterChanged,
      this.#metrics.after,
      composite.after,
    );
  }

  /** An empty account. */
  static async start(): Promise<Cloud> {
    const moto = await startMoto();
    return new Cloud(moto, await Gateway.start(moto.endpoint));
  }

  /** Environment for a child process, such as the command line, that shall talk to this account. */
  get env(): Record<string, string> {
    return {
      AWS_ENDPOINT_URL: this.#gateway.endpoint,
      AWS_REGION: REGION,
      AWS_ACCESS_KEY_ID: 'testing',
      AWS_SECRET_ACCESS_KEY: 'testing',
      AWS_EC2_METADATA_DISABLED: 'true',
      FLOWLOG_ALERTS_STAGE: this.#stage,
    };
  }

  /**
   * The same for someone who has no more rights than policies of docs/iam give.
   * @param policies names of the files, e.g. `deploy`
   */
  async envOf(...policies: readonly string[]): Promise<Record<string, string>> {
    const AWS_ACCESS_KEY_ID = `WITH${policies.join('').toUpperCase().replaceAll('-', '')}`;
    const statements: Statement[] = [];
    for (const policy of policies) {
      const text = await readFile(join(ROOT, `docs/iam/${policy}.json`), 'utf8');
      const filled = text
        .replaceAll('REGION', REGION)
        .replaceAll('ACCOUNT', ACCOUNT)
        .replaceAll('STAGE', this.#stage);
      statements.push(...(JSON.parse(filled) as { Statement: Statement[] }).Statement);
    }
    this.#people.set(AWS_ACCESS_KEY_ID, statements);
    return { ...this.env, AWS_ACCESS_KEY_ID };
  }

  get stack(): DeployedStack {
    if (this.#stacks.current === undefined) throw new Error('Nothing is deployed');
    return this.#stacks.current;
  }

  /** Runs `serverless deploy`; again for a redeploy. @returns what it printed */
  async deploy(options: DeployOptions): Promise<string> {
    this.#stage = options.stage;
    const env = await this.envOf('deploy');
    const output = await serverless('deploy', options, env);
    this.#alerts ??= await Mailbox.open('alerts', this.stack.output('AlertTopicArn'), this.aws);
    this.#notices ??= await Mailbox.open('notices', this.stack.output('OpsTopicArn'), this.aws);
    return output;
  }

  /** Runs `serverless remove`. @returns what is left in the account, as `kind name` */
  async remove(): Promise<string[]> {
    for (const mailbox of [this.#alerts, this.#notices]) await mailbox?.close();
    this.#alerts = this.#notices = undefined;
    const env = await this.envOf('deploy');
    await serverless('remove', { stage: this.#stage }, env);
    return this.inventory();
  }

  /** What is in the account, as `kind name`. */
  inventory(): Promise<string[]> {
    return inventory(this.aws, this.#moto.endpoint);
  }

  /** Ends everything: functions, gateway, emulator. */
  async close(): Promise<void> {
    await this.#runner.replace(new Map());
    await this.#gateway.stop();
    await this.#moto.stop();
  }

  /** A log group and the flow log of a new VPC that writes to it. @param format its LogFormat */
  async createFlowLog(group: string, format?: string): Promise<void> {
    await this.aws.logs.send(new CreateLogGroupCommand({ logGroupName: group }));
    const { Vpc } = await this.aws.ec2.send(new CreateVpcCommand({ CidrBlock: '10.0.0.0/16' }));
    await this.aws.ec2.send(
      new CreateFlowLogsCommand({
        ResourceIds: [Vpc?.VpcId ?? ''],
        ResourceType: 'VPC',
        TrafficType: 'ALL',
        LogGroupName: group,
        DeliverLogsPermissionArn: `arn:aws:iam::${ACCOUNT}:role/flow-logs`,
        MaxAggregationInterval: 60,
        ...(format !== undefined && { LogFormat: format }),
      }),
    );
  }

  /** Writes lines as VPC does; the group's subscription filters hand them on. */
  async putLogEvents(group: string, stream: string, lines: readonly string[]): Promise<void> {
    const name = { logGroupName: group, logStreamName: stream };
    await this.aws.logs.send(new CreateLogStreamCommand(name)).catch((error: Error) => {
      if (error.name !== 'ResourceAlreadyExistsException') throw error;
    });
    const timestamp = Date.now();
    const logEvents = lines.map((message) => ({ timestamp, message }));
    await this.aws.logs.send(new PutLogEventsCommand({ ...name, logEvents }));
  }

  /** A subscription payload, as CloudWatch Logs would make it of these lines. */
  payload(group: string, stream: string, lines: readonly string[]) {
    const timestamp = Date.now();
    const events = lines.map((message) => ({ timestamp, message }));
    return this.#subscriptions.payload(group, stream, events, `flowlog-alerts-${this.#stage}`);
  }

  /** Starts `logs` with a subscription payload, or with anything else in its place. */
  deliver(payload: object | { readonly data: string }): void {
    const data = 'data' in payload ? payload.data : packed(payload);
    this.#runner.invokeAsync(this.functionName('logs'), { awslogs: { data } });
  }

  /** The time the functions see, Unix ms. */
  now(): number {
    return Date.now() + this.#ahead;
  }

  /** Lets time pass for the functions, so that nobody need wait for it. */
  advance(ms: number): void {
    this.#ahead += ms;
    for (const { run } of this.#runner.functions.values()) run.clock = this.#ahead;
  }

  /** The schedule of `tick` fires. */
  tick(at = new Date(this.now())): Promise<void> {
    return this.#bus.fire('TickSchedule', at);
  }

  /** The schedule of `reconcile` fires. */
  reconcile(at = new Date(this.now())): Promise<void> {
    return this.#bus.fire('ReconcileSchedule', at);
  }

  /**
   * Lets streams, queues and asynchronous invocations run until nothing is left.
   * @throws Error with the function's words when a stream cannot be got past
   */
  async drain(): Promise<void> {
    for (let failures = 0; failures < PATIENCE; ) {
      const progress = await this.#step();
      if (progress === 'idle') return;
      failures = progress === 'stuck' ? failures + 1 : 0;
    }
    throw new Error(`The reducer does not get on:\n${this.log('reduce').slice(-5).join('\n')}`);
  }

  /** Keeps everything running, for whoever waits on it from outside. @returns ends it */
  run(onError: (error: unknown) => void = () => undefined, pauseMs = 100): () => Promise<void> {
    let going = true;
    const loop = async () => {
      while (going) {
        await this.#step().catch(onError);
        await new Promise((resolve) => setTimeout(resolve, pauseMs));
      }
    };
    const ended = loop();
    return () => {
      going = false;
      return ended;
    };
  }

  /** Alerts on AlertTopic since the last call. */
  async messages(): Promise<Alert[]> {
    return (await this.notifications()).map(({ Message }) => JSON.parse(Message) as Alert);
  }

  /** The same as a queue gets them, with subject and attributes. */
  notifications(): Promise<Notification[]> {
    return this.#alerts?.take() ?? Promise.resolve([]);
  }

  /** What OpsTopic said since the last call. */
  notices(): Promise<Notification[]> {
    return this.#notices?.take() ?? Promise.resolve([]);
  }

  /** Points of a metric that were published, in order. */
  metrics(name: string): MetricPoint[] {
    return this.#metrics.points.filter((point) => point.name === name);
  }

  /** Takes what is in the dead-letter queue. */
  async deadLetters(): Promise<unknown[]> {
    const bodies = await purge(this.stack.output('DeadLetterQueueUrl'), this.aws.sqs);
    return bodies.map((body) => JSON.parse(body) as unknown);
  }

  /** Puts a message into a queue. @param output of the stack, that has its URL */
  async sendTo(output: string, MessageBody: string): Promise<void> {
    const QueueUrl = this.stack.output(output);
    await this.aws.sqs.send(new SendMessageCommand({ QueueUrl, MessageBody }));
  }

  /** Takes what `deliver` could not bring to a channel. */
  async undelivered(): Promise<unknown[]> {
    const bodies = await purge(this.stack.output('DeliverDeadLetterQueueUrl'), this.aws.sqs);
    return bodies.map((body) => JSON.parse(body) as unknown);
  }

  async checkpoint(shard = 0): Promise<Uint8Array> {
    const Bucket = this.stack.output('StateBucketName');
    const object = await this.aws.s3.send(
      new GetObjectCommand({ Bucket, Key: `checkpoint/${shard}` }),
    );
    return (await object.Body?.transformToByteArray()) ?? new Uint8Array();
  }

  /** Where a function's deployed package was unpacked. */
  directory(name: string): string {
    return this.#runner.find(this.functionName(name)).run.settings.directory;
  }

  /** Lines a function wrote. */
  log(name: string): readonly string[] {
    return this.#logs.of(this.functionName(name));
  }

  /** The metric that Lambda keeps of its functions, a minute ago; the gateway refuses it to others. */
  async countInvocations(): Promise<void> {
    const emulator = clients(this.#moto.endpoint);
    const Timestamp = new Date(Date.now() - 60_000);
    const MetricData = [...this.#runner.functions].map(([Value, { run }]) => ({
      MetricName: 'Invocations',
      Value: run.invocations.length,
      Timestamp,
      Dimensions: [{ Name: 'FunctionName', Value }],
    }));
    await emulator.cloudwatch.send(
      new PutMetricDataCommand({ Namespace: 'AWS/Lambda', MetricData }),
    );
  }

  /** Every event a function was started with, and how it went. */
  invocations(name: string) {
    return this.#runner.find(this.functionName(name)).run.invocations;
  }

  /** Ends the environments of a function: what comes next is a cold start. */
  kill(name: string): Promise<void> {
    return this.#runner.find(this.functionName(name)).run.kill();
  }

  functionName(name: string): string {
    return `flowlog-alerts-${this.#stage}-${name}`;
  }

  async #step(): Promise<'idle' | 'moved' | 'stuck'> {
    const busy = await this.#runner.settled();
    const progress = await this.#sources.poll();
    await this.#logs.flush();
    return busy ? 'moved' : progress;
  }

  #topicKey(topic: string): string | undefined {
    const topics = this.#stacks.current?.all<{ KmsMasterKeyId?: string }>('AWS::SNS::Topic') ?? [];
    for (const [id, { KmsMasterKeyId }] of topics) {
      if (this.stack.physical.get(id) !== topic || KmsMasterKeyId === undefined) continue;
      return `arn:aws:kms:${REGION}:${ACCOUNT}:key/${KmsMasterKeyId}`;
    }
    return undefined;
  }
}
