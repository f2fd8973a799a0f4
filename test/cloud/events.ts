import { randomUUID } from 'node:crypto';
import { SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { ACCOUNT, REGION } from './emulator.ts';
import type { Answer } from './gateway/answer.ts';
import type { Call } from './gateway/call.ts';
import { queueUrl, type Runner } from './lambda/runner.ts';
import type { DeployedStack, EventRule } from './stack/deployed.ts';
import { meets } from './stack/pattern.ts';

interface Event {
  readonly source: string;
  readonly 'detail-type': string;
  readonly detail: Readonly<Record<string, unknown>>;
  readonly resources: readonly string[];
  readonly time: string;
}

const OPERATIONS: Readonly<Record<string, string>> = {
  DeleteParameter: 'Delete',
  DeleteParameters: 'Delete',
};

/** EventBridge's default bus: hands events to the targets of the stack's rules. */
export class EventBus {
  stack: DeployedStack | undefined;
  readonly #runner: Runner;
  readonly #sqs: SQSClient;

  constructor(runner: Runner, sqs: SQSClient) {
    this.#runner = runner;
    this.#sqs = sqs;
  }

  async dispatch(source: string, type: string, detail: Event['detail'], time = new Date()) {
    const event = { source, 'detail-type': type, detail, resources: [], time: time.toISOString() };
    for (const rule of this.stack?.rules() ?? []) {
      if (rule.pattern !== undefined && meets(rule.pattern, event)) await this.#send(rule, event);
    }
  }

  /** Lets a schedule fire. @param id logical id of the rule */
  async fire(id: string, time: Date): Promise<void> {
    const rule = this.stack?.rules().find((one) => one.id === id);
    if (rule?.schedule === undefined) throw new Error(`The stack has no schedule ${id}`);
    await this.#send(rule, {
      source: 'aws.events',
      'detail-type': 'Scheduled Event',
      detail: {},
      resources: [rule.arn],
      time: `${time.toISOString().slice(0, 19)}Z`,
    });
  }

  /** After a parameter was written or removed. */
  readonly parameterChanged = async (call: Call, { status, body }: Answer): Promise<undefined> => {
    const { service, action, input } = call;
    if (service !== 'ssm' || status !== 200) return;
    if (action === 'PutParameter') {
      const { Version } = JSON.parse(body.toString()) as { Version: number };
      const operation = Version === 1 ? 'Create' : 'Update';
      await this.#changed(operation, String(input.Name), String(input.Type ?? 'String'));
    }
    const operation = OPERATIONS[action];
    if (operation === undefined) return;
    for (const name of [input.Names ?? input.Name].flat()) {
      await this.#changed(operation, String(name), 'String');
    }
  };

  async #changed(operation: string, name: string, type: string): Promise<void> {
    await this.dispatch('aws.ssm', 'Parameter Store Change', { operation, name, type });
  }

  async #send(rule: EventRule, event: Event): Promise<void> {
    const whole = { version: '0', id: randomUUID(), account: ACCOUNT, region: REGION, ...event };
    for (const target of rule.targets) {
      if (target.startsWith('arn:aws:lambda:')) {
        this.#checkPermission(rule, target);
        this.#runner.invokeAsync(target, whole);
      } else {
        this.#checkQueuePolicy(rule, target);
        const message = { QueueUrl: queueUrl(target), MessageBody: JSON.stringify(whole) };
        await this.#sqs.send(new SendMessageCommand(message));
      }
    }
  }

  /** EventBridge drops what it may not deliver; here that is an error of the template. */
  #checkPermission(rule: EventRule, target: string): void {
    const permitted = this.stack
      ?.all<PermissionProperties>('AWS::Lambda::Permission')
      .some(
        ([, permission]) =>
          permission.Principal === 'events.amazonaws.com' &&
          permission.SourceArn === rule.arn &&
          target.endsWith(`:${permission.FunctionName}`),
      );
    if (!permitted) throw new Error(`The rule ${rule.id} may not invoke ${target}`);
  }

  #checkQueuePolicy(rule: EventRule, target: string): void {
    const permitted = this.stack
      ?.all<QueuePolicyProperties>('AWS::SQS::QueuePolicy')
      .flatMap(([, { PolicyDocument }]) => PolicyDocument.Statement)
      .some(
        (statement) =>
          statement.Effect === 'Allow' &&
          statement.Principal.Service === 'events.amazonaws.com' &&
          statement.Action === 'sqs:SendMessage' &&
          statement.Resource === target &&
          [statement.Condition?.ArnEquals?.['aws:SourceArn'] ?? []].flat().includes(rule.arn),
      );
    if (!permitted) throw new Error(`The rule ${rule.id} may not send to ${target}`);
  }
}

interface PermissionProperties {
  readonly Principal: string;
  readonly SourceArn?: string;
  readonly FunctionName: string;
}

interface QueuePolicyProperties {
  readonly PolicyDocument: { readonly Statement: readonly QueueStatement[] };
}

interface QueueStatement {
  readonly Effect: string;
  readonly Principal: { readonly Service?: string };
  readonly Action: string;
  readonly Resource: string;
  readonly Condition?: { readonly ArnEquals?: Readonly<Record<string, string | string[]>> };
}
