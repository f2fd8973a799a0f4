import { describe, expect, test } from '@jest/globals';
import { serviceAlarms } from '../../config/alarms.js';
import { type StreamSenders, streamResources } from '../../config/streams.js';

interface Statement {
  readonly Action: string | readonly string[];
  readonly Resource: unknown;
  readonly Condition?: unknown;
}

const ARN = 'arn:aws:kinesis:us-east-1:123456789012:stream/flows';
const ROLE = { assumedByLambda: {}, permissionsBoundary: { Ref: 'AWS::NoValue' } };
const OWN = { 'Fn::GetAtt': ['FlowLogStream', 'Arn'] };

function resources(
  streams: readonly string[],
  made = '',
  senders: StreamSenders = { accounts: [] },
  keys: readonly string[] = [],
) {
  return streamResources('prod', { streams, keys, made, senders }, ROLE);
}

function propertiesOf<T>(all: ReturnType<typeof resources>, id: string): T {
  const found = all[id];
  if (!found) throw new Error(`there is no resource ${id}`);
  return found.Properties as T;
}

function rights(...given: Parameters<typeof resources>): Statement[] {
  const { Policies } = propertiesOf<{ Policies: { PolicyDocument: { Statement: Statement[] } }[] }>(
    resources(...given),
    'StreamRole',
  );
  return Policies.flatMap(({ PolicyDocument }) => PolicyDocument.Statement);
}

describe('without a stream', () => {
  test('the function has its role and nothing starts it', () => {
    expect(Object.keys(resources([]))).toEqual(['StreamRole']);
    expect(JSON.stringify(rights([]))).not.toContain('kinesis:');
  });

  test('there is no alarm of it, which would cost', () => {
    const alarms = (streams: readonly string[]) =>
      Object.keys(serviceAlarms('dev', [], [], streams)).filter((name) =>
        name.startsWith('stream'),
      );
    expect(alarms([])).toEqual([]);
    expect(alarms([ARN])).toEqual(['stream-errors', 'stream-throttles', 'stream-behind']);
  });
});

describe('a stream that is named', () => {
  test('is read from now on, a minute at a time, and what fails ends whole in the bucket', () => {
    const [mapping, ...rest] = Object.entries(resources([ARN])).filter(
      ([, { Type }]) => Type === 'AWS::Lambda::EventSourceMapping',
    );
    expect(rest).toEqual([]);
    expect(mapping?.[0]).toMatch(/^FlowRecords[0-9a-f]{16}$/);
    expect(mapping?.[1].Properties).toMatchObject({
      FunctionName: { Ref: 'StreamLambdaFunction' },
      EventSourceArn: ARN,
      StartingPosition: 'LATEST',
      MaximumBatchingWindowInSeconds: 60,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      BisectBatchOnFunctionError: true,
      MaximumRecordAgeInSeconds: 21_600,
      DestinationConfig: { OnFailure: { Destination: { 'Fn::GetAtt': ['StateBucket', 'Arn'] } } },
    });
  });

  test('keeps its mapping when others come', () => {
    const other = `${ARN}-2`;
    expect(Object.keys(resources([other, ARN]))).toEqual(
      expect.arrayContaining(Object.keys(resources([ARN]))),
    );
  });

  test('is read and not written, and its key is used through Kinesis alone', () => {
    const key = 'arn:aws:kms:us-east-1:123456789012:key/1';
    const own = rights([ARN], '', { accounts: [] }, [key]);
    const ofStream = own.filter(({ Action }) => JSON.stringify(Action).includes('kinesis:'));
    expect(ofStream.map(({ Resource }) => Resource)).toEqual([[ARN], '*']);
    for (const action of ofStream.flatMap(({ Action }) => Action)) {
      expect(action).toMatch(/^kinesis:(Describe|Get|List)/);
    }
    expect(own.find(({ Action }) => Action === 'kms:Decrypt')?.Condition).toEqual({
      StringEquals: { 'kms:ViaService': { 'Fn::Sub': 'kinesis.${AWS::Region}.${AWS::URLSuffix}' } },
    });
  });
});

describe('a stream of its own', () => {
  test('is read from its beginning, and encrypted', () => {
    const made = resources([], '1');
    expect(made.FlowRecords?.Properties).toMatchObject({
      EventSourceArn: OWN,
      StartingPosition: 'TRIM_HORIZON',
    });
    expect(made.FlowLogStream?.Properties).toMatchObject({
      ShardCount: 1,
      StreamModeDetails: { StreamMode: 'PROVISIONED' },
      StreamEncryption: { EncryptionType: 'KMS' },
    });
    expect(resources([], 'on-demand').FlowLogStream?.Properties).not.toHaveProperty('ShardCount');
  });

  test('is written by CloudWatch Logs alone, for this account where no other is named', () => {
    const made = resources([], '1');
    expect(made.LogDestination).toBeUndefined();
    expect(made.LogsToStreamRole?.Properties).toMatchObject({
      AssumeRolePolicyDocument: {
        Statement: [
          {
            Principal: { Service: 'logs.amazonaws.com' },
            Condition: {
              StringLike: {
                'aws:SourceArn': [
                  { 'Fn::Sub': 'arn:${AWS::Partition}:logs:${AWS::Region}:${AWS::AccountId}:*' },
                ],
              },
            },
          },
        ],
      },
      Policies: [
        { PolicyDocument: { Statement: [{ Action: 'kinesis:PutRecord', Resource: OWN }] } },
      ],
    });
  });

  const policyOf = (senders: StreamSenders) => {
    const { DestinationPolicy } = propertiesOf<{ DestinationPolicy: { 'Fn::Sub': string } }>(
      resources([], '1', senders),
      'LogDestination',
    );
    return (JSON.parse(DestinationPolicy['Fn::Sub']) as { Statement: Statement[] }).Statement;
  };

  test('takes filters of the accounts that are named, or of the organization, and of nobody else', () => {
    const accounts = ['111111111111', '222222222222'];
    expect(policyOf({ accounts })).toEqual([
      expect.objectContaining({
        Principal: { AWS: accounts },
        Action: 'logs:PutSubscriptionFilter',
      }),
    ]);
    expect(policyOf({ accounts: [], organization: 'o-abcdefghij' })).toEqual([
      expect.objectContaining({
        Principal: '*',
        Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-abcdefghij' } },
      }),
    ]);
  });
});
