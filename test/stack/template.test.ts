import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { packagedTemplate, ROOT } from '../cloud/serverless.ts';
import type { Resource, Template } from '../cloud/stack/template.ts';

const FUNCTIONS = ['Logs', 'Objects', 'Stream', 'Reduce', 'Tick', 'Reconcile', 'Deliver'];

interface Statement {
  readonly Effect: string;
  readonly Action: string | readonly string[];
  readonly Resource: unknown;
  readonly Condition?: unknown;
}

let template: Template;

beforeAll(async () => {
  template = await packagedTemplate({
    stage: 'test',
    params: { logGroups: '/vpc/a,/vpc/b', alertEmail: 'alerts@example.org', shards: 3 },
  });
}, 60_000);

const resource = (id: string): Resource => {
  const found = template.Resources[id];
  if (found === undefined) throw new Error(`The template has no resource ${id}`);
  return found;
};
const properties = (id: string) => resource(id).Properties as Record<string, never>;
const ofType = (type: string) =>
  Object.entries(template.Resources).filter(([, { Type }]) => Type === type);

function statements(role: string): Statement[] {
  const { Policies } = resource(role).Properties as {
    Policies: { PolicyDocument: { Statement: Statement[] } }[];
  };
  return Policies.flatMap((policy) => policy.PolicyDocument.Statement);
}

const actions = (role: string) => statements(role).flatMap(({ Action }) => [Action].flat());

describe('Functions', () => {
  test.each(FUNCTIONS)('%s has a role of its own', (name) => {
    expect(properties(`${name}LambdaFunction`).Role).toEqual({
      'Fn::GetAtt': [`${name}Role`, 'Arn'],
    });
  });

  test('there is no role that no function has', () => {
    expect(ofType('AWS::IAM::Role').map(([id]) => id)).toEqual(
      expect.arrayContaining(FUNCTIONS.map((name) => `${name}Role`)),
    );
    expect(ofType('AWS::IAM::Role')).toHaveLength(FUNCTIONS.length);
  });

  test('they run on Node 24, arm64, with source maps, and no reserved concurrency', () => {
    for (const [, { Properties }] of ofType('AWS::Lambda::Function')) {
      expect(Properties).toMatchObject({ Runtime: 'nodejs24.x', Architectures: ['arm64'] });
      expect(Properties).toHaveProperty(
        'Environment.Variables.NODE_OPTIONS',
        '--enable-source-maps',
      );
      expect(Properties).not.toHaveProperty('ReservedConcurrentExecutions');
    }
  });

  test('each sees the environment it needs and nothing else', () => {
    const seen = Object.fromEntries(
      FUNCTIONS.map((name) => {
        const { Environment } = resource(`${name}LambdaFunction`).Properties as {
          Environment: { Variables: object };
        };
        return [name, Object.keys(Environment.Variables).sort()];
      }),
    );
    const all = ['NODE_OPTIONS', 'STAGE'];
    expect(seen).toEqual({
      Logs: ['DEAD_LETTER_QUEUE_URL', 'DIGEST_TABLE', 'SHARDS', 'STATE_BUCKET', ...all].sort(),
      Objects: [
        'DEAD_LETTER_QUEUE_URL',
        'DIGEST_TABLE',
        'OBJECTS_QUEUE_URL',
        'SHARDS',
        'STATE_BUCKET',
        ...all,
      ].sort(),
      Stream: ['DEAD_LETTER_QUEUE_URL', 'DIGEST_TABLE', 'SHARDS', 'STATE_BUCKET', ...all].sort(),
      Reduce: ['ALERT_TOPIC_ARN', 'DEAD_LETTER_QUEUE_URL', 'STATE_BUCKET', ...all].sort(),
      Tick: ['DIGEST_TABLE', 'SHARDS', ...all].sort(),
      Reconcile: ['ALERT_TOPIC_ARN', 'CONFIG_PATH', 'OPS_TOPIC_ARN', 'STATE_BUCKET', ...all].sort(),
      Deliver: [
        'ACCOUNT',
        'CHAT_TOPIC_ARN',
        'CONFIG_PATH',
        'DEAD_LETTER_QUEUE_URL',
        'DELIVERY_TABLE',
        'DELIVER_QUEUE_URL',
        'OPS_TOPIC_ARN',
        'STATE_BUCKET',
        ...all,
      ].sort(),
    });
  });

  test('their logs, and so the decision log, are kept for the parameter `retention`', () => {
    for (const name of FUNCTIONS) {
      expect(properties(`${name}LogGroup`)).toMatchObject({ RetentionInDays: 90 });
    }
  });
});

describe('Rights', () => {
  test('no role may create a log group: a late retry would bring a removed one back', () => {
    for (const name of FUNCTIONS)
      expect(actions(`${name}Role`)).not.toContain('logs:CreateLogGroup');
  });

  test('no action has a wildcard', () => {
    for (const name of FUNCTIONS) {
      for (const action of actions(`${name}Role`)) expect(action).toMatch(/^[a-z0-9]+:[A-Za-z]+$/);
    }
  });

  test('the only resource `*` is where AWS knows no narrower one', () => {
    const open = FUNCTIONS.flatMap((name) =>
      statements(`${name}Role`).filter(({ Resource }) => Resource === '*'),
    );
    for (const { Action, Condition } of open) {
      if (Action === 'cloudwatch:PutMetricData') {
        expect(Condition).toEqual({ StringEquals: { 'cloudwatch:namespace': 'FlowlogAlerts' } });
      }
    }
    expect(open.flatMap(({ Action }) => Action).sort()).toEqual([
      // Composite alarms can be listed and made with all of them alone.
      'cloudwatch:DescribeAlarms',
      'cloudwatch:PutCompositeAlarm',
      'cloudwatch:PutMetricData',
      'cloudwatch:PutMetricData',
      'cloudwatch:PutMetricData',
      'ec2:DescribeFlowLogs',
      // Saved queries have no ARN.
      'logs:DeleteQueryDefinition',
      'logs:DescribeQueryDefinitions',
      'logs:PutQueryDefinition',
    ]);
  });

  test('reconcile touches no alarm but those of rules and severities', () => {
    const written = statements('ReconcileRole').filter(({ Action }) =>
      [Action].flat().includes('cloudwatch:DeleteAlarms'),
    );
    expect(written).toHaveLength(1);
    const alarm = 'cloudwatch:${AWS::Region}:${AWS::AccountId}:alarm:flowlog-alerts/test';
    expect(written[0]?.Resource).toEqual(
      ['rule', 'severity'].map((kind) => ({
        'Fn::Sub': `arn:\${AWS::Partition}:${alarm}/${kind}/*`,
      })),
    );
  });

  test('tick may put digests and write its log, no more', () => {
    expect(actions('TickRole')).toEqual([
      'logs:CreateLogStream',
      'logs:PutLogEvents',
      'dynamodb:PutItem',
    ]);
  });

  test('logs may publish nothing, reduce may write no digest', () => {
    expect(actions('LogsRole')).not.toContain('sns:Publish');
    expect(actions('ReduceRole')).not.toContain('dynamodb:PutItem');
  });

  test('deliver alone may write to chat, and reads no parameters but channels', () => {
    const publishers = FUNCTIONS.filter((name) =>
      statements(`${name}Role`).some(
        ({ Action, Resource }) =>
          [Action].flat().includes('sns:Publish') && JSON.stringify(Resource).includes('ChatTopic'),
      ),
    );
    expect(publishers).toEqual(['Deliver']);
    const read = statements('DeliverRole').filter(({ Action }) => String(Action).includes('ssm:'));
    for (const { Resource } of read) {
      for (const one of Resource as { 'Fn::Sub': string }[]) {
        expect(one['Fn::Sub']).toMatch(/:parameter\/flowlog-alerts\/test\/channels(\/\*)?$/);
      }
    }
  });

  test('deliver decrypts what SSM gives it of its channels, and nothing else', () => {
    const decrypting = statements('DeliverRole').filter(({ Action }) => Action === 'kms:Decrypt');
    expect(decrypting).toMatchObject([
      {
        Condition: {
          StringEquals: { 'kms:ViaService': expect.anything() },
          StringLike: {
            'kms:EncryptionContext:PARAMETER_ARN': {
              'Fn::Sub': expect.stringMatching(/\/flowlog-alerts\/test\/channels\/\*$/),
            },
          },
        },
      },
    ]);
  });

  test('only the Lambda service takes a role', () => {
    for (const name of FUNCTIONS) {
      expect(properties(`${name}Role`)).toHaveProperty('AssumeRolePolicyDocument.Statement', [
        {
          Effect: 'Allow',
          Principal: { Service: 'lambda.amazonaws.com' },
          Action: 'sts:AssumeRole',
        },
      ]);
    }
  });
});

describe('Storage', () => {
  test('no queue, topic, table or bucket has a literal name', () => {
    const names = { 'SQS::Queue': 'QueueName', 'SNS::Topic': 'TopicName' };
    const more = { 'DynamoDB::Table': 'TableName', 'S3::Bucket': 'BucketName' };
    for (const [type, name] of Object.entries({ ...names, ...more, 'IAM::Role': 'RoleName' })) {
      expect(ofType(`AWS::${type}`).length).toBeGreaterThan(0);
      for (const [, { Properties }] of ofType(`AWS::${type}`))
        expect(Properties).not.toHaveProperty(name);
    }
  });

  test('every queue is encrypted', () => {
    for (const [, { Properties }] of ofType('AWS::SQS::Queue')) {
      expect(Properties).toMatchObject({ SqsManagedSseEnabled: true });
    }
  });

  test('all topics are under the key that alarms may use, from this account alone', () => {
    for (const [, { Properties }] of ofType('AWS::SNS::Topic')) {
      expect(Properties).toMatchObject({ KmsMasterKeyId: { Ref: 'TopicKey' } });
    }
    expect(properties('TopicKey')).toHaveProperty(
      'KeyPolicy.Statement',
      expect.arrayContaining([
        expect.objectContaining({
          Principal: { Service: 'cloudwatch.amazonaws.com' },
          Action: ['kms:Decrypt', 'kms:GenerateDataKey*'],
          Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } },
        }),
      ]),
    );
  });

  test('buckets, queues and topics refuse plain HTTP', () => {
    const policies = ['S3::BucketPolicy', 'SQS::QueuePolicy', 'SNS::TopicPolicy'];
    for (const [id, { Properties }] of policies.flatMap((type) => ofType(`AWS::${type}`))) {
      const { PolicyDocument } = Properties as { PolicyDocument: { Statement: Statement[] } };
      const denials = PolicyDocument.Statement.filter(({ Effect }) => Effect === 'Deny');
      expect({ id, conditions: denials.map(({ Condition }) => Condition) }).toEqual({
        id,
        conditions: [{ Bool: { 'aws:SecureTransport': expect.anything() } }],
      });
    }
    const covered = ofType('AWS::SQS::QueuePolicy').flatMap(
      ([, { Properties }]) => (Properties as { Queues: unknown[] }).Queues,
    );
    expect(covered).toHaveLength(ofType('AWS::SQS::Queue').length);
  });

  test('the state bucket is private, unversioned, and stays when the stack goes', () => {
    expect(resource('StateBucket').DeletionPolicy).toBe('RetainExceptOnCreate');
    expect(properties('StateBucket')).not.toHaveProperty('VersioningConfiguration');
    expect(properties('StateBucket')).toMatchObject({
      PublicAccessBlockConfiguration: {
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      },
    });
  });

  test('a letter that names a parked object never outlives it, nor the digests', () => {
    const { MessageRetentionPeriod } = properties('DeadLetterQueue') as Record<string, number>;
    const { LifecycleConfiguration } = resource('StateBucket').Properties as {
      LifecycleConfiguration: { Rules: { Prefix?: string; ExpirationInDays?: number }[] };
    };
    const parked = LifecycleConfiguration.Rules.find(({ Prefix }) => Prefix === 'unreadable/');
    expect(parked?.ExpirationInDays).toBe((MessageRetentionPeriod ?? 0) / 86_400);
  });
});

describe('What starts the functions', () => {
  test('reduce reads the stream from its beginning, inserts only, and never skips a record', () => {
    expect(properties('Digests')).toMatchObject({
      FunctionName: { Ref: 'ReduceLambdaFunction' },
      EventSourceArn: { 'Fn::GetAtt': ['DigestTable', 'StreamArn'] },
      StartingPosition: 'TRIM_HORIZON',
      FilterCriteria: { Filters: [{ Pattern: '{"eventName":["INSERT"]}' }] },
      MaximumBatchingWindowInSeconds: 10,
      ParallelizationFactor: 1,
      MaximumRetryAttempts: -1,
      MaximumRecordAgeInSeconds: -1,
      BisectBatchOnFunctionError: true,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      DestinationConfig: { OnFailure: { Destination: { 'Fn::GetAtt': ['StateBucket', 'Arn'] } } },
    });
  });

  test('a batch that failed comes back for six hours, then waits for a person', () => {
    expect(properties('LogsOnFailure')).toMatchObject({
      DestinationConfig: {
        OnFailure: { Destination: { 'Fn::GetAtt': ['LogsRetryQueue', 'Arn'] } },
      },
    });
    const { VisibilityTimeout, RedrivePolicy } = resource('LogsRetryQueue').Properties as {
      VisibilityTimeout: number;
      RedrivePolicy: { maxReceiveCount: number; deadLetterTargetArn: unknown };
    };
    expect(RedrivePolicy.deadLetterTargetArn).toEqual({ 'Fn::GetAtt': ['DeadLetterQueue', 'Arn'] });
    expect((VisibilityTimeout * RedrivePolicy.maxReceiveCount) / 3_600).toBe(6);
  });

  test.each([
    ['LogsRetryQueue', 'Logs'],
    ['ObjectsQueue', 'Objects'],
    ['ReconcileQueue', 'Reconcile'],
    ['DeliverQueue', 'Deliver'],
  ])('a message of %s stays hidden while %s may still be at it', (queue, name) => {
    const { VisibilityTimeout } = properties(queue) as Record<string, number>;
    const { Timeout } = properties(`${name}LambdaFunction`) as Record<string, number>;
    expect(VisibilityTimeout).toBeGreaterThan(Timeout ?? 0);
  });

  test('changes, a finished deploy and a schedule all go to reconcile through its queue', () => {
    for (const id of ['ConfigurationChanged', 'StackDeployed', 'ReconcileSchedule']) {
      expect(properties(id).Targets).toEqual([
        { Id: 'reconcile', Arn: { 'Fn::GetAtt': ['ReconcileQueue', 'Arn'] } },
      ]);
    }
    expect(properties('Reconciliations')).toMatchObject({
      MaximumBatchingWindowInSeconds: 5,
      ScalingConfig: { MaximumConcurrency: 2 },
    });
    expect(properties('ConfigurationChanged')).toHaveProperty('EventPattern.detail.name', [
      { prefix: '/flowlog-alerts/test/' },
    ]);
  });

  test('what the topics say goes to deliver through its queue, alerts as they are', () => {
    expect(properties('AlertsToDeliver')).toEqual({
      TopicArn: { Ref: 'AlertTopic' },
      Protocol: 'sqs',
      Endpoint: { 'Fn::GetAtt': ['DeliverQueue', 'Arn'] },
      RawMessageDelivery: true,
    });
    expect(properties('NoticesToDeliver')).not.toHaveProperty('RawMessageDelivery');
    expect(properties('DeliverQueuePolicy')).toHaveProperty('PolicyDocument.Statement.0', {
      Sid: 'TopicsMaySend',
      Effect: 'Allow',
      Principal: { Service: 'sns.amazonaws.com' },
      Action: 'sqs:SendMessage',
      Resource: { 'Fn::GetAtt': ['DeliverQueue', 'Arn'] },
      Condition: {
        ArnEquals: { 'aws:SourceArn': [{ Ref: 'AlertTopic' }, { Ref: 'OpsTopic' }] },
      },
    });
    expect(properties('Deliveries')).toMatchObject({
      FunctionName: { Ref: 'DeliverLambdaFunction' },
      EventSourceArn: { 'Fn::GetAtt': ['DeliverQueue', 'Arn'] },
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      ScalingConfig: { MaximumConcurrency: 2 },
    });
  });

  test('a notification that failed outlives its six hours, and a function that always dies', () => {
    const { MessageRetentionPeriod, VisibilityTimeout, RedrivePolicy } = resource('DeliverQueue')
      .Properties as {
      MessageRetentionPeriod: number;
      VisibilityTimeout: number;
      RedrivePolicy: { maxReceiveCount: number; deadLetterTargetArn: unknown };
    };
    expect(RedrivePolicy.deadLetterTargetArn).toEqual({
      'Fn::GetAtt': ['DeliverDeadLetterQueue', 'Arn'],
    });
    expect(RedrivePolicy.maxReceiveCount * VisibilityTimeout).toBeGreaterThan(6 * 3_600);
    expect(MessageRetentionPeriod).toBe(4 * 86_400);
  });

  test('e-mail goes out only to the addresses given', () => {
    const emails = ofType('AWS::SNS::Subscription').filter(
      ([, { Properties }]) => (Properties as { Protocol: string }).Protocol === 'email',
    );
    expect(emails).toEqual([
      [
        'AlertEmail',
        {
          Type: 'AWS::SNS::Subscription',
          Properties: {
            TopicArn: { Ref: 'AlertTopic' },
            Protocol: 'email',
            Endpoint: 'alerts@example.org',
          },
        },
      ],
    ]);
  });
});

describe('Alarms', () => {
  test('each calls OpsTopic, is named under the stage, and has its section in the runbook', async () => {
    const runbook = await readFile(join(ROOT, 'docs/operations.md'), 'utf8');
    const alarms = ofType('AWS::CloudWatch::Alarm');
    expect(alarms).toHaveLength(24);
    for (const [, { Properties }] of alarms) {
      const { AlarmName, AlarmActions, OKActions } = Properties as Record<string, unknown>;
      expect([AlarmActions, OKActions]).toEqual([[{ Ref: 'OpsTopic' }], [{ Ref: 'OpsTopic' }]]);
      const [, name] = /^flowlog-alerts\/test\/service\/([a-z-]+)$/.exec(String(AlarmName)) ?? [];
      expect(runbook).toMatch(new RegExp(`^### ${name}$`, 'm'));
    }
  });

  test('silence is an alarm for the clock, and for records where the stack subscribes to some', () => {
    const breaching = ofType('AWS::CloudWatch::Alarm').filter(
      ([, { Properties }]) =>
        (Properties as Record<string, unknown>).TreatMissingData === 'breaching',
    );
    expect(breaching.map(([id]) => id)).toEqual(['TickMissingAlarm', 'RecordsMissingAlarm']);
  });
});

test('the outputs are those that scripts rely on', () => {
  expect(Object.keys(template.Outputs ?? {})).toEqual(
    expect.arrayContaining([
      'AlertTopicArn',
      'OpsTopicArn',
      'DigestTableName',
      'StateBucketName',
      'ConfigPath',
      'LogsFunctionArn',
      'DashboardUrl',
      'DeadLetterQueueUrl',
      'ObjectsQueueArn',
      'ChatTopicArn',
      'DeliveryTableName',
      'DeliverQueueUrl',
      'DeliverDeadLetterQueueUrl',
      'Shards',
      'Version',
    ]),
  );
});
