/** A deployed stack through the AWS SDK. */
import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { CloudWatchLogsClient, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { HeadObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { pkOf } from '../adapters/aws/digest-item.ts';
import { deliveryItemKey, rowOf } from '../adapters/aws/dynamo-delivery-book.ts';
import { SNAPSHOT_KEY } from '../adapters/aws/state-bucket.ts';
import type { DeliveryKey, DeliveryRow } from '../ports/delivery-book.ts';
import type { LogEntry } from '../ports/digest-log.ts';
import { type Deployment, DeploymentError } from './hops.ts';
import { refusalOf } from './refusals.ts';

export interface DeploymentOptions {
  readonly stage: string;
  readonly region?: string;
  readonly profile?: string;
}

const NEEDED = ['AlertTopicArn', 'DigestTableName', 'StateBucketName', 'LogsFunctionArn'] as const;

export class AwsDeployment implements Deployment {
  readonly #stack: string;
  readonly #config: { readonly region?: string; readonly profile?: string };

  constructor({ stage, region, profile }: DeploymentOptions) {
    this.#stack = `flowlog-alerts-${stage}`;
    this.#config = {
      ...(region === undefined ? {} : { region }),
      ...(profile === undefined ? {} : { profile }),
    };
  }

  async outputs(): Promise<Readonly<Record<string, string>>> {
    const client = new CloudFormationClient(this.#config);
    const answer = await asked(
      client.send(new DescribeStacksCommand({ StackName: this.#stack })),
      `the stack ${this.#stack} cannot be read`,
    );
    const [stack] = answer.Stacks ?? [];
    const outputs: Record<string, string> = {};
    for (const { OutputKey, OutputValue } of stack?.Outputs ?? []) {
      if (OutputKey !== undefined && OutputValue !== undefined) outputs[OutputKey] = OutputValue;
    }
    const missing = NEEDED.filter((name) => outputs[name] === undefined);
    if (missing.length > 0) {
      throw new DeploymentError(
        `the stack ${this.#stack} has no output ${missing.join(', ')}: is it deployed in full?`,
      );
    }
    return { ...outputs, Account: stack?.StackId?.split(':')[4] ?? '' };
  }

  async hasSnapshot(bucket: string): Promise<boolean> {
    const endpoint = process.env.AWS_ENDPOINT_URL_S3 || process.env.AWS_ENDPOINT_URL;
    const client = new S3Client({ ...this.#config, forcePathStyle: Boolean(endpoint) });
    try {
      await client.send(new HeadObjectCommand({ Bucket: bucket, Key: SNAPSHOT_KEY }));
      return true;
    } catch (error) {
      if (statusOf(error) === 404) return false;
      throw refused(error, `s3://${bucket}/${SNAPSHOT_KEY} cannot be read`);
    }
  }

  async invoke(functionName: string, event: unknown): Promise<unknown> {
    const client = new LambdaClient(this.#config);
    const answer = await asked(
      client.send(
        new InvokeCommand({
          FunctionName: functionName,
          Payload: Buffer.from(JSON.stringify(event)),
        }),
      ),
      `${functionName} cannot be invoked`,
    );
    const text = Buffer.from(answer.Payload ?? []).toString();
    if (answer.FunctionError !== undefined) {
      throw new DeploymentError(`${functionName} failed: ${errorMessage(text)}`);
    }
    try {
      return JSON.parse(text === '' ? 'null' : text);
    } catch {
      throw new DeploymentError(`${functionName} answered ${JSON.stringify(text.slice(0, 200))}`);
    }
  }

  async hasDigest(
    table: string,
    { shard, key }: Pick<LogEntry, 'shard' | 'key'>,
  ): Promise<boolean> {
    const client = new DynamoDBClient(this.#config);
    const answer = await asked(
      client.send(
        new GetItemCommand({
          TableName: table,
          Key: { pk: { S: pkOf(shard) }, sk: { S: key } },
          ConsistentRead: true,
          ProjectionExpression: 'sk',
        }),
      ),
      `the table ${table} cannot be read`,
    );
    return answer.Item !== undefined;
  }

  async delivery(table: string, key: DeliveryKey): Promise<DeliveryRow | undefined> {
    const client = new DynamoDBClient(this.#config);
    const command = new GetItemCommand({
      TableName: table,
      Key: deliveryItemKey(key),
      ConsistentRead: true,
    });
    const { Item } = await asked(client.send(command), `the table ${table} cannot be read`);
    return Item && rowOf(Item);
  }

  async logLines(logGroup: string, since: number, term: string): Promise<string[]> {
    const client = new CloudWatchLogsClient(this.#config);
    const lines: string[] = [];
    let nextToken: string | undefined;
    do {
      const page = client.send(
        new FilterLogEventsCommand({
          logGroupName: logGroup,
          startTime: since,
          filterPattern: `"${term}"`,
          ...(nextToken === undefined ? {} : { nextToken }),
        }),
      );
      try {
        const answer = await page;
        for (const { message } of answer.events ?? []) if (message) lines.push(message);
        nextToken = answer.nextToken;
      } catch (error) {
        // A function that has never run has no log group yet.
        if ((error as Error).name === 'ResourceNotFoundException') return [];
        throw refused(error, `the log group ${logGroup} cannot be read`);
      }
    } while (nextToken !== undefined);
    return lines;
  }
}

async function asked<T>(answer: Promise<T>, what: string): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    throw refused(error, what);
  }
}

function refused(error: unknown, what: string): DeploymentError {
  const { name, message } = error as Error;
  const said = refusalOf(error) ?? `${name}: ${message}`;
  return new DeploymentError(`${what}: ${said}`, { cause: error });
}

function statusOf(error: unknown): number | undefined {
  return (error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode;
}

/** Lambda answers a thrown error as JSON with its message. */
function errorMessage(text: string): string {
  try {
    const { errorType, errorMessage: message } = JSON.parse(text) as Record<string, string>;
    return [errorType, message].filter(Boolean).join(': ') || text;
  } catch {
    return text;
  }
}
