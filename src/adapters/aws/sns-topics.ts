import { PublishCommand, type SNSClient } from '@aws-sdk/client-sns';
import { PermanentNotifyError } from '../../ports/notifier.ts';
import type { TopicMessage, Topics } from '../../ports/receivers.ts';
import { isPermanentSnsError } from './sns-errors.ts';

/** Publishes what is rendered for a topic. */
export class SnsTopics implements Topics {
  readonly #client: SNSClient;

  constructor({ client }: { readonly client: SNSClient }) {
    this.#client = client;
  }

  async publish({ topic, message, subject, attributes = {} }: TopicMessage): Promise<void> {
    const command = new PublishCommand({
      TopicArn: topic,
      Message: message,
      ...(subject !== undefined && { Subject: subject }),
      MessageAttributes: Object.fromEntries(
        Object.entries(attributes).map(([name, value]) => [
          name,
          { DataType: 'String', StringValue: value },
        ]),
      ),
    });
    try {
      await this.#client.send(command);
    } catch (error) {
      if (!isPermanentSnsError(error)) throw error;
      throw new PermanentNotifyError(`${topic}: ${error.name}: ${error.message}`, { cause: error });
    }
  }
}
