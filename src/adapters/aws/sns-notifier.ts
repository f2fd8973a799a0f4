import { PublishCommand, type SNSClient } from '@aws-sdk/client-sns';
import type { Alert } from '../../alerts/alert.ts';
import { renderSns } from '../../alerts/sns.ts';
import { type Notifier, PermanentNotifyError } from '../../ports/notifier.ts';
import { isPermanentSnsError } from './sns-errors.ts';

/** Publishes alerts to an SNS topic. */
export class SnsNotifier implements Notifier {
  readonly #client: SNSClient;
  readonly #topicArn: string;

  constructor({ client, topicArn }: { readonly client: SNSClient; readonly topicArn: string }) {
    this.#client = client;
    this.#topicArn = topicArn;
  }

  async publish(alert: Alert): Promise<string | undefined> {
    const { subject, message, attributes } = renderSns(alert);
    const command = new PublishCommand({
      TopicArn: this.#topicArn,
      MessageStructure: 'json',
      Subject: subject,
      Message: message,
      MessageAttributes: Object.fromEntries(
        Object.entries(attributes).map(([name, { type, value }]) => [
          name,
          { DataType: type, StringValue: value },
        ]),
      ),
    });
    try {
      const { MessageId } = await this.#client.send(command);
      return MessageId;
    } catch (error) {
      if (!isPermanentSnsError(error)) throw error;
      throw new PermanentNotifyError(
        `SNS will never take alert ${alert.id} seq ${alert.seq} for ${this.#topicArn}: ${error.name}: ${error.message}`,
        { cause: error },
      );
    }
  }
}
