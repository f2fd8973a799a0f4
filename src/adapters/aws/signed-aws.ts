import { AwsClient } from 'aws4fetch';
import { endpointOf, MAX_ATTEMPTS, REQUEST_TIMEOUT_MS, regionOf } from './clients.ts';

type Environment = Readonly<Record<string, string | undefined>>;

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Uint8Array;
}

export interface SignedRequest {
  readonly service: 's3' | 'sqs';
  readonly method: 'GET' | 'PUT' | 'POST';
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array | string;
}

const FIRST_DELAY_MS = 50;

/**
 * Signed requests without the SDK, for the function that is started most: the two calls it makes
 * beside DynamoDB are not worth another client in its bundle. Credentials are those that Lambda
 * puts into the environment.
 */
export class SignedAws {
  readonly #env: Environment;
  readonly #sleep: (ms: number) => Promise<void>;
  #client: AwsClient | undefined;

  constructor({
    env = process.env,
    sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
  }: {
    readonly env?: Environment;
    /** Waits between attempts, milliseconds. */
    readonly sleep?: (ms: number) => Promise<void>;
  } = {}) {
    this.#env = env;
    this.#sleep = sleep;
  }

  /** Where an object is: a host name a bucket at AWS, path style at AWS_ENDPOINT_URL. */
  objectUrl(bucket: string, key: string): string {
    const path = key.split('/').map(encodeURIComponent).join('/');
    const endpoint = endpointOf('s3', this.#env);
    if (endpoint !== undefined) return `${endpoint}/${bucket}/${path}`;
    const region = regionOf(this.#env);
    const domain = region.startsWith('cn-') ? 'amazonaws.com.cn' : 'amazonaws.com';
    return `https://${bucket}.s3.${region}.${domain}/${path}`;
  }

  /** Where requests about a queue go. */
  queueEndpoint(queueUrl: string): string {
    return `${endpointOf('sqs', this.#env) ?? new URL(queueUrl).origin}/`;
  }

  /**
   * Sends a request, up to five times while AWS does not answer, is overloaded or asks to slow
   * down. Any other answer, good or bad, is the caller's to judge.
   * @throws Error when no attempt got an answer
   */
  async send(request: SignedRequest): Promise<Answer> {
    for (let attempt = 1; ; attempt++) {
      const last = attempt === MAX_ATTEMPTS;
      try {
        const answer = await this.#attempt(request);
        if (last || !isPassing(answer)) return answer;
      } catch (error) {
        if (last) throw unanswered(request, error);
      }
      await this.#sleep(Math.random() * FIRST_DELAY_MS * 2 ** attempt);
    }
  }

  async #attempt({ service, method, url, headers, body }: SignedRequest): Promise<Answer> {
    this.#client ??= clientOf(this.#env);
    const signed = await this.#client.sign(url, {
      method,
      aws: { service },
      signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS),
      ...(headers === undefined ? {} : { headers }),
      ...(body === undefined ? {} : { body: body as NonNullable<RequestInit['body']> }),
    });
    const response = await fetch(signed);
    // The body belongs to the attempt: a connection that breaks in the middle of it is retried.
    const bytes = new Uint8Array(await response.arrayBuffer());
    return { status: response.status, headers: response.headers, body: bytes };
  }
}

/** An error for an answer that the caller could not use; names AWS's own code. */
export function refusedBy({ method, url }: SignedRequest, { status, body }: Answer): Error {
  const text = new TextDecoder().decode(body.subarray(0, 2_000));
  const code = /<Code>([^<]+)<|"__type"\s*:\s*"(?:[^"#]*#)?([^"]+)"/.exec(text);
  const named = code?.[1] ?? code?.[2];
  return new Error(`AWS answered ${status}${named ? ` ${named}` : ''} to ${method} ${url}`);
}

/** Whether the same request may well succeed a moment later. */
function isPassing({ status, body }: Answer): boolean {
  if (status >= 500 || status === 429) return true;
  if (status !== 400) return false;
  return /Throttl|RequestTimeout/.test(new TextDecoder().decode(body.subarray(0, 2_000)));
}

function unanswered({ method, url }: SignedRequest, cause: unknown): Error {
  const { message, cause: inner } = cause as Error;
  const why = inner instanceof Error && inner.message ? inner.message : message;
  return new Error(`No answer to ${method} ${url} in ${MAX_ATTEMPTS} attempts: ${why}`, { cause });
}

function clientOf(env: Environment): AwsClient {
  const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN } = env;
  if (!AWS_ACCESS_KEY_ID || !AWS_SECRET_ACCESS_KEY) {
    throw new Error(
      'No AWS credentials: AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY must be set, as Lambda does for a function with a role',
    );
  }
  return new AwsClient({
    accessKeyId: AWS_ACCESS_KEY_ID,
    secretAccessKey: AWS_SECRET_ACCESS_KEY,
    region: regionOf(env),
    ...(AWS_SESSION_TOKEN ? { sessionToken: AWS_SESSION_TOKEN } : {}),
  });
}
