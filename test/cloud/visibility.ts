import { ChangeMessageVisibilityCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { type Answer, json } from './gateway/answer.ts';
import type { Call } from './gateway/call.ts';

interface Hidden {
  readonly queueUrl: string;
  /** By the harness's clock, Unix ms. */
  readonly until: number;
}

/** Seconds: longer than any test, and less than the twelve hours that SQS takes in all. */
const LONG = 40_000;

/**
 * Messages that a function has put off: they come back by the clock of the harness, which tests
 * move, and not by the emulator's.
 */
export class Visibility {
  readonly #hidden = new Map<string, Hidden>();
  readonly #sqs: SQSClient;
  readonly #now: () => number;

  constructor(sqs: SQSClient, now: () => number) {
    this.#sqs = sqs;
    this.#now = now;
  }

  readonly answer = async ({ service, action, input }: Call): Promise<Answer | undefined> => {
    if (service !== 'sqs' || action !== 'ChangeMessageVisibility') return undefined;
    const queueUrl = String(input.QueueUrl);
    const receipt = String(input.ReceiptHandle);
    await this.#change(queueUrl, receipt, LONG);
    const until = this.#now() + Number(input.VisibilityTimeout) * 1_000;
    this.#hidden.set(receipt, { queueUrl, until });
    return json({});
  };

  /** Whether somebody has said when this message is to come back. */
  isHidden(receipt: string): boolean {
    return this.#hidden.has(receipt);
  }

  /** Brings back what is due. */
  async release(): Promise<void> {
    for (const [receipt, { queueUrl, until }] of this.#hidden) {
      if (until > this.#now()) continue;
      this.#hidden.delete(receipt);
      await this.#change(queueUrl, receipt, 0);
    }
  }

  async #change(QueueUrl: string, ReceiptHandle: string, VisibilityTimeout: number) {
    const change = { QueueUrl, ReceiptHandle, VisibilityTimeout };
    await this.#sqs.send(new ChangeMessageVisibilityCommand(change));
  }
}
