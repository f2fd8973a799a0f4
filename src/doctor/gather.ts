/** Asks for all facts at once; a question that fails makes one fact unknown and no other. */
import type { FlowLogInventory } from '../ports/flow-log-inventory.ts';
import type { StageHealth } from '../ports/stage-health.ts';
import type { StageStack } from '../ports/stage-stack.ts';
import type { Subscriptions } from '../ports/subscriptions.ts';
import { gatherRegion } from '../subscribe/facts.ts';
import { inTurn } from '../subscribe/in-turn.ts';
import type { Fact, Facts } from './facts.ts';
import { known } from './facts.ts';

export interface DoctorPorts {
  readonly health: StageHealth;
  readonly inventory: FlowLogInventory;
  readonly subscriptions: Subscriptions;
}

export interface GatherOptions {
  readonly stage: string;
  readonly version: string;
  /** Unix ms. */
  readonly now: number;
}

/** Calls that are made at once to CloudWatch Logs, which allows some five a second of these. */
const AT_ONCE = 4;

/** Ways in which services say that a right is missing. */
const DENIED =
  /^(AccessDenied|AccessDeniedException|UnauthorizedOperation|AuthorizationError|AuthorizationErrorException|Forbidden)$/;

export async function gather(
  stack: StageStack,
  { health, inventory, subscriptions }: DoctorPorts,
  { stage, version, now }: GatherOptions,
): Promise<Facts> {
  const { outputs } = stack;
  const resources = asked('the resources of the stack', 'cloudformation:ListStackResources', () =>
    health.resources(),
  );
  const region = asked(
    'flow logs and log groups',
    'ec2:DescribeFlowLogs, ec2:DescribeVpcs, ec2:DescribeSubnets, ec2:DescribeNetworkInterfaces, logs:DescribeLogGroups, logs:DescribeSubscriptionFilters and lambda:GetPolicy',
    () => gatherRegion(stack.region, stack, { inventory, subscriptions }),
  );
  const of = async (type: string) =>
    (known(await resources) ?? []).filter((resource) => resource.type === type);
  const functionNames = async () =>
    (await of('AWS::Lambda::Function')).map(({ physicalId }) => physicalId);
  const groupNames = async () => {
    const groups = known(await region)?.groups ?? new Map();
    return [...groups].flatMap(([name, group]) => (group === undefined ? [] : [name]));
  };
  const shards = Number(outputs.Shards ?? '1');
  const found = await allOf({
    resources,
    region,
    functions: asked('the state of the functions', 'lambda:GetFunctionConfiguration', async () =>
      health.functions(await functionNames()),
    ),
    mappings: asked(
      'what brings events to the functions',
      'lambda:GetEventSourceMapping',
      async () => {
        const mappings = await of('AWS::Lambda::EventSourceMapping');
        return health.mappings(mappings.map(({ physicalId }) => physicalId));
      },
    ),
    alertSubscribers: asked('who reads the alerts', 'sns:ListSubscriptionsByTopic', () =>
      health.subscribers(outputs.AlertTopicArn ?? ''),
    ),
    opsSubscribers: asked('who looks after the service', 'sns:ListSubscriptionsByTopic', () =>
      health.subscribers(outputs.OpsTopicArn ?? ''),
    ),
    lastEvents: asked('the newest records', 'logs:DescribeLogStreams', async () => {
      const times = await inTurn(await groupNames(), AT_ONCE, async (name) => {
        return [name, await inventory.lastEvent(name)] as const;
      });
      return new Map(times);
    }),
    snapshot: asked('the rules in force', 's3:GetObject and s3:ListBucket', () =>
      health.snapshot(),
    ),
    told: asked('what reconcile remembers', 's3:GetObject and s3:ListBucket', async () => {
      return (await health.configState())?.told ?? {};
    }),
    alarms: asked('alarms', 'cloudwatch:DescribeAlarms', () => health.alarms()),
    queues: asked('queues', 'sqs:GetQueueAttributes and sqs:ReceiveMessage', async () =>
      health.queues(await of('AWS::SQS::Queue')),
    ),
    metrics: asked('metrics', 'cloudwatch:GetMetricData', async () =>
      health.metrics(await functionNames(), outputs.DigestTableName ?? '', await groupNames()),
    ),
    shards: asked('the memory of the reducers', 's3:GetObject and s3:ListBucket', () =>
      health.shards(Number.isSafeInteger(shards) ? shards : 1),
    ),
    concurrency: asked("Lambda's limits", 'lambda:GetAccountSettings', () => health.concurrency()),
    parameters: asked('parameters', 'ssm:DescribeParameters', () => health.parameters()),
  });
  return { stage, version, now, stack, ...found };
}

async function asked<T>(what: string, right: string, ask: () => Promise<T>): Promise<Fact<T>> {
  try {
    return { value: await ask() };
  } catch (error) {
    const { name, message } = error as Error;
    const { $metadata } = error as { $metadata?: { httpStatusCode?: number } };
    const denied = DENIED.test(name) || $metadata?.httpStatusCode === 403;
    // AWS's own words name the resource; they may have several lines.
    const reason = `${name}: ${message.split('\n')[0]}`;
    return { unknown: what, reason, ...(denied && { right }) };
  }
}

/** The settled values of an object of promises. */
async function allOf<T extends Record<string, Promise<unknown>>>(
  promises: T,
): Promise<{ [K in keyof T]: Awaited<T[K]> }> {
  const entries = Object.entries(promises).map(async ([key, value]) => [key, await value] as const);
  return Object.fromEntries(await Promise.all(entries)) as { [K in keyof T]: Awaited<T[K]> };
}
