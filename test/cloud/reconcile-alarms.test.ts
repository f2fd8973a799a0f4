import { randomUUID } from 'node:crypto';
import {
  CloudWatchClient,
  DeleteAlarmsCommand,
  DescribeAlarmsCommand,
  ListTagsForResourceCommand,
  type MetricAlarm,
  PutMetricAlarmCommand,
} from '@aws-sdk/client-cloudwatch';
import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { S3Client } from '@aws-sdk/client-s3';
import { DeleteParameterCommand, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { afterAll, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { clientConfig, s3Config } from '../../src/adapters/aws/clients.ts';
import { CloudWatchAlarmStore } from '../../src/adapters/aws/cloudwatch-alarm-store.ts';
import { ParameterStoreSource } from '../../src/adapters/aws/parameter-store.ts';
import { LogsSavedQueryStore } from '../../src/adapters/aws/saved-query-store.ts';
import { configState, snapshotPublisher } from '../../src/adapters/aws/snapshot-publisher.ts';
import { MemoryMetricSink } from '../../src/adapters/local/memory-metric-sink.ts';
import { reconcile } from '../../src/config/reconcile.ts';
import { ruleQuery } from '../../src/saved-queries/rule-query.ts';
import { ENDPOINT, newBucket } from '../adapters/aws/emulator.ts';
import { CompositeAlarms } from './gateway/composite-alarms.ts';
import { Gateway } from './gateway/gateway.ts';
import { QueryDefinitions } from './gateway/query-definitions.ts';

// The emulator loads each service when it is first asked.
jest.setTimeout(60_000);

const TOPIC = 'arn:aws:sns:us-east-1:123456789012:alerts';
const HOUR = 3_600_000;

let gateway: Gateway;
let cloudwatch: CloudWatchClient;
let logs: CloudWatchLogsClient;
let ssm: SSMClient;
let s3: S3Client;
const calls: string[] = [];

beforeAll(async () => {
  gateway = await Gateway.start(ENDPOINT);
  const composite = new CompositeAlarms(gateway);
  const note = ({ service, action }: { service: string; action: string }) => {
    if (service === 'monitoring' || service === 'logs') calls.push(action);
    return undefined;
  };
  gateway.before.push(note, composite.before, new QueryDefinitions().answer);
  gateway.after.push(composite.after);
  const config = { ...clientConfig(), endpoint: gateway.endpoint };
  cloudwatch = new CloudWatchClient(config);
  logs = new CloudWatchLogsClient(config);
  ssm = new SSMClient(config);
  s3 = new S3Client({ ...s3Config(), endpoint: gateway.endpoint, forcePathStyle: true });
});

afterAll(async () => {
  for (const client of [cloudwatch, logs, ssm, s3]) client.destroy();
  await gateway.stop();
});

/** One stage, whose reconcile runs when the test says so. */
class Stage {
  readonly name = `s${randomUUID().slice(0, 8)}`;
  readonly notices: string[] = [];
  readonly #bucket: string;
  #ahead = 0;

  private constructor(bucket: string) {
    this.#bucket = bucket;
  }

  static async make(): Promise<Stage> {
    const stage = new Stage(await newBucket(s3));
    await stage.put('settings', 'builtin: false');
    return stage;
  }

  async put(path: string, Value: string): Promise<void> {
    const Name = `/flowlog-alerts/${this.name}/${path}`;
    await ssm.send(new PutParameterCommand({ Name, Value, Type: 'String', Overwrite: true }));
  }

  async remove(path: string): Promise<void> {
    await ssm.send(new DeleteParameterCommand({ Name: `/flowlog-alerts/${this.name}/${path}` }));
  }

  /** @returns the calls to CloudWatch and its logs */
  async reconcile(laterMs = 0): Promise<string[]> {
    this.#ahead += laterMs;
    calls.length = 0;
    const state = { client: s3, bucket: this.#bucket };
    const stage = this.name;
    await reconcile(
      {
        config: new ParameterStoreSource({ client: ssm, path: `/flowlog-alerts/${stage}` }),
        // Of the flow logs that other tests have in the account, queries would take the format.
        catalog: { describe: async () => ({ formats: {}, flowLogs: {} }) },
        snapshot: snapshotPublisher(state),
        state: configState(state),
        owner: { publish: async (_, text) => void this.notices.push(text) },
        metrics: new MemoryMetricSink(),
        log: () => undefined,
        upkeep: {
          alarms: new CloudWatchAlarmStore({ client: cloudwatch, stage }),
          queries: new LogsSavedQueryStore({ client: logs, stage }),
          sleep: async () => undefined,
          alarmActions: [TOPIC],
          queryOf: ruleQuery,
        },
      },
      { stage, builtin: [], now: () => Date.now() + this.#ahead },
    );
    return [...calls];
  }

  async alarms(): Promise<MetricAlarm[]> {
    const command = new DescribeAlarmsCommand({ AlarmNamePrefix: `flowlog-alerts/${this.name}/` });
    return (await cloudwatch.send(command)).MetricAlarms ?? [];
  }

  alarmName(rule: string): string {
    return `flowlog-alerts/${this.name}/rule/${rule}`;
  }

  async savedQueries(): Promise<Record<string, string>> {
    const stored = await new LogsSavedQueryStore({ client: logs, stage: this.name }).list();
    return Object.fromEntries(
      stored.map(({ name, text }) => [name.split('/').slice(2).join('/'), text]),
    );
  }
}

const SSH = 'title: SSH\nmatch: { dstport: 22 }\n';
const alarm = (above: number) => `${SSH}alarm: { above: ${above} }`;

let stage: Stage;

beforeEach(async () => {
  stage = await Stage.make();
  await stage.put('rules/ssh', alarm(3));
  await stage.reconcile();
});

describe('the alarm of a rule in Parameter Store', () => {
  test('is there with the tag of the stage', async () => {
    const [found, ...others] = await stage.alarms();
    expect(others).toEqual([]);
    expect(found).toMatchObject({
      AlarmName: stage.alarmName('ssh'),
      Threshold: 3,
      MetricName: 'Matches',
      AlarmActions: [TOPIC],
      OKActions: [TOPIC],
      TreatMissingData: 'notBreaching',
    });
    const { Tags } = await cloudwatch.send(
      new ListTagsForResourceCommand({ ResourceARN: found?.AlarmArn }),
    );
    expect(Tags).toEqual([{ Key: 'flowlog-alerts:stage', Value: stage.name }]);
  });

  test('is changed with the rule, and costs no call while nothing changes', async () => {
    expect(await stage.reconcile()).toEqual([]);
    await stage.put('rules/ssh', alarm(4));
    await stage.reconcile();
    expect((await stage.alarms()).map(({ Threshold }) => Threshold)).toEqual([4]);
    expect(await stage.reconcile(300_000)).toEqual([]);
  });

  test('becomes one with a band, and back', async () => {
    await stage.put('rules/ssh', `${SSH}alarm: { band: 2, period: 5m }`);
    await stage.reconcile();
    const [band] = await stage.alarms();
    expect(band).toMatchObject({ ThresholdMetricId: 'ad1' });
    expect(band?.Metrics?.map(({ Id }) => Id)).toEqual(['m1', 'ad1']);
    expect(await stage.reconcile(HOUR)).toEqual(['DescribeAlarms', 'DescribeQueryDefinitions']);
    await stage.put('rules/ssh', alarm(3));
    await stage.reconcile();
    expect((await stage.alarms())[0]).toMatchObject({ Threshold: 3, Metrics: [] });
  });

  test('is put right within an hour when somebody changes it', async () => {
    const [found] = await stage.alarms();
    await cloudwatch.send(
      new PutMetricAlarmCommand({
        AlarmName: found?.AlarmName,
        ComparisonOperator: 'LessThanThreshold',
        EvaluationPeriods: 9,
        Namespace: 'Mine',
        MetricName: 'Other',
        Statistic: 'Average',
        Period: 60,
        Threshold: 77,
      }),
    );
    await stage.reconcile(HOUR);
    const [mended] = await stage.alarms();
    for (const field of ['Threshold', 'Namespace', 'AlarmActions', 'EvaluationPeriods'] as const) {
      expect(mended?.[field]).toEqual(found?.[field]);
    }
  });

  test('is made again when somebody deletes it', async () => {
    await cloudwatch.send(new DeleteAlarmsCommand({ AlarmNames: [stage.alarmName('ssh')] }));
    await stage.reconcile(HOUR);
    expect(await stage.alarms()).toHaveLength(1);
  });

  test('is deleted with the rule, and with the block', async () => {
    await stage.put('rules/other', alarm(1));
    await stage.reconcile();
    expect(await stage.alarms()).toHaveLength(2);
    await stage.remove('rules/other');
    await stage.put('rules/ssh', SSH);
    await stage.reconcile();
    expect(await stage.alarms()).toEqual([]);
  });

  test('that somebody else has made is never touched, and the owner is told once', async () => {
    const theirs = {
      ComparisonOperator: 'GreaterThanThreshold' as const,
      EvaluationPeriods: 1,
      Namespace: 'Mine',
      MetricName: 'Theirs',
      Statistic: 'Sum' as const,
      Period: 60,
      Threshold: 42,
    };
    for (const rule of ['theirs', 'unwanted']) {
      await cloudwatch.send(
        new PutMetricAlarmCommand({ ...theirs, AlarmName: stage.alarmName(rule) }),
      );
    }
    await stage.put('rules/theirs', alarm(1));
    await stage.reconcile();
    await stage.reconcile(HOUR);
    await stage.remove('rules/theirs');
    await stage.reconcile();
    const foreign = (await stage.alarms()).filter(({ MetricName }) => MetricName === 'Theirs');
    expect(foreign).toHaveLength(2);
    expect(stage.notices.map((text) => text.split('\n')[2])).toEqual([
      expect.stringContaining(`alarms: ${stage.alarmName('theirs')}: there is one of this name`),
      'alarms',
    ]);
  });

  test('tells by severity where settings ask for it', async () => {
    await stage.put('settings', 'builtin: false\nalarms: { composite: true }');
    await stage.reconcile();
    const { CompositeAlarms = [] } = await cloudwatch.send(
      new DescribeAlarmsCommand({
        AlarmNamePrefix: `flowlog-alerts/${stage.name}/`,
        AlarmTypes: ['CompositeAlarm'],
      }),
    );
    expect(CompositeAlarms).toMatchObject([
      { AlarmRule: `ALARM("${stage.alarmName('ssh')}")`, AlarmActions: [TOPIC] },
    ]);
    expect((await stage.alarms())[0]?.ActionsEnabled).toBe(false);
    expect(await stage.reconcile(HOUR)).toEqual(['DescribeAlarms', 'DescribeQueryDefinitions']);
    await stage.put('settings', 'builtin: false');
    await stage.reconcile();
    expect((await stage.alarms()).map(({ ActionsEnabled }) => ActionsEnabled)).toEqual([true]);
  });
});

describe('saved queries', () => {
  test('are there for each rule and for decisions, change with the rule and go with it', async () => {
    const first = await stage.savedQueries();
    expect(Object.keys(first).sort()).toEqual([
      'decisions/not-sent',
      'decisions/sent',
      'ssh',
      'test-alert',
    ]);
    expect(first.ssh).toMatch(/\b22\b/);
    await stage.put('rules/ssh', SSH.replace('22', '2222'));
    const made = await stage.reconcile();
    expect(made.filter((call) => call === 'PutQueryDefinition')).toHaveLength(1);
    expect((await stage.savedQueries()).ssh).toMatch(/\b2222\b/);
    await stage.remove('rules/ssh');
    await stage.reconcile();
    expect(await stage.savedQueries()).not.toHaveProperty('ssh');
  });
});
