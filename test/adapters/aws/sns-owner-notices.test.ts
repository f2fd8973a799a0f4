import { randomUUID } from 'node:crypto';
import { CreateTopicCommand, SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import { GetQueueAttributesCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { clientConfig } from '../../../src/adapters/aws/clients.ts';
import { SnsOwnerNotices } from '../../../src/adapters/aws/sns-owner-notices.ts';
import { newQueue } from './emulator.ts';

const sns = new SNSClient(clientConfig());
const sqs = new SQSClient(clientConfig());
let topicArn: string;
let queueUrl: string;

beforeAll(async () => {
  queueUrl = await newQueue(sqs);
  const { TopicArn } = await sns.send(new CreateTopicCommand({ Name: `ops-${randomUUID()}` }));
  topicArn = TopicArn ?? '';
  const { Attributes } = await sqs.send(
    new GetQueueAttributesCommand({ QueueUrl: queueUrl, AttributeNames: ['QueueArn'] }),
  );
  const Endpoint = Attributes?.QueueArn;
  await sns.send(new SubscribeCommand({ TopicArn: topicArn, Protocol: 'sqs', Endpoint }));
});
afterAll(() => {
  sns.destroy();
  sqs.destroy();
});

async function received(
  subject: string,
  text: string,
): Promise<{ Subject: string; Message: string }> {
  await new SnsOwnerNotices({ client: sns, topicArn }).publish(subject, text);
  const { Messages } = await sqs.send(
    new ReceiveMessageCommand({ QueueUrl: queueUrl, WaitTimeSeconds: 5, VisibilityTimeout: 60 }),
  );
  return JSON.parse(Messages?.[0]?.Body ?? '{}');
}

test('A notice arrives as it is', async () => {
  expect(await received('configuration, 1 with errors', 'é\nline two')).toMatchObject({
    Subject: 'configuration, 1 with errors',
    Message: 'é\nline two',
  });
});

test('A subject is ASCII, one line and shorter than 100; a text fits a message', async () => {
  const { Subject, Message } = await received(`é\n${'x'.repeat(200)}`, 'é'.repeat(150_000));
  expect(Subject).toBe(`??${'x'.repeat(97)}`);
  expect(Buffer.byteLength(Message)).toBeLessThan(262_144);
  expect(Message).toMatch(/^é+\n\.\.\.$/);
});

test('A topic that is gone is an error', async () => {
  const gone = new SnsOwnerNotices({ client: sns, topicArn: `${topicArn}-gone` });
  await expect(gone.publish('s', 't')).rejects.toThrow();
});
