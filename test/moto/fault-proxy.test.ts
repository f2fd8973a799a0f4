import { createServer } from 'node:http';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { type Fate, type FaultProxy, inTurn, startFaultProxy } from './fault-proxy.ts';

const happened: string[] = [];
const target = createServer((request, response) => {
  const parts: Buffer[] = [];
  request.on('data', (part) => parts.push(part));
  request.on('end', () => {
    happened.push(`${request.method} ${request.url} ${Buffer.concat(parts).toString()}`);
    response.writeHead(201, { 'x-kept': 'yes', 'content-type': 'text/plain' });
    response.end(request.method === 'HEAD' ? '' : 'done');
  });
});
let proxy: FaultProxy;

beforeAll(async () => {
  await new Promise<void>((resolve) => target.listen(0, '127.0.0.1', resolve));
  const address = target.address();
  if (address === null || typeof address === 'string') throw new Error('The target has no port');
  proxy = await startFaultProxy(`http://127.0.0.1:${address.port}`);
});
afterAll(async () => {
  await proxy.stop();
  target.closeAllConnections();
  await new Promise((resolve) => target.close(resolve));
});
beforeEach(() => {
  proxy.clear();
  happened.length = 0;
});

const put = (body = 'body') => fetch(`${proxy.endpoint}/b/k?x=1`, { method: 'PUT', body });

describe('the fault proxy', () => {
  test('what passes is the same on both sides', async () => {
    const response = await put();
    expect(response.status).toBe(201);
    expect(response.headers.get('x-kept')).toBe('yes');
    expect(await response.text()).toBe('done');
    expect(happened).toEqual(['PUT /b/k?x=1 body']);
    expect(proxy.calls()).toEqual([{ service: 's3', operation: 'PutObject', resource: 'b/k' }]);
  });

  test('fail-before breaks the connection and nothing has happened', async () => {
    proxy.onCall(() => 'fail-before');
    await expect(put()).rejects.toThrow('fetch failed');
    expect(happened).toEqual([]);
  });

  test('fail-after breaks the connection and it has happened', async () => {
    proxy.onCall(() => 'fail-after');
    await expect(put()).rejects.toThrow('fetch failed');
    expect(happened).toHaveLength(1);
  });

  test.each([
    ['throttle', 503, '<Code>SlowDown</Code>'],
    ['unavailable', 503, '<Code>ServiceUnavailable</Code>'],
    ['deny', 403, '<Code>AccessDenied</Code>'],
  ] as const)('%s answers as S3 would and nothing has happened', async (fate, status, code) => {
    proxy.onCall(() => fate);
    const response = await put();
    expect(response.status).toBe(status);
    expect(await response.text()).toContain(code);
    expect(happened).toEqual([]);
  });

  test('a refused HEAD has no body', async () => {
    proxy.onCall(() => 'deny');
    const response = await fetch(`${proxy.endpoint}/b/k`, { method: 'HEAD' });
    expect(response.status).toBe(403);
    expect(await response.text()).toBe('');
  });

  test('hang leaves the client waiting until it gives up', async () => {
    proxy.onCall(() => 'hang');
    const leave = new AbortController();
    const waiting = fetch(`${proxy.endpoint}/b/k`, { signal: leave.signal });
    while (proxy.calls().length === 0) await new Promise((resolve) => setImmediate(resolve));
    leave.abort();
    await expect(waiting).rejects.toThrow('aborted');
    expect(happened).toEqual([]);
  });

  test('a delayed call passes', async () => {
    proxy.onCall(() => ({ delay: 5 }));
    expect((await put()).status).toBe(201);
  });

  test('what the test awaits happens while the call is held', async () => {
    proxy.onCall(async (call): Promise<Fate> => {
      if (call.body.toString() === 'late') await put('early');
      return 'pass';
    });
    await put('late');
    expect(happened).toEqual(['PUT /b/k?x=1 early', 'PUT /b/k?x=1 late']);
  });

  test('fates in turn go to matching calls only, then all pass', async () => {
    proxy.onCall(inTurn((call) => call.operation === 'PutObject', 'deny', 'throttle'));
    const statuses: number[] = [];
    const get = () => fetch(`${proxy.endpoint}/b/k`);
    for (const send of [get, put, get, put, put]) statuses.push((await send()).status);
    expect(statuses).toEqual([201, 403, 201, 503, 201]);
  });
});
