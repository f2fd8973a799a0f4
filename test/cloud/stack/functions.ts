import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GetObjectCommand } from '@aws-sdk/client-s3';
import { type Clients, REGION } from '../emulator.ts';
import type { Statement } from '../gateway/policy.ts';
import { LambdaFunction } from '../lambda/function.ts';
import type { FunctionSettings } from '../lambda/instance.ts';
import { unzip } from '../lambda/unzip.ts';
import type { DeployedStack } from './deployed.ts';

export interface DeployedFunction {
  readonly run: LambdaFunction;
  /** What the function's role allows. */
  readonly statements: readonly Statement[];
  readonly logGroup: string;
}

interface FunctionProperties {
  readonly FunctionName: string;
  readonly Handler: string;
  readonly MemorySize: number;
  readonly Timeout: number;
  readonly Code: { readonly S3Bucket: string; readonly S3Key: string };
  readonly LoggingConfig?: { readonly LogFormat?: string };
  readonly Environment?: { readonly Variables?: Readonly<Record<string, string>> };
}

interface InvokeConfig {
  readonly FunctionName: string;
  readonly MaximumRetryAttempts?: number;
  readonly DestinationConfig?: { readonly OnFailure?: { readonly Destination: string } };
}

function failureSettings({ MaximumRetryAttempts = 2, DestinationConfig }: InvokeConfig) {
  const onFailure = DestinationConfig?.OnFailure?.Destination;
  return { retries: MaximumRetryAttempts, ...(onFailure !== undefined && { onFailure }) };
}

/** The access key a function signs with, by which the gateway knows its calls. */
export const keyOf = (functionName: string) => `KEY${functionName.toUpperCase()}`;

/** Processes of a function that may run at once; the machine is small. */
const CONCURRENCY = 3;

/**
 * Unpacks the deployed packages and makes them runnable, with the environment, time limit and
 * failure handling the template gives them.
 */
export async function deployedFunctions(
  stack: DeployedStack,
  aws: Clients,
  endpoint: string,
  log: (functionName: string, stream: string, line: string) => void,
): Promise<Map<string, DeployedFunction>> {
  const failures = new Map(
    stack
      .all<InvokeConfig>('AWS::Lambda::EventInvokeConfig')
      .map(([, config]) => [config.FunctionName, failureSettings(config)]),
  );
  const functions = new Map<string, DeployedFunction>();
  for (const [id, properties] of stack.all<FunctionProperties>('AWS::Lambda::Function')) {
    const name = properties.FunctionName;
    const directory = await unpacked(properties, aws);
    const settings = settingsOf(properties, directory, endpoint);
    const run = new LambdaFunction(
      settings,
      failures.get(name) ?? { retries: 2 },
      (stream, line) => log(name, stream, line),
      CONCURRENCY,
    );
    const logGroup = settings.environment.AWS_LAMBDA_LOG_GROUP_NAME as string;
    functions.set(name, { run, statements: stack.statementsOf(id), logGroup });
  }
  return functions;
}

export async function dispose(functions: Iterable<DeployedFunction>): Promise<void> {
  for (const { run } of functions) {
    await run.kill();
    await rm(run.settings.directory, { recursive: true, force: true });
  }
}

async function unpacked({ Code, FunctionName }: FunctionProperties, aws: Clients) {
  const object = await aws.s3.send(
    new GetObjectCommand({ Bucket: Code.S3Bucket, Key: Code.S3Key }),
  );
  const directory = await mkdtemp(join(tmpdir(), `${FunctionName}-`));
  unzip(Buffer.from((await object.Body?.transformToByteArray()) ?? []), directory);
  return directory;
}

function settingsOf(
  properties: FunctionProperties,
  directory: string,
  endpoint: string,
): FunctionSettings {
  const name = properties.FunctionName;
  return {
    name,
    handler: properties.Handler,
    timeout: properties.Timeout,
    memory: properties.MemorySize,
    directory,
    environment: {
      ...properties.Environment?.Variables,
      AWS_REGION: REGION,
      AWS_DEFAULT_REGION: REGION,
      AWS_ACCESS_KEY_ID: keyOf(name),
      AWS_SECRET_ACCESS_KEY: 'testing',
      AWS_SESSION_TOKEN: 'testing',
      AWS_ENDPOINT_URL: endpoint,
      AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
      AWS_LAMBDA_FUNCTION_NAME: name,
      AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(properties.MemorySize),
      AWS_LAMBDA_LOG_FORMAT: properties.LoggingConfig?.LogFormat ?? 'Text',
      AWS_LAMBDA_LOG_GROUP_NAME: `/aws/lambda/${name}`,
      LAMBDA_TASK_ROOT: directory,
      _HANDLER: properties.Handler,
      TZ: ':UTC',
      PATH: '/usr/local/bin:/usr/bin:/bin',
    },
  };
}
