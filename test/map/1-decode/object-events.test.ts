import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { messageOf, newObjectsOf } from '../../../src/map/1-decode/object-events.ts';

const record = (key: string, eventName = 'ObjectCreated:Put', more: object = {}) => ({
  eventVersion: '2.1',
  eventSource: 'aws:s3',
  awsRegion: 'eu-west-1',
  eventTime: '2026-11-23T10:00:00.000Z',
  eventName,
  s3: {
    s3SchemaVersion: '1.0',
    configurationId: 'flow-logs',
    bucket: { name: 'logs', arn: 'arn:aws:s3:::logs' },
    object: { key, size: 1024, eTag: 'd41d8cd98f00b204e9800998ecf8427e', sequencer: '0A1B2C' },
  },
  ...more,
});
const notification = (...records: object[]) => JSON.stringify({ Records: records });
const event = (key: string, detailType = 'Object Created') =>
  JSON.stringify({
    version: '0',
    'detail-type': detailType,
    source: 'aws.s3',
    detail: { bucket: { name: 'logs' }, object: { key, size: 1024 }, reason: 'PutObject' },
  });
const throughSns = (Message: string) =>
  JSON.stringify({ Type: 'Notification', TopicArn: 'arn:aws:sns:eu-west-1:1:logs', Message });

const reasonOf = (body: string) => {
  try {
    return newObjectsOf(body);
  } catch (error) {
    return [(error as { reason?: string }).reason, (error as Error).message];
  }
};

describe('a notification of S3', () => {
  test('names every object it tells of', () => {
    expect(newObjectsOf(notification(record('a.log.gz'), record('b.log.gz')))).toEqual([
      { bucket: 'logs', keys: ['a.log.gz'] },
      { bucket: 'logs', keys: ['b.log.gz'] },
    ]);
  });

  test('has its key decoded, and the key as it is written as the second choice', () => {
    const written = 'AWSLogs/aws-account-id%3D1/my+prefix/%C3%A9%2Bx.log.gz';
    expect(newObjectsOf(notification(record(written)))).toEqual([
      { bucket: 'logs', keys: ['AWSLogs/aws-account-id=1/my prefix/é+x.log.gz', written] },
    ]);
  });

  test('of a key that cannot be decoded has it as it is', () => {
    expect(newObjectsOf(notification(record('100%.log.gz')))).toEqual([
      { bucket: 'logs', keys: ['100%.log.gz'] },
    ]);
  });

  test('of a multipart upload or a copy counts, of a removal or a restore does not', () => {
    const of = (name: string) => newObjectsOf(notification(record('a', name))).length;
    expect(['ObjectCreated:CompleteMultipartUpload', 's3:ObjectCreated:Copy'].map(of)).toEqual([
      1, 1,
    ]);
    expect(
      ['ObjectRemoved:Delete', 'ObjectRestore:Completed', 'LifecycleExpiration:Delete'].map(of),
    ).toEqual([0, 0, 0]);
  });

  test('comes through SNS as well', () => {
    const body = throughSns(notification(record('hive/day%3D1/a')));
    expect(newObjectsOf(body)).toEqual(newObjectsOf(notification(record('hive/day%3D1/a'))));
  });

  test('that S3 sends when it is switched on is ignored, through SNS too', () => {
    const body = JSON.stringify({ Service: 'Amazon S3', Event: 's3:TestEvent', Bucket: 'logs' });
    expect([newObjectsOf(body), newObjectsOf(throughSns(body))]).toEqual([[], []]);
  });

  test('of version 2.x is read, of another is not', () => {
    expect(reasonOf(notification(record('a', undefined, { eventVersion: '2.9' })))).toHaveLength(1);
    expect(reasonOf(notification(record('a', undefined, { eventVersion: '3.0' })))[0]).toBe(
      'not-an-object-event',
    );
  });
});

describe('an event of EventBridge', () => {
  test('has its key as it is, and decoded as the second choice', () => {
    expect(newObjectsOf(event('hive/day=1/a b.log.gz'))).toEqual([
      { bucket: 'logs', keys: ['hive/day=1/a b.log.gz'] },
    ]);
    expect(newObjectsOf(event('hive/day%3D1/a'))).toEqual([
      { bucket: 'logs', keys: ['hive/day%3D1/a', 'hive/day=1/a'] },
    ]);
  });

  test('of anything but a new object is ignored', () => {
    expect(newObjectsOf(event('a', 'Object Deleted'))).toEqual([]);
    expect(newObjectsOf(event('a', 'Object Tags Added'))).toEqual([]);
  });
});

describe('anything else', () => {
  test('is refused with its reason', () => {
    for (const body of [
      'no json',
      '[]',
      '"text"',
      '{}',
      '{"Records":[{"eventSource":"aws:sqs","body":"x"}]}',
      '{"Records":[{"eventSource":"aws:s3","eventName":"ObjectCreated:Put","s3":{"bucket":{"name":"b"}}}]}',
      '{"source":"aws.ec2","detail-type":"Object Created","detail":{}}',
      '{"source":"aws.s3","detail-type":"Object Created","detail":{"bucket":{"name":""}}}',
      throughSns('no json'),
      throughSns(throughSns(throughSns(throughSns(event('a'))))),
    ]) {
      const [reason, message] = reasonOf(body);
      expect([body, reason]).toEqual([body, 'not-an-object-event']);
      expect(message).toMatch(/^the message tells of no object: ./);
    }
  });
});

test('a message that was made or parked here tells of the same object again', () => {
  const body = messageOf('logs', 'a b/c=d+e%2F.log.gz');
  expect(newObjectsOf(body)[0].keys[0]).toBe('a b/c=d+e%2F.log.gz');
  const parked = JSON.stringify({ kind: 'batch', reason: 'truncated: ...', body });
  expect(newObjectsOf(parked)).toEqual(newObjectsOf(body));
});

test('any key comes back from a notification as S3 encodes it', () => {
  fc.assert(
    fc.property(fc.string({ minLength: 1, unit: 'grapheme' }), (key) => {
      const written = encodeURIComponent(key).replaceAll('%20', '+');
      expect(newObjectsOf(notification(record(written)))[0].keys[0]).toBe(key);
    }),
  );
});
