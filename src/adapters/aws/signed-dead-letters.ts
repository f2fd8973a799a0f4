import type { DeadLetters } from '../../ports/notifier.ts';
import { type Letter, packLetter } from './dead-letter.ts';
import { refusedBy, type SignedAws, type SignedRequest } from './signed-aws.ts';

export interface SignedDeadLettersOptions {
  readonly queueUrl: string;
  /** State bucket, for bodies too large for a message. */
  readonly bucket: string;
  readonly aws: SignedAws;
}

/** Parks letters in an SQS queue by signed requests, without the SDK. */
export class SignedDeadLetters implements DeadLetters {
  readonly #options: SignedDeadLettersOptions;

  constructor(options: SignedDeadLettersOptions) {
    this.#options = options;
  }

  /** @throws Error when S3 or SQS refuses; then nobody has the letter but the caller */
  async park(letter: Letter): Promise<void> {
    const { aws, bucket, queueUrl } = this.#options;
    const { message, object } = packLetter(letter, bucket);
    if (object !== undefined) {
      await this.#mustDo({
        service: 's3',
        method: 'PUT',
        url: aws.objectUrl(bucket, object.key),
        headers: {
          'content-type': 'application/octet-stream',
          'x-amz-content-sha256': object.sha256,
        },
        body: object.bytes,
      });
    }
    await this.#mustDo({
      service: 'sqs',
      method: 'POST',
      url: aws.queueEndpoint(queueUrl),
      headers: {
        'content-type': 'application/x-amz-json-1.0',
        'x-amz-target': 'AmazonSQS.SendMessage',
      },
      body: JSON.stringify({ QueueUrl: queueUrl, MessageBody: message }),
    });
  }

  async #mustDo(request: SignedRequest): Promise<void> {
    const answer = await this.#options.aws.send(request);
    if (answer.status !== 200) throw refusedBy(request, answer);
  }
}
