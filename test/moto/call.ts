import type { IncomingHttpHeaders } from 'node:http';

/** A request to AWS, named as the SDK's commands are. */
export interface AwsCall {
  /** `dynamodb`, `s3`, `sns`, `sqs`, `cloudwatch`, `ssm`, `logs`, `lambda`, ... */
  readonly service: string;
  /** `PutItem`, `GetObject`, `Publish`, ...; `VERB /path` where the protocol does not name one. */
  readonly operation: string;
  /** S3 alone: `bucket` or `bucket/key`. */
  readonly resource?: string;
  /** How a refusal must be worded for the client to understand it. */
  readonly protocol: 'json' | 'query' | 'rest-xml' | 'rest-json' | 'cbor';
}

export interface RawRequest {
  readonly method: string;
  /** Path and query as sent. */
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** Signing names that differ from what the service is called. */
const CALLED: Readonly<Record<string, string>> = {
  monitoring: 'cloudwatch',
  events: 'eventbridge',
};

/** Targets of unsigned requests, by the prefix before the dot. */
const TARGETS: Readonly<Record<string, string>> = {
  DynamoDB_20120810: 'dynamodb',
  DynamoDBStreams_20120810: 'dynamodb',
  AmazonSQS: 'sqs',
  AmazonSSM: 'ssm',
  Logs_20140328: 'logs',
  GraniteServiceVersion20100801: 'cloudwatch',
  AWSEvents: 'eventbridge',
  Kinesis_20131202: 'kinesis',
};

/** Recognises the service and operation of a request in any of AWS's protocols. */
export function recognise(request: RawRequest): AwsCall {
  const signed = signingName(request.headers);
  const target = String(request.headers['x-amz-target'] ?? '');
  if (target !== '') {
    const [prefix = '', operation = ''] = target.split('.');
    return { service: signed ?? TARGETS[prefix] ?? prefix, operation, protocol: 'json' };
  }
  const rpc = /^\/service\/([^/]+)\/operation\/([^/?]+)/.exec(request.url);
  if (rpc !== null) {
    const service = signed ?? TARGETS[rpc[1]!] ?? rpc[1]!;
    return { service, operation: rpc[2]!, protocol: 'cbor' };
  }
  const action = queryAction(request);
  if (action !== undefined) {
    return { service: signed ?? 'unknown', operation: action, protocol: 'query' };
  }
  if (signed !== undefined && signed !== 's3') {
    const operation = `${request.method} ${request.url.split('?')[0]}`;
    return { service: signed, operation, protocol: 'rest-json' };
  }
  return s3Call(request);
}

/** The service in the credential scope: `Credential=KEY/DATE/REGION/SERVICE/aws4_request`. */
function signingName(headers: IncomingHttpHeaders): string | undefined {
  const scope = /Credential=[^/]+\/\d{8}\/[^/]*\/([^/]+)\/aws4_request/.exec(
    headers.authorization ?? '',
  );
  const name = scope?.[1];
  return name === undefined ? undefined : (CALLED[name] ?? name);
}

function queryAction({ headers, body }: RawRequest): string | undefined {
  if (!String(headers['content-type']).startsWith('application/x-www-form-urlencoded')) {
    return undefined;
  }
  return new URLSearchParams(body.toString('utf8')).get('Action') ?? undefined;
}

function s3Call({ method, url, headers }: RawRequest): AwsCall {
  const { pathname, searchParams } = new URL(url, 'http://s3');
  const resource = decodeURIComponent(pathname.slice(1));
  const hasKey = /^[^/]+\/./.test(resource);
  const operation = hasKey
    ? objectOperation(method, searchParams, 'x-amz-copy-source' in headers)
    : bucketOperation(method, searchParams);
  return { service: 's3', operation, resource, protocol: 'rest-xml' };
}

function objectOperation(method: string, query: URLSearchParams, copies: boolean): string {
  if (query.has('uploads')) return 'CreateMultipartUpload';
  if (query.has('uploadId')) {
    if (method === 'PUT') return 'UploadPart';
    return method === 'POST' ? 'CompleteMultipartUpload' : 'AbortMultipartUpload';
  }
  if (method === 'PUT') return copies ? 'CopyObject' : 'PutObject';
  return { GET: 'GetObject', HEAD: 'HeadObject', DELETE: 'DeleteObject' }[method] ?? method;
}

function bucketOperation(method: string, query: URLSearchParams): string {
  if (method === 'POST' && query.has('delete')) return 'DeleteObjects';
  if (method === 'GET') return query.has('list-type') ? 'ListObjectsV2' : 'ListObjects';
  return { PUT: 'CreateBucket', HEAD: 'HeadBucket', DELETE: 'DeleteBucket' }[method] ?? method;
}
