import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { checkParams } from '../../config/params.js';

const DEFAULTS = {
  stage: 'dev',
  logGroups: '',
  buckets: '',
  streams: '',
  streamKeys: '',
  createStream: '',
  streamSenders: '',
  bucketKeys: '',
  alertEmail: '',
  ownerEmail: '',
  alarmActions: '',
  retention: 90,
  shards: 1,
  ocsfTopics: '',
  athena: '',
  athenaFormat: '',
  athenaPaths: '',
  athenaAccounts: '',
  athenaRegions: '',
  permissionsBoundary: '',
};
const check = (given: Record<string, string | number>) => checkParams({ ...DEFAULTS, ...given });

describe('Deploy parameters', () => {
  test('the defaults are valid and subscribe to nothing', () => {
    expect(check({})).toEqual({
      logGroups: [],
      buckets: [],
      streams: [],
      streamKeys: [],
      createStream: '',
      streamSenders: { accounts: [] },
      bucketKeys: [],
      alertEmail: '',
      ownerEmail: '',
      alarmActions: [],
      retention: 90,
      shards: '1',
      ocsfTopics: [{ Ref: 'ChatTopic' }, { Ref: 'OpsTopic' }],
      athena: undefined,
      permissionsBoundary: { Ref: 'AWS::NoValue' },
    });
  });

  test('log groups are split at commas, trimmed, and named once', () => {
    expect(check({ logGroups: ' /vpc/a , b#1.x_y-z,/vpc/a,' }).logGroups).toEqual([
      '/vpc/a',
      'b#1.x_y-z',
    ]);
  });

  test('a stream is made on demand or of shards, for accounts or an organization', () => {
    const made = (createStream: string, streamSenders = '') => {
      const params = check({ createStream, streamSenders });
      return [params.createStream, params.streamSenders];
    };
    expect(made('on-demand')).toEqual(['on-demand', { accounts: [] }]);
    expect(made('true')).toEqual(['1', { accounts: [] }]);
    expect(made('2', '111111111111, 222222222222,111111111111')).toEqual([
      '2',
      { accounts: ['111111111111', '222222222222'] },
    ]);
    expect(made('1', 'o-abcdefghij')).toEqual([
      '1',
      { accounts: [], organization: 'o-abcdefghij' },
    ]);
    expect(() => made('1', 'o-abcdefghij,111111111111')).toThrow('one organization');
    expect(() => made('1', 'my-org')).toThrow('12 digits');
  });

  test('buckets are whole or below a prefix, however that is written, and named once', () => {
    const given = 'logs, s3://logs/, flow.logs/net/prod/ ,flow.logs/net/prod,hive/a=b';
    expect(check({ buckets: given }).buckets).toEqual([
      { bucket: 'logs', prefix: '' },
      { bucket: 'flow.logs', prefix: 'net/prod' },
      { bucket: 'hive', prefix: 'a=b' },
    ]);
  });

  test.each([
    ['logGroups', '/vpc/*', 'without wildcards'],
    ['logGroups', 'arn:aws:logs:us-east-1:123456789012:log-group:/vpc/a', 'without wildcards'],
    ['logGroups', '/aws/lambda/flowlog-alerts-dev-logs', 'feed itself'],
    ['streams', 'flows', 'ARNs of Kinesis streams'],
    [
      'streams',
      'arn:aws:firehose:us-east-1:123456789012:deliverystream/f',
      'ARNs of Kinesis streams',
    ],
    ['streamKeys', 'alias/flows', 'ARNs of KMS keys'],
    ['createStream', '0', 'from 1 to 200'],
    ['createStream', 'yes', 'on-demand'],
    ['streamSenders', '123456789012', 'createStream beside it'],
    ['buckets', 'Logs', 'bucket/prefix'],
    ['buckets', 'arn:aws:s3:::logs', 'bucket/prefix'],
    ['buckets', 'logs/AWSLogs/*', 'bucket/prefix'],
    ['bucketKeys', 'alias/logs', 'ARNs of KMS keys'],
    ['bucketKeys', 'arn:aws:kms:us-east-1:123456789012:alias/logs', 'not of their aliases'],
    ['alertEmail', 'alice', 'one e-mail address'],
    ['ownerEmail', 'a@example.org, b@example.org', 'one e-mail address'],
    ['alarmActions', 'OpsTopic', 'ARNs'],
    ['alarmActions', Array(5).fill('arn:aws:sns:us-east-1:1:t').join(','), 'at most four'],
    ['retention', '91', '90, 120'],
    ['retention', 'forever', '90, 120'],
    ['shards', '0', '1 to 64'],
    ['shards', '2.5', '1 to 64'],
    ['shards', '65', '1 to 64'],
    ['ocsfTopics', 'findings', 'ARNs of SNS topics'],
    ['ocsfTopics', 'arn:aws:sqs:us-east-1:123456789012:q', 'ARNs of SNS topics'],
    ['athena', 'my-bucket', 's3://BUCKET'],
    ['athena', 's3://b/AWS Logs', 's3://BUCKET'],
    ['permissionsBoundary', 'Boundary', 'ARN of an IAM policy'],
    ['stage', 'Prod', 'lower-case'],
    ['stage', '1st', 'a letter first'],
  ])(
    '%s = %s is refused with the parameter, what was found and what is wanted',
    (name, value, wanted) => {
      const refuse = () => check({ [name]: value });
      expect(refuse).toThrow(`Parameter ${name}: found "`);
      expect(refuse).toThrow(wanted);
    },
  );

  test('what is just inside is taken', () => {
    expect(check({ stage: 'prod-eu-1', shards: '64', retention: '3653' })).toMatchObject({
      shards: '64',
      retention: 3653,
    });
    expect(check({ logGroups: '/aws/lambda/another' }).logGroups).toEqual(['/aws/lambda/another']);
    expect(
      check({ alarmActions: 'arn:aws:sns:us-east-1:123456789012:pager' }).alarmActions,
    ).toEqual(['arn:aws:sns:us-east-1:123456789012:pager']);
    const topic = 'arn:aws:sns:us-east-1:123456789012:findings';
    expect(check({ ocsfTopics: `${topic}, ${topic}` }).ocsfTopics).toEqual([
      { Ref: 'ChatTopic' },
      { Ref: 'OpsTopic' },
      topic,
    ]);
    const boundary = 'arn:aws:iam::123456789012:policy/boundary';
    expect(check({ permissionsBoundary: boundary }).permissionsBoundary).toBe(boundary);
  });

  test('a table has the format, paths, accounts and regions that are given', () => {
    const given = {
      athena: 's3://logs/vpc/',
      athenaFormat: 'srcaddr dstaddr',
      athenaPaths: 'parquet, hive',
      athenaAccounts: '111111111111',
      athenaRegions: 'eu-west-1,us-gov-east-1',
    };
    expect(check(given).athena).toEqual({
      location: 's3://logs/vpc',
      format: '${srcaddr} ${dstaddr}',
      layout: { parquet: true, hive: true, hourly: false },
      accounts: ['111111111111'],
      regions: ['eu-west-1', 'us-gov-east-1'],
    });
    for (const [name, value] of [
      ['athenaFormat', 'srcaddr srcaddr'],
      ['athenaPaths', 'daily'],
      ['athenaAccounts', '123'],
      ['athenaRegions', 'Ireland'],
    ]) {
      expect(() => check({ ...given, [name]: value })).toThrow(`Parameter ${name}: found "`);
    }
  });

  test('serverless.yml has a default for each, and docs/deploy.md a row', async () => {
    const root = join(import.meta.dirname, '../..');
    const { params } = parse(await readFile(join(root, 'serverless.yml'), 'utf8'), {
      logLevel: 'error',
    }) as {
      params: { default: Record<string, string | number> };
    };
    expect(check(params.default)).toEqual(check({}));
    const names = Object.keys(params.default);
    const { stage: _, ...defaults } = DEFAULTS;
    expect(names.sort()).toEqual(Object.keys(defaults).sort());
    const docs = await readFile(join(root, 'docs/deploy.md'), 'utf8');
    expect(names.filter((name) => !docs.includes(`| \`${name}\` |`))).toEqual([]);
  });
});
