import { describe, expect, test } from '@jest/globals';
import { type RawRequest, recognise } from './call.ts';

function request(method: string, url: string, headers = {}, body = ''): RawRequest {
  return { method, url, headers, body: Buffer.from(body) };
}

const signedFor = (service: string) => ({
  authorization: `AWS4-HMAC-SHA256 Credential=K/20261123/us-east-1/${service}/aws4_request, SignedHeaders=host, Signature=0`,
});

describe('recognise', () => {
  test.each([
    ['dynamodb', 'DynamoDB_20120810.PutItem', { service: 'dynamodb', operation: 'PutItem' }],
    ['sqs', 'AmazonSQS.SendMessage', { service: 'sqs', operation: 'SendMessage' }],
    ['ssm', 'AmazonSSM.PutParameter', { service: 'ssm', operation: 'PutParameter' }],
    [
      'monitoring',
      'GraniteServiceVersion20100801.PutMetricData',
      { service: 'cloudwatch', operation: 'PutMetricData' },
    ],
  ])('a JSON request to %s by its target', (name, target, call) => {
    const headers = { 'x-amz-target': target };
    expect(recognise(request('POST', '/', { ...headers, ...signedFor(name) }))).toMatchObject(call);
    expect(recognise(request('POST', '/', headers))).toMatchObject(call);
  });

  test('a query request by its action', () => {
    const headers = { 'content-type': 'application/x-www-form-urlencoded', ...signedFor('sns') };
    expect(recognise(request('POST', '/', headers, 'TopicArn=a&Action=Publish&Version=1'))).toEqual(
      { service: 'sns', operation: 'Publish', protocol: 'query' },
    );
  });

  test('an RPC request by its path', () => {
    const path = '/service/GraniteServiceVersion20100801/operation/PutMetricData';
    expect(recognise(request('POST', path, { 'smithy-protocol': 'rpc-v2-cbor' }))).toEqual({
      service: 'cloudwatch',
      operation: 'PutMetricData',
      protocol: 'cbor',
    });
  });

  test('a REST request of another service by verb and path', () => {
    const path = '/2015-03-31/functions/logs?Qualifier=1';
    expect(recognise(request('GET', path, signedFor('lambda')))).toEqual({
      service: 'lambda',
      operation: 'GET /2015-03-31/functions/logs',
      protocol: 'rest-json',
    });
  });

  test.each([
    ['GET', '/b/a%20key/deep?x-id=GetObject', 'GetObject', 'b/a key/deep'],
    ['HEAD', '/b/k', 'HeadObject', 'b/k'],
    ['DELETE', '/b/k', 'DeleteObject', 'b/k'],
    ['PUT', '/b/k?x-id=PutObject', 'PutObject', 'b/k'],
    ['POST', '/b/k?uploads', 'CreateMultipartUpload', 'b/k'],
    ['PUT', '/b/k?partNumber=1&uploadId=u', 'UploadPart', 'b/k'],
    ['POST', '/b/k?uploadId=u', 'CompleteMultipartUpload', 'b/k'],
    ['DELETE', '/b/k?uploadId=u', 'AbortMultipartUpload', 'b/k'],
    ['PUT', '/b', 'CreateBucket', 'b'],
    ['HEAD', '/b/', 'HeadBucket', 'b/'],
    ['GET', '/b?list-type=2&prefix=x/', 'ListObjectsV2', 'b'],
    ['POST', '/b?delete', 'DeleteObjects', 'b'],
  ])('S3: %s %s is %s', (method, url, operation, resource) => {
    expect(recognise(request(method, url, signedFor('s3')))).toEqual({
      service: 's3',
      operation,
      resource,
      protocol: 'rest-xml',
    });
  });

  test('S3: a PUT that names a source is a copy', () => {
    const headers = { 'x-amz-copy-source': 'b/k', ...signedFor('s3') };
    expect(recognise(request('PUT', '/b/copy', headers)).operation).toBe('CopyObject');
  });
});
