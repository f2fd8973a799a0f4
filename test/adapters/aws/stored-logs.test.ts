import { randomUUID } from 'node:crypto';
import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  PutLogEventsCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll } from '@jest/globals';
import { clientConfig, s3Config } from '../../../src/adapters/aws/clients.ts';
import { storedLogs } from '../../../src/adapters/aws/stored-logs.ts';
import { describesLogEvents } from '../../contracts/log-events.ts';
import { describesObjectListing } from '../../contracts/object-listing.ts';
import { newBucket } from './emulator.ts';

const s3 = new S3Client(s3Config());
const logs = new CloudWatchLogsClient(clientConfig());
afterAll(() => {
  s3.destroy();
  logs.destroy();
});

describesObjectListing('S3ObjectListing', async () => {
  const bucket = await newBucket(s3);
  return {
    listing: storedLogs({}).listing,
    bucket,
    put: async (Key, size) => {
      await s3.send(new PutObjectCommand({ Bucket: bucket, Key, Body: Buffer.alloc(size) }));
    },
  };
});

describesLogEvents('CloudWatchLogEvents', async () => {
  const group = `/vpc/${randomUUID()}`;
  await logs.send(new CreateLogGroupCommand({ logGroupName: group }));
  return {
    events: storedLogs({}).events,
    group,
    now: Date.now(),
    put: async (logStreamName, logEvents) => {
      await logs.send(new CreateLogStreamCommand({ logGroupName: group, logStreamName }));
      await logs.send(
        new PutLogEventsCommand({ logGroupName: group, logStreamName, logEvents: [...logEvents] }),
      );
    },
  };
});
