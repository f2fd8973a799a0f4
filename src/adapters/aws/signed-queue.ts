import type { SQSEvent } from 'aws-lambda';
import type { MessageQueue, QueueMessage } from '../../ports/message-queue.ts';
import { refusedBy, type SignedAws, type SignedRequest } from './signed-aws.ts';

/** An SQS queue by signed requests, without the SDK. */
export class SignedQueue implements MessageQueue {
  readonly #aws: SignedAws;
  readonly #url: string;

  constructor({ aws, url }: { readonly aws: SignedAws; readonly url: string }) {
    this.#aws = aws;
    this.#url = url;
  }

  /** @throws Error when SQS refuses */
  async hide({ receipt }: QueueMessage, seconds: number): Promise<void> {
    const request: SignedRequest = {
      service: 'sqs',
      method: 'POST',
      url: this.#aws.queueEndpoint(this.#url),
      headers: {
        'content-type': 'application/x-amz-json-1.0',
        'x-amz-target': 'AmazonSQS.ChangeMessageVisibility',
      },
      body: JSON.stringify({
        QueueUrl: this.#url,
        ReceiptHandle: receipt,
        VisibilityTimeout: seconds,
      }),
    };
    const answer = await this.#aws.send(request);
    if (answer.status !== 200) throw refusedBy(request, answer);
  }
}

/** The messages of Lambda's event for a queue. */
export function queueMessagesOf(event: Pick<SQSEvent, 'Records'>): QueueMessage[] {
  return event.Records.map(({ messageId, receiptHandle, body, attributes }) => ({
    id: messageId,
    receipt: receiptHandle,
    body,
    sentAt: Number(attributes.SentTimestamp),
    receives: Number(attributes.ApproximateReceiveCount),
  }));
}
