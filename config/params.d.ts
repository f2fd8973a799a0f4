import type { BucketPrefix } from './objects.js';
import type { StreamSenders } from './streams.js';

/** Flow logs in S3 that a table is to be made of. */
export interface AthenaTable {
  /** `s3://bucket/prefix`, without a slash at its end. */
  readonly location: string;
  /** LogFormat; empty for AWS's default. */
  readonly format: string;
  readonly layout: { readonly parquet: boolean; readonly hive: boolean; readonly hourly: boolean };
  /** Empty for the deployed one. */
  readonly accounts: readonly string[];
  readonly regions: readonly string[];
}

export interface DeployParams {
  readonly logGroups: readonly string[];
  readonly buckets: readonly BucketPrefix[];
  readonly bucketKeys: readonly string[];
  readonly streams: readonly string[];
  readonly streamKeys: readonly string[];
  /** `on-demand`, a number of shards, or nothing. */
  readonly createStream: string;
  readonly streamSenders: StreamSenders;
  readonly alertEmail: string;
  readonly ownerEmail: string;
  readonly alarmActions: readonly string[];
  readonly retention: number;
  readonly shards: string;
  readonly ocsfTopics: readonly (string | { readonly Ref: string })[];
  readonly athena: AthenaTable | undefined;
  readonly permissionsBoundary: string | { readonly Ref: string };
}

export function checkParams(raw: Readonly<Record<string, string | number>>): DeployParams;
