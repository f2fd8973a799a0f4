import { SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { type Answer, json, Refusal } from '../gateway/answer.ts';
import type { Call } from '../gateway/call.ts';
import { allows } from '../gateway/policy.ts';
import { type DeployedFunction, dispose } from '../stack/functions.ts';
import type { InvocationError, Outcome } from './instance.ts';

const INVOKE_PATH = /^\/2015-03-31\/functions\/([^/]+)\/invocations$/;

/** Runs the deployed functions, as the Lambda service does for all who invoke them. */
export class Runner {
  functions: ReadonlyMap<string, DeployedFunction> = new Map();
  /** Failed events that could not be handed to their destination. */
  readonly lost: { readonly functionName: string; readonly event: unknown }[] = [];
  readonly #sqs: SQSClient;
  readonly #inFlight = new Set<Promise<void>>();

  constructor(sqs: SQSClient) {
    this.#sqs = sqs;
  }

  /** @param name function name or ARN */
  find(name: string): DeployedFunction {
    const found = this.functions.get(name.slice(name.lastIndexOf(':') + 1));
    if (found === undefined) {
      throw new Refusal('ResourceNotFoundException', `Function not found: ${name}`, 404);
    }
    return found;
  }

  invoke(name: string, event: unknown): Promise<Outcome> {
    return this.find(name).run.invoke(event);
  }

  /** Accepts an event and returns; retries and the on-failure destination follow. */
  invokeAsync(name: string, event: unknown): void {
    const target = this.find(name);
    const work = target.run.invokeAsync(event).then(async (error) => {
      if (error !== undefined) await this.#giveUp(target, event, error);
    });
    this.#inFlight.add(work);
    void work.finally(() => this.#inFlight.delete(work));
  }

  /** Until no asynchronous event is in flight. @returns whether any was */
  async settled(): Promise<boolean> {
    const busy = this.#inFlight.size > 0;
    while (this.#inFlight.size > 0) await Promise.all(this.#inFlight);
    return busy;
  }

  /** Runs these functions from now on. */
  async replace(functions: Map<string, DeployedFunction>): Promise<void> {
    const before = this.functions;
    this.functions = functions;
    await dispose(before.values());
  }

  /** The API operations Invoke and GetAccountSettings. */
  readonly answer = async (call: Call): Promise<Answer | undefined> => {
    if (call.service !== 'lambda') return undefined;
    if (call.action === 'GetAccountSettings') {
      const limits = { ConcurrentExecutions: 1_000, UnreservedConcurrentExecutions: 1_000 };
      return json({ AccountLimit: limits });
    }
    if (call.action !== 'Invoke') return undefined;
    const name = decodeURIComponent(INVOKE_PATH.exec(call.url.pathname)?.[1] ?? '');
    const event: unknown = call.body.length > 0 ? JSON.parse(call.body.toString()) : {};
    if (call.headers['x-amz-invocation-type'] === 'Event') {
      if (call.body.length > 1_048_576) {
        throw new Refusal(
          'RequestTooLargeException',
          'Request must be smaller than 1048576 bytes',
          413,
        );
      }
      this.invokeAsync(name, event);
      return { status: 202, headers: {}, body: Buffer.alloc(0) };
    }
    const outcome = await this.invoke(name, event);
    const headers = { 'content-type': 'application/json' };
    return outcome.ok
      ? { status: 200, headers, body: Buffer.from(JSON.stringify(outcome.value)) }
      : {
          status: 200,
          headers: { ...headers, 'x-amz-function-error': 'Unhandled' },
          body: Buffer.from(JSON.stringify(outcome.error)),
        };
  };

  async #giveUp(target: DeployedFunction, event: unknown, error: InvocationError): Promise<void> {
    const { settings, failure } = target.run;
    const arn = failure.onFailure;
    if (arn === undefined) return;
    if (!allows(target.statements, { action: 'sqs:SendMessage', resource: arn })) {
      this.lost.push({ functionName: settings.name, event });
      return;
    }
    const envelope = {
      version: '1.0',
      timestamp: new Date().toISOString(),
      requestContext: {
        functionArn: `${settings.name}:$LATEST`,
        condition: 'RetriesExhausted',
        approximateInvokeCount: failure.retries + 1,
      },
      requestPayload: event,
      responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError: 'Unhandled' },
      responsePayload: error,
    };
    await this.#sqs.send(
      new SendMessageCommand({
        QueueUrl: queueUrl(arn),
        MessageBody: JSON.stringify(envelope),
      }),
    );
  }
}

/** The emulator finds a queue by the end of its URL alone. */
export function queueUrl(arn: string): string {
  const [account, name] = arn.split(':').slice(-2);
  return `http://localhost/${account}/${name}`;
}
