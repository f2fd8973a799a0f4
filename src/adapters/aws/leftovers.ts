import {
  CloudFormationClient,
  DeleteStackCommand,
  DescribeStacksCommand,
} from '@aws-sdk/client-cloudformation';
import {
  CloudWatchLogsClient,
  DeleteLogGroupCommand,
  DescribeLogGroupsCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import {
  DeleteBucketCommand,
  DeleteObjectsCommand,
  GetBucketTaggingCommand,
  ListBucketsCommand,
  ListObjectVersionsCommand,
  type ListObjectVersionsCommandOutput,
  S3Client,
} from '@aws-sdk/client-s3';
import { DeleteParametersCommand, DescribeParametersCommand, SSMClient } from '@aws-sdk/client-ssm';
import type { Leftovers, OwnedBucket, StackStatus } from '../../ports/leftovers.ts';
import { bucketOf, functionLogGroups, isTagged } from '../../uninstall/names.ts';
import { endpointOf } from './clients.ts';
import { type PersonOptions, personConfig } from './person-config.ts';

/** What a stage has in an account, found by its names and tags and by nothing else. */
export class AwsLeftovers implements Leftovers {
  readonly #stage: string;
  readonly #cloudformation: CloudFormationClient;
  readonly #logs: CloudWatchLogsClient;
  readonly #s3: S3Client;
  readonly #ssm: SSMClient;

  constructor({ stage, ...options }: PersonOptions & { readonly stage: string }) {
    const config = personConfig(options);
    this.#stage = stage;
    this.#cloudformation = new CloudFormationClient(config);
    this.#logs = new CloudWatchLogsClient(config);
    const forcePathStyle = endpointOf('s3', process.env) !== undefined;
    this.#s3 = new S3Client({ ...config, forcePathStyle });
    this.#ssm = new SSMClient(config);
  }

  async buckets(): Promise<OwnedBucket[]> {
    const found: OwnedBucket[] = [];
    let token: string | undefined;
    do {
      const page = await this.#s3.send(
        new ListBucketsCommand({
          Prefix: `flowlog-alerts-${this.#stage}-`.toLowerCase(),
          ...(token !== undefined && { ContinuationToken: token }),
        }),
      );
      for (const { Name = '' } of page.Buckets ?? []) {
        const holds = bucketOf(this.#stage, Name);
        if (holds !== undefined && (await this.#isOurs(Name))) found.push({ name: Name, holds });
      }
      token = page.ContinuationToken;
    } while (token !== undefined && token !== '');
    return found;
  }

  async #isOurs(Bucket: string): Promise<boolean> {
    try {
      const { TagSet = [] } = await this.#s3.send(new GetBucketTaggingCommand({ Bucket }));
      return isTagged(this.#stage, TagSet);
    } catch (error) {
      // Without a tag it is not ours; in another region it is not this deployment's.
      const { name } = error as Error;
      if (name === 'NoSuchTagSet' || name === 'NoSuchBucket' || name === 'PermanentRedirect') {
        return false;
      }
      throw error;
    }
  }

  async emptyBucket(Bucket: string, onDeleted: (count: number) => void): Promise<number> {
    let count = 0;
    for (;;) {
      // Always the first page: what it listed is gone after it.
      const { Versions = [], DeleteMarkers = [] } = await this.#versions(Bucket);
      const Objects = [...Versions, ...DeleteMarkers].map(({ Key = '', VersionId }) => ({
        Key,
        ...(VersionId !== undefined && VersionId !== 'null' && { VersionId }),
      }));
      if (Objects.length === 0) return count;
      const { Errors = [] } = await this.#s3.send(
        new DeleteObjectsCommand({ Bucket, Delete: { Objects, Quiet: true } }),
      );
      const [first] = Errors;
      if (first) throw new Error(`s3://${Bucket}/${first.Key}: ${first.Code}: ${first.Message}`);
      count += Objects.length;
      onDeleted(count);
    }
  }

  async #versions(
    Bucket: string,
  ): Promise<Pick<ListObjectVersionsCommandOutput, 'Versions' | 'DeleteMarkers'>> {
    try {
      return await this.#s3.send(new ListObjectVersionsCommand({ Bucket }));
    } catch (error) {
      if ((error as Error).name === 'NoSuchBucket') return { Versions: [], DeleteMarkers: [] };
      throw error;
    }
  }

  async deleteBucket(Bucket: string): Promise<void> {
    await unless('NoSuchBucket', this.#s3.send(new DeleteBucketCommand({ Bucket })));
  }

  async deleteStack(id: string): Promise<void> {
    await this.#cloudformation.send(new DeleteStackCommand({ StackName: id }));
  }

  async stackStatus(id: string): Promise<StackStatus> {
    try {
      const { Stacks = [] } = await this.#cloudformation.send(
        new DescribeStacksCommand({ StackName: id }),
      );
      const { StackStatus: status = 'DELETE_COMPLETE', StackStatusReason } = Stacks[0] ?? {};
      return { status, ...(StackStatusReason !== undefined && { reason: StackStatusReason }) };
    } catch (error) {
      // After some time CloudFormation forgets a stack that is gone.
      if (/does not exist/.test((error as Error).message)) return { status: 'DELETE_COMPLETE' };
      throw error;
    }
  }

  async logGroups(): Promise<string[]> {
    const wanted = new Set(functionLogGroups(this.#stage));
    const found: string[] = [];
    let token: string | undefined;
    do {
      const page = await this.#logs.send(
        new DescribeLogGroupsCommand({
          logGroupNamePrefix: `/aws/lambda/flowlog-alerts-${this.#stage}-`,
          ...(token !== undefined && { nextToken: token }),
        }),
      );
      for (const { logGroupName = '' } of page.logGroups ?? []) {
        if (wanted.has(logGroupName)) found.push(logGroupName);
      }
      token = page.nextToken;
    } while (token !== undefined && token !== '');
    return found;
  }

  async deleteLogGroup(logGroupName: string): Promise<void> {
    const command = new DeleteLogGroupCommand({ logGroupName });
    await unless('ResourceNotFoundException', this.#logs.send(command));
  }

  async parameters(): Promise<{ readonly path: string; readonly secure: boolean }[]> {
    const root = `/flowlog-alerts/${this.#stage}`;
    const found: { path: string; secure: boolean }[] = [];
    let token: string | undefined;
    do {
      const page = await this.#ssm.send(
        new DescribeParametersCommand({
          ParameterFilters: [{ Key: 'Path', Option: 'Recursive', Values: [root] }],
          MaxResults: 50,
          ...(token !== undefined && { NextToken: token }),
        }),
      );
      for (const { Name = '', Type } of page.Parameters ?? []) {
        found.push({ path: Name.slice(root.length + 1), secure: Type === 'SecureString' });
      }
      token = page.NextToken;
    } while (token !== undefined && token !== '');
    return found.sort((a, b) => (a.path < b.path ? -1 : 1));
  }

  async deleteParameters(paths: readonly string[]): Promise<void> {
    const Names = paths.map((path) => `/flowlog-alerts/${this.#stage}/${path}`);
    await this.#ssm.send(new DeleteParametersCommand({ Names }));
  }
}

async function unless(name: string, answer: Promise<unknown>): Promise<void> {
  try {
    await answer;
  } catch (error) {
    if ((error as Error).name !== name) throw error;
  }
}
