import { createServer, type IncomingMessage } from 'node:http';
import { afterEach, describe, expect, test } from '@jest/globals';
import { SignedAws, type SignedRequest } from '../../src/adapters/aws/signed-aws.ts';

const CREDENTIALS = {
  AWS_REGION: 'eu-west-1',
  AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
  AWS_SECRET_ACCESS_KEY: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY',
};

const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

/** A server that gives these answers in turn, the last one for ever, and remembers the requests. */
async function answering(...answers: { status: number; body?: string }[]) {
  const requests: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    requests.push(request);
    const { status, body = '' } = answers[Math.min(requests.length, answers.length) - 1]!;
    response.writeHead(status).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closers.push(() => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server has no port');
  const request: SignedRequest = {
    service: 's3',
    method: 'GET',
    url: `http://127.0.0.1:${address.port}/bucket/key`,
  };
  return { request, requests };
}

const signed = (env: Record<string, string> = CREDENTIALS) =>
  new SignedAws({ env, sleep: async () => {} });

describe('SignedAws', () => {
  test('a request carries a signature for its service and region, and no session token', async () => {
    const { request, requests } = await answering({ status: 200 });
    await signed().send(request);
    const { headers } = requests[0]!;
    expect(headers.authorization).toMatch(
      /^AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE\/\d{8}\/eu-west-1\/s3\/aws4_request, SignedHeaders=\S+, Signature=[0-9a-f]{64}$/,
    );
    expect(headers['x-amz-security-token']).toBeUndefined();
    expect(JSON.stringify(headers)).not.toContain('wJalrXUtnFEMI');
  });

  test('with a session token the request carries it, signed', async () => {
    const { request, requests } = await answering({ status: 200 });
    await signed({ ...CREDENTIALS, AWS_SESSION_TOKEN: 'session' }).send(request);
    expect(requests[0]?.headers['x-amz-security-token']).toBe('session');
    expect(requests[0]?.headers.authorization).toContain('x-amz-security-token');
  });

  test.each([
    [500, ''],
    [503, ''],
    [429, ''],
    [400, '{"__type":"com.amazonaws.sqs#ThrottlingException"}'],
    [400, '<Error><Code>RequestTimeout</Code></Error>'],
  ])('an answer of %i %s is asked for again', async (status, body) => {
    const { request, requests } = await answering({ status, body }, { status: 200, body: 'ok' });
    const answer = await signed().send(request);
    expect(answer.status).toBe(200);
    expect(Buffer.from(answer.body).toString()).toBe('ok');
    expect(requests).toHaveLength(2);
  });

  test.each([
    [200, ''],
    [304, ''],
    [400, '{"__type":"com.amazonaws.sqs#InvalidMessageContents"}'],
    [403, ''],
    [404, ''],
    [412, ''],
  ])('an answer of %i %s is the caller’s to judge, at once', async (status, body) => {
    const { request, requests } = await answering({ status, body });
    expect((await signed().send(request)).status).toBe(status);
    expect(requests).toHaveLength(1);
  });

  test('waits grow between attempts, and five are all', async () => {
    const { request, requests } = await answering({ status: 500 });
    const waits: number[] = [];
    const aws = new SignedAws({ env: CREDENTIALS, sleep: async (ms) => void waits.push(ms) });
    expect((await aws.send(request)).status).toBe(500);
    expect(requests).toHaveLength(5);
    expect(waits).toHaveLength(4);
    waits.forEach((wait, index) => {
      expect(wait).toBeGreaterThanOrEqual(0);
      expect(wait).toBeLessThan(100 * 2 ** index);
    });
  });

  test('without credentials it says which variables to set, and asks nobody', async () => {
    const { request, requests } = await answering({ status: 200 });
    const { AWS_SECRET_ACCESS_KEY: _, ...half } = CREDENTIALS;
    await expect(signed(half).send(request)).rejects.toThrow('AWS_SECRET_ACCESS_KEY must be set');
    expect(requests).toHaveLength(0);
  });
});

describe('where requests go', () => {
  test('an object is at its bucket’s host, in China under that domain', () => {
    expect(signed().objectUrl('state', 'unreadable/a b')).toBe(
      'https://state.s3.eu-west-1.amazonaws.com/unreadable/a%20b',
    );
    expect(signed({ ...CREDENTIALS, AWS_REGION: 'cn-north-1' }).objectUrl('state', 'k')).toBe(
      'https://state.s3.cn-north-1.amazonaws.com.cn/k',
    );
  });

  test('an object is on the bucket’s path at an endpoint of one’s own', () => {
    const env = { ...CREDENTIALS, AWS_ENDPOINT_URL: 'http://127.0.0.1:5000/' };
    expect(signed(env).objectUrl('state', 'k')).toBe('http://127.0.0.1:5000/state/k');
  });

  test('a queue is asked where its URL says, or at an endpoint of one’s own', () => {
    const url = 'https://sqs.eu-west-1.amazonaws.com/123456789012/dead';
    expect(signed().queueEndpoint(url)).toBe('https://sqs.eu-west-1.amazonaws.com/');
    const env = { ...CREDENTIALS, AWS_ENDPOINT_URL_SQS: 'http://127.0.0.1:5000' };
    expect(signed(env).queueEndpoint(url)).toBe('http://127.0.0.1:5000/');
  });
});
