/**
 * Settings of every AWS client. No SDK is imported here, so that a bundle holds only the clients
 * its handler makes: `new S3Client(s3Config())`.
 */

/** Attempts of a call, the first one included. */
export const MAX_ATTEMPTS = 5;
/** A connection that takes longer than this is not coming. */
const CONNECT_TIMEOUT_MS = 2_000;
/** Longest wait for one attempt's answer. */
export const REQUEST_TIMEOUT_MS = 10_000;

type Environment = Readonly<Record<string, string | undefined>>;

export interface ClientConfig {
  readonly region: string;
  readonly maxAttempts: number;
  readonly retryMode: 'standard';
  readonly requestHandler: {
    readonly connectionTimeout: number;
    readonly requestTimeout: number;
    readonly throwOnRequestTimeout: true;
  };
}

/**
 * Region, retries and timeouts for any SDK client. AWS_ENDPOINT_URL is read by the SDK itself.
 * @throws Error when no region is set
 */
export function clientConfig(env: Environment = process.env): ClientConfig {
  return {
    region: regionOf(env),
    maxAttempts: MAX_ATTEMPTS,
    retryMode: 'standard',
    requestHandler: {
      connectionTimeout: CONNECT_TIMEOUT_MS,
      requestTimeout: REQUEST_TIMEOUT_MS,
      throwOnRequestTimeout: true,
    },
  };
}

/** The same for S3, whose buckets are host names at AWS but not at an endpoint of one's own. */
export function s3Config(
  env: Environment = process.env,
): ClientConfig & { readonly forcePathStyle: boolean } {
  return { ...clientConfig(env), forcePathStyle: endpointOf('s3', env) !== undefined };
}

/** @throws Error when neither AWS_REGION nor AWS_DEFAULT_REGION is set */
export function regionOf(env: Environment): string {
  const region = env.AWS_REGION || env.AWS_DEFAULT_REGION;
  if (!region) throw new Error('No AWS region: set AWS_REGION, for example AWS_REGION=eu-west-1');
  return region;
}

/** The endpoint that stands in for AWS, where one is set, without a slash at its end. */
export function endpointOf(service: 's3' | 'sqs', env: Environment): string | undefined {
  const endpoint = env[`AWS_ENDPOINT_URL_${service.toUpperCase()}`] || env.AWS_ENDPOINT_URL;
  return endpoint ? endpoint.replace(/\/+$/, '') : undefined;
}
