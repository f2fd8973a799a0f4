import type { IncomingHttpHeaders } from 'node:http';
import { gunzipSync } from 'node:zlib';

/** One call of the AWS API, as far as the gateway must understand it. */
export interface Call {
  /** Signing name: `dynamodb`, `s3`, `monitoring` ... */
  readonly service: string;
  /** API operation as IAM names it: `PutItem`, `GetObject` ... */
  readonly action: string;
  /** Access key id, which names the function that calls. */
  readonly caller: string;
  readonly method: string;
  readonly url: URL;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  /** JSON members, or form fields as they are. */
  readonly input: Readonly<Record<string, unknown>>;
}

const CREDENTIAL = /Credential=([^/]+)\/\d+\/[^/]*\/([^/]+)\/aws4_request/;

export function parseCall(
  method: string,
  url: URL,
  headers: IncomingHttpHeaders,
  body: Buffer,
): Call {
  const signed = CREDENTIAL.exec(headers.authorization ?? '');
  const service = signed?.[2] ?? '';
  const plain = headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body;
  const input = inputOf(headers, plain, url);
  const action = actionOf({ service, method, url, headers, input });
  return { service, action, caller: signed?.[1] ?? '', method, url, headers, body, input };
}

function inputOf(headers: IncomingHttpHeaders, body: Buffer, url: URL): Record<string, unknown> {
  const type = headers['content-type'] ?? '';
  if (type.includes('json')) {
    const parsed: unknown = body.length > 0 ? JSON.parse(body.toString()) : {};
    return typeof parsed === 'object' && parsed !== null ? { ...parsed } : {};
  }
  if (type.includes('x-www-form-urlencoded')) {
    return Object.fromEntries(new URLSearchParams(body.toString()));
  }
  return Object.fromEntries(url.searchParams);
}

function actionOf(call: Pick<Call, 'service' | 'method' | 'url' | 'headers' | 'input'>): string {
  const target = call.headers['x-amz-target'];
  if (typeof target === 'string') return target.slice(target.indexOf('.') + 1);
  if (call.service === 's3') return s3Action(call.method, call.url);
  if (call.service === 'lambda') return lambdaAction(call.method, call.url);
  return typeof call.input.Action === 'string' ? call.input.Action : 'Other';
}

const LAMBDA_ACTIONS: Readonly<Record<string, string>> = {
  'GET ': 'GetFunction',
  'GET configuration': 'GetFunctionConfiguration',
  'GET policy': 'GetPolicy',
  'POST invocations': 'Invoke',
  'POST policy': 'AddPermission',
  'DELETE policy': 'RemovePermission',
};

/** Paths are `/2015-03-31/functions/{name}/{what}`. */
function lambdaAction(method: string, url: URL): string {
  if (url.pathname.includes('/account-settings')) return 'GetAccountSettings';
  if (url.pathname.includes('/event-source-mappings/') && method === 'GET') {
    return 'GetEventSourceMapping';
  }
  return LAMBDA_ACTIONS[`${method} ${url.pathname.split('/')[4] ?? ''}`] ?? 'Other';
}

/** Path style only: the gateway's host is an address, for which SDKs use nothing else. */
function s3Action(method: string, url: URL): string {
  const { bucket, key } = s3Target(url);
  if (bucket === '') return 'ListAllMyBuckets';
  if (key === '') return bucketAction(method, url.searchParams);
  if (method === 'GET' || method === 'HEAD') return 'GetObject';
  if (method === 'DELETE') return 'DeleteObject';
  return 'PutObject';
}

function bucketAction(method: string, query: URLSearchParams): string {
  if (query.has('delete')) return 'DeleteObject';
  if (query.has('versions')) return 'ListBucketVersions';
  if (query.has('tagging')) return method === 'GET' ? 'GetBucketTagging' : 'PutBucketTagging';
  if (query.has('location')) return 'GetBucketLocation';
  if (method === 'GET' || method === 'HEAD') return 'ListBucket';
  return method === 'DELETE' ? 'DeleteBucket' : 'CreateBucket';
}

export function s3Target(url: URL): { readonly bucket: string; readonly key: string } {
  const [bucket = '', ...rest] = url.pathname.slice(1).split('/');
  return { bucket, key: decodeURIComponent(rest.join('/')) };
}

/** Members of a form list: `Name.member.1`, `Name.entry.2.key` ... */
export function formList(input: Call['input'], prefix: string): Record<string, string>[] {
  const rows: Record<string, string>[] = [];
  for (const [name, value] of Object.entries(input)) {
    if (!name.startsWith(prefix)) continue;
    const [index = '', ...path] = name.slice(prefix.length).split('.');
    const row = rows[Number(index) - 1] ?? {};
    row[path.join('.')] = String(value);
    rows[Number(index) - 1] = row;
  }
  return rows.filter((row) => row !== undefined);
}
