import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { FetchPost } from '../../../src/adapters/http/fetch-post.ts';
import { ReceiverServer } from '../../deliver/receiver-server.ts';

let receiver: ReceiverServer;
let elsewhere: ReceiverServer;

beforeAll(async () => {
  receiver = await ReceiverServer.start();
  elsewhere = await ReceiverServer.start();
});
afterAll(async () => {
  await receiver.stop();
  await elsewhere.stop();
});
beforeEach(() => {
  receiver.received.length = elsewhere.received.length = 0;
  receiver.behaviour = () => ({ status: 200, body: 'ok' });
});

const post = (path = '/in/secret-path', options = {}) =>
  new FetchPost(options).post({
    url: `${receiver.url}${path}`,
    headers: { 'content-type': 'application/json', 'x-test': 'a' },
    body: '{"é":1}',
  });

describe('A post', () => {
  test('arrives with its headers and body, and the answer comes back', async () => {
    expect(await post()).toEqual({ status: 200, body: 'ok' });
    expect(receiver.received).toMatchObject([
      {
        path: '/in/secret-path',
        headers: { 'content-type': 'application/json', 'x-test': 'a', connection: 'close' },
        body: '{"é":1}',
      },
    ]);
  });

  test('is answered with what the receiver asks', async () => {
    receiver.behaviour = () => ({ status: 429, body: 'slow', headers: { 'retry-after': '30' } });
    expect(await post()).toEqual({ status: 429, body: 'slow', retryAfter: '30' });
  });

  test.each([400, 404, 500, 503])('tells a %i as it is', async (status) => {
    receiver.behaviour = () => ({ status });
    expect(await post()).toEqual({ status, body: '' });
  });
});

describe('A receiver that misbehaves', () => {
  test('and never answers is not waited for', async () => {
    receiver.behaviour = () => 'never';
    await expect(post('/', { timeoutMs: 100 })).rejects.toThrow(/^none within 0.1 s$/);
  });

  test('and never ends is heard for a kilobyte', async () => {
    receiver.behaviour = () => 'endless';
    expect(await post()).toEqual({ status: 500, body: 'x'.repeat(1_024) });
  });

  test('a kilobyte does not end inside a character', async () => {
    receiver.behaviour = () => ({ status: 500, body: `x${'é'.repeat(600)}` });
    expect((await post()).body).toBe(`x${'é'.repeat(511)}`);
  });

  test('and breaks the connection is an error that says so, and not where', async () => {
    receiver.behaviour = () => 'reset';
    const error = await post().catch((thrown: Error) => thrown);
    expect(error).toMatchObject({ message: 'ECONNRESET' });
    expect(JSON.stringify(error, Object.getOwnPropertyNames(error))).not.toContain('secret-path');
  });

  test('and listens to nobody is one as well', async () => {
    const gone = await ReceiverServer.start();
    const url = `${gone.url}/secret-path`;
    await gone.stop();
    const posting = new FetchPost().post({ url, headers: {}, body: '' });
    await expect(posting).rejects.toThrow(/^ECONNREFUSED$/);
  });
});

describe('A redirect', () => {
  test.each([307, 308])('%i is followed within the same place', async (status) => {
    receiver.behaviour = (path) =>
      path === '/new' ? { status: 200 } : { status, headers: { location: '/new' } };
    expect(await post()).toMatchObject({ status: 200 });
    expect(receiver.received.map(({ path, body }) => [path, body])).toEqual([
      ['/in/secret-path', '{"é":1}'],
      ['/new', '{"é":1}'],
    ]);
  });

  test('to another place is not followed: it would carry the alert there', async () => {
    receiver.behaviour = () => ({ status: 307, headers: { location: `${elsewhere.url}/` } });
    expect(await post()).toMatchObject({ status: 307 });
    expect(elsewhere.received).toEqual([]);
  });

  test('that would turn the post into a get is not followed', async () => {
    receiver.behaviour = () => ({ status: 302, headers: { location: '/new' } });
    expect(await post()).toMatchObject({ status: 302 });
    expect(receiver.received).toHaveLength(1);
  });

  test('in a circle ends', async () => {
    receiver.behaviour = (path) => ({ status: 308, headers: { location: path } });
    expect(await post()).toMatchObject({ status: 308 });
    expect(receiver.received).toHaveLength(4);
  });
});

describe('An address', () => {
  test.each([
    'http://example.com/hook',
    'http://127.0.0.1.example.com/',
    'ftp://127.0.0.1/',
    'file:///etc/passwd',
    'hook',
  ])('%s is not posted to', async (url) => {
    await expect(new FetchPost().post({ url, headers: {}, body: '' })).rejects.toThrow(
      /^its address is /,
    );
  });
});
