import { SubscribeCommand, UnsubscribeCommand } from '@aws-sdk/client-sns';
import {
  CreateQueueCommand,
  DeleteMessageCommand,
  DeleteQueueCommand,
  ReceiveMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import { ACCOUNT, type Clients, REGION } from './emulator.ts';

/** What SNS makes of a message for a queue. */
export interface Notification {
  readonly Message: string;
  readonly Subject?: string;
  readonly MessageAttributes?: Readonly<
    Record<string, { readonly Type: string; readonly Value: string }>
  >;
}

/** A queue that reads along on a topic. */
export class Mailbox {
  readonly #url: string;
  readonly #subscription: string;
  readonly #aws: Clients;

  private constructor(url: string, subscription: string, aws: Clients) {
    this.#url = url;
    this.#subscription = subscription;
    this.#aws = aws;
  }

  static async open(name: string, topic: string, aws: Clients): Promise<Mailbox> {
    const { QueueUrl = '' } = await aws.sqs.send(new CreateQueueCommand({ QueueName: name }));
    const { SubscriptionArn = '' } = await aws.sns.send(
      new SubscribeCommand({
        TopicArn: topic,
        Protocol: 'sqs',
        Endpoint: `arn:aws:sqs:${REGION}:${ACCOUNT}:${name}`,
      }),
    );
    return new Mailbox(QueueUrl, SubscriptionArn, aws);
  }

  /** Messages since the last call. */
  async take(): Promise<Notification[]> {
    const bodies = await purge(this.#url, this.#aws.sqs);
    return bodies.map((body) => JSON.parse(body) as Notification);
  }

  async close(): Promise<void> {
    await this.#aws.sns.send(new UnsubscribeCommand({ SubscriptionArn: this.#subscription }));
    await this.#aws.sqs.send(new DeleteQueueCommand({ QueueUrl: this.#url }));
  }
}

/** Takes all messages of a queue. @returns their bodies */
export async function purge(QueueUrl: string, sqs: SQSClient): Promise<string[]> {
  const bodies: string[] = [];
  for (;;) {
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }),
    );
    if (Messages.length === 0) return bodies;
    for (const { Body = '', ReceiptHandle } of Messages) {
      bodies.push(Body);
      await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
    }
  }
}
