/** The queue behind the topics: alerts to Slack, PagerDuty and the other channels. */
import { setTimeout as sleep } from 'node:timers/promises';
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SecurityHubClient } from '@aws-sdk/client-securityhub';
import { SNSClient } from '@aws-sdk/client-sns';
import { SSMClient } from '@aws-sdk/client-ssm';
import type { Context, SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { clientConfig } from '../src/adapters/aws/clients.ts';
import { CloudWatchMetricSink } from '../src/adapters/aws/cloudwatch-metric-sink.ts';
import { DynamoDeliveryBook } from '../src/adapters/aws/dynamo-delivery-book.ts';
import { setting } from '../src/adapters/aws/environment.ts';
import { jsonLog } from '../src/adapters/aws/json-log.ts';
import { ParameterChannels } from '../src/adapters/aws/parameter-channels.ts';
import { PARAMETER_STORE_RETRIES } from '../src/adapters/aws/parameter-store.ts';
import { SecurityHubFindings } from '../src/adapters/aws/security-hub-findings.ts';
import { SignedAws } from '../src/adapters/aws/signed-aws.ts';
import { SignedDeadLetters } from '../src/adapters/aws/signed-dead-letters.ts';
import { queueMessagesOf, SignedQueue } from '../src/adapters/aws/signed-queue.ts';
import { SignedSnapshotStore } from '../src/adapters/aws/signed-snapshot-store.ts';
import { SnsOwnerNotices } from '../src/adapters/aws/sns-owner-notices.ts';
import { SnsTopics } from '../src/adapters/aws/sns-topics.ts';
import { FetchPost } from '../src/adapters/http/fetch-post.ts';
import { CachedChannels } from '../src/adapters/local/cached-channels.ts';
import { CachedSnapshot } from '../src/adapters/local/cached-snapshot.ts';
import { DeliverLoop } from '../src/deliver/run.ts';

/** A message that is begun may need a pause, a post and a few calls; ms. */
const LAST_CALL = 20_000;

const log = jsonLog();
const now = Date.now;
const config = clientConfig();
const bucket = setting('STATE_BUCKET');
const aws = new SignedAws({});
const sns = new SNSClient(config);
const ssm = new SSMClient({ ...config, ...PARAMETER_STORE_RETRIES });
const source = new ParameterChannels({ client: ssm, path: setting('CONFIG_PATH') });
const channels = new CachedChannels({ source, now, log });
const store = new SignedSnapshotStore({ bucket, aws });
const snapshots = new CachedSnapshot({ store, now, log });
const loop = new DeliverLoop(
  {
    channels: () => channels.get(),
    snapshot: () => snapshots.get(),
    book: new DynamoDeliveryBook({
      client: new DynamoDBClient(config),
      table: setting('DELIVERY_TABLE'),
    }),
    post: new FetchPost(),
    topics: new SnsTopics({ client: sns }),
    chatTopic: setting('CHAT_TOPIC_ARN'),
    findings: new SecurityHubFindings({ client: new SecurityHubClient(config) }),
    deadLetters: new SignedDeadLetters({ queueUrl: setting('DEAD_LETTER_QUEUE_URL'), bucket, aws }),
    owner: new SnsOwnerNotices({ client: sns, topicArn: setting('OPS_TOPIC_ARN') }),
    metrics: new CloudWatchMetricSink({ client: new CloudWatchClient(config), now, log }),
    queue: new SignedQueue({ aws, url: setting('DELIVER_QUEUE_URL') }),
    log,
    now,
    sleep,
  },
  { stage: setting('STAGE'), account: setting('ACCOUNT'), region: config.region },
);

/** What could not be delivered stays in the queue until its next time. */
export async function handler(
  event: SQSEvent,
  context: Pick<Context, 'getRemainingTimeInMillis'>,
): Promise<SQSBatchResponse> {
  const deadline = now() + context.getRemainingTimeInMillis() - LAST_CALL;
  const again = await loop.run(queueMessagesOf(event), deadline);
  return { batchItemFailures: again.map((itemIdentifier) => ({ itemIdentifier })) };
}
