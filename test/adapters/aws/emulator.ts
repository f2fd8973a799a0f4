import { randomUUID } from 'node:crypto';
import { CreateTableCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { CreateBucketCommand, type S3Client } from '@aws-sdk/client-s3';
import { CreateQueueCommand, type SQSClient } from '@aws-sdk/client-sqs';

/** The endpoint of the run's emulator; every test file shares it. */
export const ENDPOINT = process.env.MOTO_ENDPOINT ?? '';

/** A table of the digest log's shape, with its stream. */
export async function newTable(client: DynamoDBClient): Promise<string> {
  const table = `digests-${randomUUID()}`;
  await client.send(
    new CreateTableCommand({
      TableName: table,
      KeySchema: [
        { AttributeName: 'pk', KeyType: 'HASH' },
        { AttributeName: 'sk', KeyType: 'RANGE' },
      ],
      AttributeDefinitions: [
        { AttributeName: 'pk', AttributeType: 'S' },
        { AttributeName: 'sk', AttributeType: 'S' },
      ],
      BillingMode: 'PAY_PER_REQUEST',
      StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_IMAGE' },
    }),
  );
  return table;
}

export async function newBucket(client: S3Client): Promise<string> {
  const bucket = `state-${randomUUID()}`;
  await client.send(new CreateBucketCommand({ Bucket: bucket }));
  return bucket;
}

/** @returns the queue's URL */
export async function newQueue(client: SQSClient): Promise<string> {
  const { QueueUrl } = await client.send(
    new CreateQueueCommand({ QueueName: `queue-${randomUUID()}` }),
  );
  return QueueUrl ?? '';
}
