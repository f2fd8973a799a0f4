import { randomUUID } from 'node:crypto';
import {
  CreateTopicCommand,
  DeleteTopicCommand,
  SNSClient,
  SubscribeCommand,
} from '@aws-sdk/client-sns';
import { GetQueueAttributesCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { clientConfig } from '../../../src/adapters/aws/clients.ts';
import { SnsNotifier } from '../../../src/adapters/aws/sns-notifier.ts';
import { renderSns } from '../../../src/alerts/sns.ts';
import { PermanentNotifyError } from '../../../src/ports/notifier.ts';
import { runContract } from '../../contracts/notifier.ts';
import { type FaultProxy, inTurn, startFaultProxy } from '../../moto/fault-proxy.ts';
import { alertNamed } from '../alert.ts';
import { ENDPOINT, newQueue } from './emulator.ts';

const sqs = new SQSClient(clientConfig());
const sns = new SNSClient(clientConfig());
afterAll(() => {
  sqs.destroy();
  sns.destroy();
});

let topicArn: string;

beforeAll(async () => {
  const { TopicArn } = await sns.send(new CreateTopicCommand({ Name: 'alerts-of-notifier-test' }));
  topicArn = TopicArn ?? '';
});

/** A queue that a topic delivers to. */
async function subscribed(
  attributes: Record<string, string> = {},
  topic = topicArn,
): Promise<string> {
  const queueUrl = await newQueue(sqs);
  const { Attributes } = await sqs.send(
    new GetQueueAttributesCommand({ QueueUrl: queueUrl, AttributeNames: ['QueueArn'] }),
  );
  await sns.send(
    new SubscribeCommand({
      TopicArn: topic,
      Protocol: 'sqs',
      Endpoint: Attributes?.QueueArn,
      Attributes: attributes,
    }),
  );
  return queueUrl;
}

async function received(queueUrl: string): Promise<Record<string, unknown>[]> {
  const { Messages = [] } = await sqs.send(
    new ReceiveMessageCommand({ QueueUrl: queueUrl, MaxNumberOfMessages: 10 }),
  );
  return Messages.map(({ Body }) => JSON.parse(Body ?? ''));
}

describe('SnsNotifier', () => {
  let proxy: FaultProxy;
  let client: SNSClient;
  beforeAll(async () => {
    proxy = await startFaultProxy(ENDPOINT);
    client = new SNSClient({ ...clientConfig(), maxAttempts: 1, endpoint: proxy.endpoint });
  });
  afterEach(() => proxy.clear());
  afterAll(async () => {
    client.destroy();
    await proxy.stop();
  });

  runContract({
    name: 'SnsNotifier',
    async make() {
      const { TopicArn = '' } = await sns.send(
        new CreateTopicCommand({ Name: `alerts-${randomUUID()}` }),
      );
      const queueUrl = await subscribed({}, TopicArn);
      return {
        notifier: new SnsNotifier({ client, topicArn: TopicArn }),
        received: async () =>
          (await received(queueUrl)).map(({ Message }) => JSON.parse(String(Message))),
        fail: async () => proxy.onCall(() => 'unavailable'),
        refuse: async () => {
          await sns.send(new DeleteTopicCommand({ TopicArn }));
        },
      };
    },
  });

  test('a queue receives the alert’s JSON, its subject and its attributes', async () => {
    const queueUrl = await subscribed();
    const alert = alertNamed('whole');
    await new SnsNotifier({ client: sns, topicArn }).publish(alert);
    const [envelope] = await received(queueUrl);
    expect(JSON.parse(String(envelope?.Message))).toEqual(alert);
    expect(envelope).toMatchObject({
      Subject: renderSns(alert).subject,
      MessageAttributes: {
        type: { Type: 'String', Value: 'alert' },
        rule: { Type: 'String', Value: 'ssh-from-internet' },
        severity: { Type: 'String', Value: 'high' },
        status: { Type: 'String', Value: 'firing' },
        stage: { Type: 'String', Value: 'prod' },
        account: { Type: 'String', Value: '123456789012' },
        tags: { Type: 'String.Array', Value: '["network","attack.t1021"]' },
      },
    });
  });

  test('a filter policy on severity and one tag lets its alerts through and no other', async () => {
    const policy = JSON.stringify({ severity: ['critical'], tags: ['attack.t1021'] });
    const queueUrl = await subscribed({ FilterPolicy: policy });
    const notifier = new SnsNotifier({ client: sns, topicArn });
    const { rule } = alertNamed('');
    await notifier.publish(alertNamed('high'));
    await notifier.publish(alertNamed('critical', { rule: { ...rule, severity: 'critical' } }));
    await notifier.publish(
      alertNamed('untagged', { rule: { ...rule, severity: 'critical', tags: ['network'] } }),
    );
    const ids = (await received(queueUrl)).map(({ Message }) => JSON.parse(String(Message)).id);
    expect(ids).toEqual(['critical']);
  });

  test('a topic that is not there is a permanent error that names the alert', async () => {
    const notifier = new SnsNotifier({ client: sns, topicArn: `${topicArn}-not` });
    const publishing = notifier.publish(alertNamed('a'));
    await expect(publishing).rejects.toBeInstanceOf(PermanentNotifyError);
    await expect(publishing).rejects.toThrow('SNS will never take alert a seq 0');
  });

  test('an ARN that is none is a permanent error', async () => {
    const notifier = new SnsNotifier({ client: sns, topicArn: 'alerts' });
    await expect(notifier.publish(alertNamed('a'))).rejects.toBeInstanceOf(PermanentNotifyError);
  });
});

describe('SnsNotifier on a bad connection', () => {
  let proxy: FaultProxy;
  let faulty: SNSClient;

  beforeAll(async () => {
    proxy = await startFaultProxy(ENDPOINT);
    faulty = new SNSClient({ ...clientConfig(), maxAttempts: 2, endpoint: proxy.endpoint });
  });
  afterEach(() => proxy.clear());
  afterAll(async () => {
    faulty.destroy();
    await proxy.stop();
  });

  test.each(['fail-before', 'throttle', 'unavailable'] as const)(
    'an alert that meets %s is published again',
    async (fate) => {
      const queueUrl = await subscribed();
      proxy.onCall(inTurn(() => true, fate));
      await new SnsNotifier({ client: faulty, topicArn }).publish(alertNamed('again'));
      expect(proxy.calls().map(({ operation }) => operation)).toEqual(['Publish', 'Publish']);
      expect(await received(queueUrl)).toHaveLength(1);
    },
  );

  test('a lost answer publishes a double with the same id and seq', async () => {
    const queueUrl = await subscribed();
    proxy.onCall(inTurn(() => true, 'fail-after'));
    await new SnsNotifier({ client: faulty, topicArn }).publish(alertNamed('double'));
    const messages = (await received(queueUrl)).map(({ Message }) => JSON.parse(String(Message)));
    expect(messages.map(({ id, seq }) => [id, seq])).toEqual([
      ['double', 0],
      ['double', 0],
    ]);
  });

  test.each(['deny', 'throttle', 'unavailable', 'fail-before'] as const)(
    'an alert that only ever meets %s may be tried again later',
    async (fate) => {
      proxy.onCall(() => fate);
      const publishing = new SnsNotifier({ client: faulty, topicArn }).publish(alertNamed('a'));
      await expect(publishing).rejects.toThrow();
      await expect(publishing).rejects.not.toBeInstanceOf(PermanentNotifyError);
    },
  );
});
