import { S3Client } from '@aws-sdk/client-s3';
import type { Snapshot } from '../../config/snapshot.ts';
import { endpointOf } from './clients.ts';
import { type PersonOptions, personConfig } from './person-config.ts';
import { snapshotPublisher } from './snapshot-publisher.ts';
import { AwsStackReader } from './stage-stack.ts';

/** The configuration that a stage has published; undefined where there is none. */
export async function deployedSnapshot({
  stage,
  ...options
}: PersonOptions & { readonly stage: string }): Promise<Snapshot | undefined> {
  const stack = await new AwsStackReader({ stage, ...options }).read();
  const bucket = stack?.outputs.StateBucketName;
  if (bucket === undefined) return undefined;
  const forcePathStyle = endpointOf('s3', process.env) !== undefined;
  const client = new S3Client({ ...personConfig(options), forcePathStyle });
  const stored = await snapshotPublisher({ client, bucket }).load();
  return stored && (JSON.parse(stored.text) as Snapshot);
}
