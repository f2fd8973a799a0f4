import { describe, expect, test } from '@jest/globals';
import type { DynamoDBRecord } from 'aws-lambda';
import { logEntryOf } from '../../src/adapters/aws/stream-record.ts';
import { CODEC_VERSION, NewerDigestError } from '../../src/log/codec.ts';

const NEWER = String(CODEC_VERSION + 1);

type Image = NonNullable<NonNullable<DynamoDBRecord['dynamodb']>['NewImage']>;

/** A record as Lambda hands it on. */
function record(image: Partial<Image> = {}, rest: Partial<DynamoDBRecord> = {}): DynamoDBRecord {
  const NewImage = {
    pk: { S: 'shard#12' },
    sk: { S: '2026-11-23T10:00 0123 0' },
    d: { B: Buffer.from([0, 1, 254, 255]).toString('base64') },
    v: { N: '1' },
    at: { N: '1790000000999' },
    ttl: { N: '1791296000' },
    ...image,
  } as Image;
  return {
    eventID: '1',
    eventName: 'INSERT',
    eventVersion: '1.1',
    eventSource: 'aws:dynamodb',
    awsRegion: 'us-east-1',
    dynamodb: { NewImage, SequenceNumber: '111', StreamViewType: 'NEW_IMAGE' },
    ...rest,
  };
}

describe('logEntryOf', () => {
  test('an insert is the entry that was put', () => {
    const entry = logEntryOf(record());
    expect({ ...entry, data: [...entry!.data] }).toEqual({
      shard: 12,
      key: '2026-11-23T10:00 0123 0',
      at: 1_790_000_000_999,
      data: [0, 1, 254, 255],
    });
  });

  test('an update is no entry', () => {
    expect(logEntryOf(record({}, { eventName: 'MODIFY' }))).toBeUndefined();
  });

  test('a removal by TTL is no entry', () => {
    const removal = record(
      {},
      {
        eventName: 'REMOVE',
        userIdentity: { type: 'Service', principalId: 'dynamodb.amazonaws.com' },
      },
    );
    expect(logEntryOf(removal)).toBeUndefined();
  });

  test.each<[string, Partial<Record<string, unknown>>]>([
    ['a partition key of another kind', { pk: { S: 'alarm#12' } }],
    ['a partition key without a number', { pk: { S: 'shard#' } }],
    ['a shard that is no whole number', { pk: { S: 'shard#1.5' } }],
    ['a partition key that is a number', { pk: { N: '12' } }],
    ['no sort key', { sk: undefined }],
    ['no data', { d: undefined }],
    ['data that is text', { d: { S: 'AAH+/w==' } }],
    ['no version', { v: undefined }],
    ['a version that is no number', { v: { N: 'one' } }],
    ['no arrival', { at: undefined }],
    ['a null for an attribute', { d: null }],
  ])('%s is no entry', (_what, image) => {
    expect(logEntryOf(record(image as Partial<Image>))).toBeUndefined();
  });

  test('a record without an image is no entry', () => {
    expect(logEntryOf(record({}, { dynamodb: { SequenceNumber: '1' } }))).toBeUndefined();
    const { dynamodb: _, ...bare } = record();
    expect(logEntryOf(bare)).toBeUndefined();
  });

  test('an entry of a newer format is an error that says what to deploy', () => {
    expect(() => logEntryOf(record({ v: { N: NEWER } }))).toThrow(NewerDigestError);
    expect(() => logEntryOf(record({ v: { N: NEWER } }))).toThrow(
      `shard#12 2026-11-23T10:00 0123 0 has format ${NEWER}, and this version of flowlog-alerts reads up to ${CODEC_VERSION}`,
    );
  });

  test('a newer format is recognised even where its data is called otherwise', () => {
    const image = { v: { N: NEWER }, d: undefined } as unknown as Partial<Image>;
    expect(() => logEntryOf(record(image))).toThrow(NewerDigestError);
  });

  test('a foreign item with a higher version is not taken for one of ours', () => {
    expect(logEntryOf(record({ pk: { S: 'other#1' }, v: { N: NEWER } }))).toBeUndefined();
  });
});
