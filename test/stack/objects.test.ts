import { describe, expect, test } from '@jest/globals';
import { serviceAlarms } from '../../config/alarms.js';
import { type BucketPrefix, objectsResources } from '../../config/objects.js';
import { checkParams } from '../../config/params.js';

interface Statement {
  readonly Sid?: string;
  readonly Action: string | readonly string[];
  readonly Resource: unknown;
  readonly Condition?: unknown;
  readonly Principal?: unknown;
}

const ROLE = { assumedByLambda: {}, permissionsBoundary: { Ref: 'AWS::NoValue' } };
const resources = (buckets: readonly BucketPrefix[], keys: readonly string[] = []) =>
  objectsResources(buckets, keys, ROLE);
const LOGS = [
  { bucket: 'logs', prefix: 'net/prod' },
  { bucket: 'logs', prefix: 'net/test' },
  { bucket: 'whole', prefix: '' },
];
const arn = (path: string) => ({ 'Fn::Sub': `arn:\${AWS::Partition}:${path}` });

function propertiesOf(id: string, ...given: Parameters<typeof resources>): object {
  const { [id]: resource } = resources(...given);
  if (!resource) throw new Error(`there is no ${id}`);
  return resource.Properties;
}

function rights(...given: Parameters<typeof resources>): Statement[] {
  const { Policies } = propertiesOf('ObjectsRole', ...given) as {
    Policies: [{ PolicyDocument: { Statement: Statement[] } }];
  };
  return Policies[0].PolicyDocument.Statement;
}

function tellers(buckets: readonly BucketPrefix[]): Statement[] {
  const { PolicyDocument } = propertiesOf('ObjectsQueuePolicy', buckets) as {
    PolicyDocument: { Statement: Statement[] };
  };
  return PolicyDocument.Statement;
}

describe('Without buckets', () => {
  test('nothing polls, nobody may send, and only the state bucket is read', () => {
    expect(Object.keys(resources([]))).toEqual(['ObjectsRole', 'ObjectsQueuePolicy']);
    expect(tellers([]).map(({ Sid }) => Sid)).toEqual(['TlsOnly']);
    expect(JSON.stringify(rights([]))).not.toContain(':s3:::');
  });

  test('there are no alarms of objects, with buckets there are', () => {
    const extra = ['objects-errors', 'objects-throttles', 'objects-waiting'];
    const names = (buckets: readonly object[]) =>
      Object.keys(serviceAlarms('dev', [], buckets)).filter((name) => name.startsWith('objects'));
    expect([names([]), names(LOGS).sort()]).toEqual([[], extra]);
  });
});

describe('With buckets', () => {
  test('their objects are read below their prefixes, and nothing of them is written', () => {
    const read = rights(LOGS).find(({ Action }) => Action === 's3:GetObject');
    expect(read?.Resource).toEqual([
      { 'Fn::Sub': '${StateBucket.Arn}/snapshot.json.gz' },
      arn('s3:::logs/net/prod/*'),
      arn('s3:::logs/net/test/*'),
      arn('s3:::whole/*'),
    ]);
    const list = rights(LOGS).find(({ Action }) => Action === 's3:ListBucket');
    expect(list?.Resource).toEqual([
      { 'Fn::GetAtt': ['StateBucket', 'Arn'] },
      arn('s3:::logs'),
      arn('s3:::whole'),
    ]);
    const written = rights(LOGS).filter(({ Action }) => String(Action).includes('s3:Put'));
    expect(JSON.stringify(written)).not.toContain(':s3:::');
  });

  test('keys are used through S3 alone, and not at all where none is given', () => {
    const key = 'arn:aws:kms:us-east-1:123456789012:key/1';
    const decrypting = (keys: readonly string[]) =>
      rights(LOGS, keys).filter(({ Action }) => String(Action).startsWith('kms:'));
    expect(decrypting([])).toEqual([]);
    expect(decrypting([key])).toEqual([
      {
        Effect: 'Allow',
        Action: 'kms:Decrypt',
        Resource: [key],
        Condition: {
          StringEquals: { 'kms:ViaService': { 'Fn::Sub': 's3.${AWS::Region}.${AWS::URLSuffix}' } },
        },
      },
    ]);
  });

  test('these buckets, rules and topics may send, of this account alone', () => {
    const may = tellers(LOGS).filter(({ Sid }) => Sid !== 'TlsOnly');
    expect(may.map(({ Principal }) => Principal)).toEqual([
      { Service: 's3.amazonaws.com' },
      { Service: 'events.amazonaws.com' },
      { Service: 'sns.amazonaws.com' },
    ]);
    for (const { Action, Condition } of may) {
      expect(Action).toBe('sqs:SendMessage');
      expect(Condition).toMatchObject({
        StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } },
        ArnLike: { 'aws:SourceArn': expect.anything() },
      });
    }
    expect(may[0]?.Condition).toHaveProperty('ArnLike', {
      'aws:SourceArn': [arn('s3:::logs'), arn('s3:::whole')],
    });
  });

  test('the queue starts the function, which answers for each message by itself', () => {
    expect(resources(LOGS).NewObjects?.Properties).toMatchObject({
      FunctionName: { Ref: 'ObjectsLambdaFunction' },
      EventSourceArn: { 'Fn::GetAtt': ['ObjectsQueue', 'Arn'] },
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      ScalingConfig: { MaximumConcurrency: 5 },
    });
  });
});

test('the parameters are what the resources are made from', () => {
  const raw = { stage: 'dev', buckets: 's3://logs/net/prod/', bucketKeys: '' };
  const rest = { logGroups: '', alertEmail: '', ownerEmail: '', alarmActions: '', retention: 90 };
  const { buckets } = checkParams({
    ...raw,
    ...rest,
    shards: 1,
    ocsfTopics: '',
    permissionsBoundary: '',
  });
  expect(buckets).toEqual([LOGS[0]]);
});
