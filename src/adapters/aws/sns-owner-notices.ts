import { PublishCommand, type SNSClient } from '@aws-sdk/client-sns';
import type { OwnerNotices } from '../../ports/owner-notices.ts';

/** SNS wants fewer than this many characters of subject. */
const SUBJECT_BOUND = 100;
/** Well below the 256 KB of a message, attributes included. */
const LARGEST_TEXT_BYTES = 200_000;

export interface SnsOwnerNoticesOptions {
  readonly client: SNSClient;
  readonly topicArn: string;
}

/** Notices to the topic for the service's own troubles. */
export class SnsOwnerNotices implements OwnerNotices {
  readonly #client: SNSClient;
  readonly #topicArn: string;

  constructor({ client, topicArn }: SnsOwnerNoticesOptions) {
    this.#client = client;
    this.#topicArn = topicArn;
  }

  async publish(subject: string, text: string): Promise<void> {
    await this.#client.send(
      new PublishCommand({
        TopicArn: this.#topicArn,
        Subject: subject.replace(/[^\x20-\x7e]/g, '?').slice(0, SUBJECT_BOUND - 1),
        Message: cut(text),
      }),
    );
  }
}

function cut(text: string): string {
  const bytes = Buffer.from(text);
  if (bytes.length <= LARGEST_TEXT_BYTES) return text;
  return `${bytes
    .subarray(0, LARGEST_TEXT_BYTES)
    .toString('utf8')
    .replace(/\ufffd$/, '')}\n...`;
}
