/** Brings the published configuration in line with Parameter Store, whatever event says so. */
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { EC2Client } from '@aws-sdk/client-ec2';
import { S3Client } from '@aws-sdk/client-s3';
import { SNSClient } from '@aws-sdk/client-sns';
import { SSMClient } from '@aws-sdk/client-ssm';
import { clientConfig, s3Config } from '../src/adapters/aws/clients.ts';
import { CloudWatchAlarmStore } from '../src/adapters/aws/cloudwatch-alarm-store.ts';
import { CloudWatchMetricSink } from '../src/adapters/aws/cloudwatch-metric-sink.ts';
import { setting } from '../src/adapters/aws/environment.ts';
import { LogsFilterPatterns } from '../src/adapters/aws/filter-patterns.ts';
import { Ec2FlowLogCatalog } from '../src/adapters/aws/flow-log-catalog.ts';
import { jsonLog } from '../src/adapters/aws/json-log.ts';
import {
  PARAMETER_STORE_RETRIES,
  ParameterStoreSource,
} from '../src/adapters/aws/parameter-store.ts';
import { LogsSavedQueryStore } from '../src/adapters/aws/saved-query-store.ts';
import { configState, snapshotPublisher } from '../src/adapters/aws/snapshot-publisher.ts';
import { SnsOwnerNotices } from '../src/adapters/aws/sns-owner-notices.ts';
import { DirectorySource } from '../src/adapters/local/directory.ts';
import { type ReconcilePorts, reconcile } from '../src/config/reconcile.ts';
import { ruleQuery } from '../src/saved-queries/rule-query.ts';

const stage = setting('STAGE');
const bucket = setting('STATE_BUCKET');
const log = jsonLog();
const config = clientConfig();
const s3 = new S3Client(s3Config());
/** What can wait for the next run does not hold this one up. */
const brief = { ...config, maxAttempts: 2 };
const logs = new CloudWatchLogsClient(config);
const ports: ReconcilePorts = {
  config: new ParameterStoreSource({
    client: new SSMClient({ ...config, ...PARAMETER_STORE_RETRIES }),
    path: setting('CONFIG_PATH'),
  }),
  catalog: new Ec2FlowLogCatalog({ client: new EC2Client(config) }),
  snapshot: snapshotPublisher({ client: s3, bucket }),
  state: configState({ client: s3, bucket }),
  owner: new SnsOwnerNotices({
    client: new SNSClient(config),
    topicArn: setting('OPS_TOPIC_ARN'),
  }),
  metrics: new CloudWatchMetricSink({ client: new CloudWatchClient(config), now: Date.now, log }),
  log,
  filters: new LogsFilterPatterns({ client: logs, stage }),
  upkeep: {
    alarms: new CloudWatchAlarmStore({ client: new CloudWatchClient(brief), stage }),
    queries: new LogsSavedQueryStore({ client: new CloudWatchLogsClient(brief), stage }),
    sleep: (ms) => sleep(ms),
    alarmActions: [setting('ALERT_TOPIC_ARN')],
    queryOf: ruleQuery,
  },
};
const builtin = new DirectorySource(join(process.env.LAMBDA_TASK_ROOT ?? process.cwd(), 'rules'));

/** A change of a parameter, the schedule or a deployment: each means "look at everything". */
export async function handler(): Promise<void> {
  await reconcile(ports, { stage, builtin: await builtin.read(), now: Date.now });
}
