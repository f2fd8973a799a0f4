import {
  DeleteAlarmsCommand,
  PutMetricAlarmCommand,
  type PutMetricAlarmCommandInput,
} from '@aws-sdk/client-cloudwatch';
import {
  DescribeLogGroupsCommand,
  PutDestinationCommand,
  PutDestinationPolicyCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { GetObjectCommand, PutBucketTaggingCommand } from '@aws-sdk/client-s3';
import { SubscribeCommand, type SubscribeCommandInput } from '@aws-sdk/client-sns';
import { ACCOUNT, type Clients, REGION } from './emulator.ts';
import type { EventBus } from './events.ts';
import { type Answer, escapeXml } from './gateway/answer.ts';
import { type Call, formList, s3Target } from './gateway/call.ts';
import type { Gateway } from './gateway/gateway.ts';
import type { Runner } from './lambda/runner.ts';
import type { Sources } from './sources.ts';
import { DeployedStack } from './stack/deployed.ts';
import { deployedFunctions } from './stack/functions.ts';
import { preflight } from './stack/preflight.ts';
import { emulatedPart, type Template } from './stack/template.ts';
import type { Subscriptions } from './subscriptions.ts';

interface FilterProperties {
  readonly LogGroupName: string;
  readonly FilterName: string;
  readonly FilterPattern?: string;
  readonly DestinationArn: string;
}

interface DestinationProperties {
  readonly DestinationName: string;
  readonly TargetArn: string;
  readonly RoleArn: string;
  readonly DestinationPolicy: string;
}

interface SubscriptionProperties extends SubscribeCommandInput {
  readonly RawMessageDelivery?: boolean;
}

const filtersOf = (stack: DeployedStack | undefined) =>
  (stack?.all<FilterProperties>('AWS::Logs::SubscriptionFilter') ?? []).map(([, filter]) => filter);

const alarmsOf = (stack: DeployedStack | undefined) =>
  (stack?.all<PutMetricAlarmCommandInput>('AWS::CloudWatch::Alarm') ?? []).map(
    ([, alarm]) => alarm,
  );

interface Parts {
  readonly aws: Clients;
  readonly gateway: Gateway;
  readonly runner: Runner;
  readonly bus: EventBus;
  readonly sources: Sources;
  readonly subscriptions: Subscriptions;
  readonly log: (functionName: string, stream: string, line: string) => void;
}

/** CloudFormation for one stack: what the emulator passes over is made and removed here. */
export class Stacks {
  readonly #parts: Parts;
  #current: DeployedStack | undefined;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  get current(): DeployedStack | undefined {
    return this.#current;
  }

  readonly answer = async (call: Call): Promise<Answer | undefined> => {
    if (call.service !== 'cloudformation') return undefined;
    if (call.action === 'CreateStack' || call.action === 'UpdateStack') return this.#deploy(call);
    if (call.action === 'DeleteStack') return this.#delete(call);
    if (call.action === 'ValidateTemplate') return this.#validate(call);
    if (call.action === 'GetTemplate') return this.#template();
    return undefined;
  };

  /** The emulator lints a template and takes warnings for errors; AWS only parses it. */
  async #validate(call: Call): Promise<Answer> {
    await this.#templateOf(call);
    return {
      status: 200,
      headers: { 'content-type': 'text/xml' },
      body: Buffer.from(
        '<ValidateTemplateResponse><ValidateTemplateResult/></ValidateTemplateResponse>',
      ),
    };
  }

  /** The emulator knows only a part of it. */
  #template(): Answer | undefined {
    if (this.#current === undefined) return undefined;
    const body = escapeXml(JSON.stringify(this.#current.template));
    return {
      status: 200,
      headers: { 'content-type': 'text/xml' },
      body: Buffer.from(
        `<GetTemplateResponse><GetTemplateResult><TemplateBody>${body}</TemplateBody></GetTemplateResult></GetTemplateResponse>`,
      ),
    };
  }

  async #deploy(call: Call): Promise<Answer> {
    const { aws, gateway, bus } = this.#parts;
    const template = await this.#templateOf(call);
    await preflight(template, this.#account());
    const form = new URLSearchParams(call.body.toString());
    form.delete('TemplateURL');
    form.set('TemplateBody', JSON.stringify(emulatedPart(template)));
    const answer = await gateway.forward(call, Buffer.from(form.toString()));
    if (answer.status !== 200) return answer;
    const stack = await DeployedStack.read(String(call.input.StackName), template, aws);
    await this.#adopt(stack);
    await this.#tagBuckets(stack, call);
    await bus.dispatch('aws.cloudformation', 'CloudFormation Stack Status Change', {
      'stack-id': stack.id,
      'status-details': {
        status: call.action === 'CreateStack' ? 'CREATE_COMPLETE' : 'UPDATE_COMPLETE',
      },
    });
    return answer;
  }

  async #templateOf({ input }: Call): Promise<Template> {
    if (typeof input.TemplateBody === 'string') return JSON.parse(input.TemplateBody) as Template;
    const { bucket, key } = s3Target(new URL(String(input.TemplateURL)));
    const object = await this.#parts.aws.s3.send(
      new GetObjectCommand({ Bucket: bucket, Key: key }),
    );
    return JSON.parse((await object.Body?.transformToString()) ?? '') as Template;
  }

  #account() {
    const { aws, subscriptions } = this.#parts;
    const ours = new Set(
      filtersOf(this.#current).map((filter) => `${filter.LogGroupName} ${filter.FilterName}`),
    );
    return {
      id: ACCOUNT,
      region: REGION,
      hasLogGroup: async (name: string) => {
        const { logGroups = [] } = await aws.logs.send(
          new DescribeLogGroupsCommand({ logGroupNamePrefix: name }),
        );
        return logGroups.some((group) => group.logGroupName === name);
      },
      foreignFilters: (group: string) =>
        subscriptions
          .of(group)
          .map((filter) => filter.filterName)
          .filter((name) => !ours.has(`${group} ${name}`)),
    };
  }

  async #adopt(stack: DeployedStack): Promise<void> {
    const { aws, gateway, runner, bus, sources, log } = this.#parts;
    const before = this.#current;
    this.#current = stack;
    await runner.replace(await deployedFunctions(stack, aws, gateway.endpoint, log));
    bus.stack = stack;
    sources.mappings = stack.mappings();
    this.#replaceFilters(before, stack);
    await this.#replaceAlarms(before, stack);
    for (const [, wanted] of stack.all<DestinationProperties>('AWS::Logs::Destination')) {
      const { DestinationName, TargetArn, RoleArn, DestinationPolicy } = wanted;
      const destinationName = DestinationName;
      const made = { destinationName, targetArn: TargetArn, roleArn: RoleArn };
      await aws.logs.send(new PutDestinationCommand(made));
      const policy = { destinationName, accessPolicy: DestinationPolicy };
      await aws.logs.send(new PutDestinationPolicyCommand(policy));
    }
    for (const [, properties] of stack.all<SubscriptionProperties>('AWS::SNS::Subscription')) {
      const { RawMessageDelivery, ...subscription } = properties;
      const Attributes = { RawMessageDelivery: String(RawMessageDelivery ?? false) };
      const isQueue = subscription.Protocol === 'sqs';
      await aws.sns.send(new SubscribeCommand({ ...subscription, ...(isQueue && { Attributes }) }));
    }
  }

  /** CloudFormation hands the stack's tags on to what it makes. */
  async #tagBuckets(stack: DeployedStack, { input }: Call): Promise<void> {
    const TagSet = formList(input, 'Tags.member.').map(({ Key, Value }) => ({ Key, Value }));
    for (const [id] of stack.all('AWS::S3::Bucket')) {
      const Bucket = stack.physical.get(id);
      await this.#parts.aws.s3.send(new PutBucketTaggingCommand({ Bucket, Tagging: { TagSet } }));
    }
  }

  #replaceFilters(before: DeployedStack | undefined, stack: DeployedStack | undefined): void {
    const { subscriptions } = this.#parts;
    for (const { LogGroupName, FilterName } of filtersOf(before)) {
      subscriptions.remove(LogGroupName, FilterName);
    }
    for (const { LogGroupName, FilterName, DestinationArn, FilterPattern } of filtersOf(stack)) {
      subscriptions.put(LogGroupName, FilterName, DestinationArn, FilterPattern);
    }
  }

  async #replaceAlarms(before: DeployedStack | undefined, stack: DeployedStack | undefined) {
    const { cloudwatch } = this.#parts.aws;
    const AlarmNames = alarmsOf(before).map(({ AlarmName = '' }) => AlarmName);
    if (AlarmNames.length > 0) await cloudwatch.send(new DeleteAlarmsCommand({ AlarmNames }));
    for (const alarm of alarmsOf(stack)) await cloudwatch.send(new PutMetricAlarmCommand(alarm));
  }

  async #delete(call: Call): Promise<Answer> {
    const { gateway, runner, bus, sources } = this.#parts;
    await runner.replace(new Map());
    const answer = await gateway.forward(call);
    if (answer.status !== 200) return answer;
    this.#replaceFilters(this.#current, undefined);
    await this.#replaceAlarms(this.#current, undefined);
    bus.stack = undefined;
    sources.mappings = [];
    this.#current = undefined;
    return answer;
  }
}
