import { randomUUID } from 'node:crypto';
import {
  GetFindingsCommand,
  InvalidAccessException,
  InvalidInputException,
  SecurityHubClient,
} from '@aws-sdk/client-securityhub';
import { CreateTopicCommand, SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import {
  CreateQueueCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { afterAll, describe, expect, jest, test } from '@jest/globals';
import { clientConfig } from '../../../src/adapters/aws/clients.ts';
import { SecurityHubFindings } from '../../../src/adapters/aws/security-hub-findings.ts';
import { SignedAws } from '../../../src/adapters/aws/signed-aws.ts';
import { SignedQueue } from '../../../src/adapters/aws/signed-queue.ts';
import { SnsTopics } from '../../../src/adapters/aws/sns-topics.ts';
import { PermanentNotifyError } from '../../../src/ports/notifier.ts';
import { newQueue } from './emulator.ts';

jest.setTimeout(30_000);

const sns = new SNSClient(clientConfig());
const sqs = new SQSClient(clientConfig());
afterAll(() => {
  sns.destroy();
  sqs.destroy();
});

describe('SnsTopics', () => {
  test('a message arrives with its attributes', async () => {
    const name = `chat-${randomUUID()}`;
    const { TopicArn = '' } = await sns.send(new CreateTopicCommand({ Name: name }));
    const { QueueUrl = '' } = await sqs.send(new CreateQueueCommand({ QueueName: name }));
    const Endpoint = `arn:aws:sqs:${TopicArn.split(':')[3]}:123456789012:${name}`;
    await sns.send(new SubscribeCommand({ TopicArn, Protocol: 'sqs', Endpoint }));
    const topics = new SnsTopics({ client: sns });
    await topics.publish({ topic: TopicArn, message: '{"a":1}', attributes: { kind: 'x' } });
    const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl }));
    expect(JSON.parse(Messages[0]?.Body ?? '')).toMatchObject({
      Message: '{"a":1}',
      MessageAttributes: { kind: { Type: 'String', Value: 'x' } },
    });
  });

  test('a topic that does not exist will never take it', async () => {
    const topic = 'arn:aws:sns:us-east-1:123456789012:no-such-topic';
    const publishing = new SnsTopics({ client: sns }).publish({ topic, message: 'x' });
    await expect(publishing).rejects.toBeInstanceOf(PermanentNotifyError);
  });
});

describe('SignedQueue', () => {
  test('a message comes back at the time it was given', async () => {
    const QueueUrl = await newQueue(sqs);
    await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'x' }));
    const receive = async () =>
      (await sqs.send(new ReceiveMessageCommand({ QueueUrl }))).Messages ?? [];
    const [first] = await receive();
    const message = { id: first?.MessageId ?? '', receipt: first?.ReceiptHandle ?? '' };
    const queue = new SignedQueue({ aws: new SignedAws({}), url: QueueUrl });
    expect(await receive()).toEqual([]);
    await queue.hide({ ...message, body: 'x', sentAt: 0, receives: 1 }, 0);
    expect(await receive()).toHaveLength(1);
  });

  test('a queue that is not there is an error', async () => {
    const url = 'http://localhost/123456789012/no-such-queue';
    const queue = new SignedQueue({ aws: new SignedAws({}), url });
    const message = { id: 'a', receipt: 'b', body: '', sentAt: 0, receives: 1 };
    await expect(queue.hide(message, 1)).rejects.toThrow('AWS answered 400');
  });
});

describe('SecurityHubFindings', () => {
  const hub = new SecurityHubClient(clientConfig());
  afterAll(() => hub.destroy());
  const finding = {
    SchemaVersion: '2018-10-08',
    Id: 'finding-1',
    ProductArn: 'arn:aws:securityhub:us-east-1:123456789012:product/123456789012/default',
    GeneratorId: 'rule',
    AwsAccountId: '123456789012',
    Types: ['Unusual Behaviors/Network Flow'],
    CreatedAt: '2026-11-23T12:00:00Z',
    UpdatedAt: '2026-11-23T12:00:00Z',
    Severity: { Label: 'HIGH' },
    Title: 'a title',
    Description: 'a description',
    Resources: [{ Type: 'Other', Id: 'x' }],
  };

  test('a finding is taken, and lies there', async () => {
    await new SecurityHubFindings({ client: hub }).put(finding);
    const { Findings = [] } = await hub.send(new GetFindingsCommand({}));
    expect(Findings).toContainEqual(expect.objectContaining({ Id: 'finding-1' }));
  });

  test.each([
    ['InvalidInput', true],
    ['InternalError', false],
  ])('one that comes back as %s is refused for ever: %s', async (ErrorCode, forever) => {
    const answer = { FailedCount: 1, FailedFindings: [{ ErrorCode, ErrorMessage: 'no' }] };
    const put = sending(async () => answer);
    await expect(put).rejects.toThrow(`${ErrorCode}: no`);
    const error = await put.catch((thrown: unknown) => thrown);
    expect(error instanceof PermanentNotifyError).toBe(forever);
  });

  test('a hub that is not enabled is for a person to mend, and the finding waits', async () => {
    const off = new InvalidAccessException({ message: 'not subscribed', $metadata: {} });
    const put = sending(() => Promise.reject(off));
    await expect(put).rejects.toBe(off);
  });

  test('a request that is wrong in form is refused for ever', async () => {
    const wrong = new InvalidInputException({ message: 'Findings[0].Title', $metadata: {} });
    const put = sending(() => Promise.reject(wrong));
    await expect(put).rejects.toBeInstanceOf(PermanentNotifyError);
  });

  function sending(send: () => Promise<unknown>): Promise<void> {
    const client = { send } as unknown as SecurityHubClient;
    return new SecurityHubFindings({ client }).put(finding);
  }
});
