import {
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  S3Client,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { s3Config } from '../../../src/adapters/aws/clients.ts';
import { S3CheckpointStore } from '../../../src/adapters/aws/s3-checkpoint-store.ts';
import type { Log } from '../../../src/ports/log.ts';
import { runContract } from '../../contracts/checkpoint-store.ts';
import {
  type Fate,
  type FaultProxy,
  inTurn,
  type ProxiedCall,
  startFaultProxy,
} from '../../moto/fault-proxy.ts';
import { ENDPOINT, newBucket } from './emulator.ts';

const client = new S3Client(s3Config());
afterAll(() => client.destroy());

const NOON = Date.UTC(2026, 10, 23, 12, 10);
const silent: Log = () => {};

runContract({
  name: 'S3CheckpointStore',
  async make() {
    const bucket = await newBucket(client);
    return () => new S3CheckpointStore({ client, bucket, now: () => NOON, log: silent });
  },
});

test('a bucket that is not there is an error, not a missing checkpoint', async () => {
  const store = new S3CheckpointStore({
    client,
    bucket: 'no-such-bucket',
    now: () => NOON,
    log: silent,
  });
  await expect(store.load(0)).rejects.toMatchObject({ name: 'NoSuchBucket' });
});

describe('hourly copies', () => {
  let bucket: string;
  let now = NOON;

  beforeEach(async () => {
    bucket = await newBucket(client);
    now = NOON;
  });
  const open = (log = silent) => new S3CheckpointStore({ client, bucket, now: () => now, log });

  test('the first state of each hour is kept, by whichever instance', async () => {
    const store = open();
    let tag = await saved(store, 'at 12:10', undefined);
    now += 49 * 60_000;
    tag = await saved(store, 'at 12:59', tag);
    tag = await saved(open(), 'at 12:59 by another', tag);
    now += 60_000;
    await saved(store, 'at 13:00', tag);
    expect(await backups(bucket)).toEqual({
      'backup/0/2026-11-23T12': 'at 12:10',
      'backup/0/2026-11-23T13': 'at 13:00',
    });
  });

  test('each shard has its own', async () => {
    const store = open();
    await store.save(0, Buffer.from('of 0'), undefined);
    await store.save(1, Buffer.from('of 1'), undefined);
    expect(Object.keys(await backups(bucket))).toEqual([
      'backup/0/2026-11-23T12',
      'backup/1/2026-11-23T12',
    ]);
  });

  test('a save that conflicts makes none', async () => {
    await saved(open(), 'first', undefined);
    now += 3_600_000;
    expect(await open().save(0, Buffer.from('second'), undefined)).toBe('conflict');
    expect(Object.keys(await backups(bucket))).toEqual(['backup/0/2026-11-23T12']);
  });
});

describe('S3CheckpointStore on a bad connection', () => {
  let proxy: FaultProxy;
  let faulty: S3Client;
  let bucket: string;
  let now = NOON;
  let logged: string[] = [];

  beforeAll(async () => {
    proxy = await startFaultProxy(ENDPOINT);
    faulty = new S3Client({ ...s3Config(), endpoint: proxy.endpoint });
  });
  afterAll(async () => {
    faulty.destroy();
    await proxy.stop();
  });
  beforeEach(async () => {
    proxy.clear();
    now = NOON;
    logged = [];
    bucket = await newBucket(client);
  });

  const open = () =>
    new S3CheckpointStore({
      client: faulty,
      bucket,
      now: () => now,
      log: (_level, event) => logged.push(event),
    });
  const other = () => new S3CheckpointStore({ client, bucket, now: () => now, log: silent });
  const on = (operation: string, prefix: string) => (call: ProxiedCall) =>
    call.operation === operation && call.resource?.startsWith(`${bucket}/${prefix}`) === true;
  const onSave = on('PutObject', 'checkpoint/');

  test('a first save whose answer is lost is known as done', async () => {
    proxy.onCall(inTurn(onSave, 'fail-after'));
    const tag = await saved(open(), 'state', undefined);
    expect(await other().load(0)).toMatchObject({ tag });
    expect(proxy.calls().map(({ operation }) => operation)).toEqual([
      'PutObject', // happened, not answered
      'PutObject', // refused by the first
      'HeadObject',
      'PutObject', // the hour's copy
    ]);
  });

  test('a replacement whose answer is lost is known as done, and the next goes on from it', async () => {
    const store = open();
    let tag = await saved(store, 'one', undefined);
    proxy.onCall(inTurn(onSave, 'fail-after'));
    tag = await saved(store, 'two', tag);
    await saved(store, 'three', tag);
    expect(await textOf(bucket, 'checkpoint/0')).toBe('three');
  });

  test('every answer lost, the save is known as done by reading it back', async () => {
    proxy.onCall((call) => (onSave(call) ? 'fail-after' : 'pass'));
    const tag = await saved(open(), 'state', undefined);
    expect(await other().load(0)).toMatchObject({ tag });
  });

  test('a lost answer and then another writer: a conflict, and the other’s state stays', async () => {
    const store = open();
    const first = await saved(store, 'one', undefined);
    let attempts = 0;
    proxy.onCall(async (call): Promise<Fate> => {
      if (!onSave(call)) return 'pass';
      attempts++;
      if (attempts === 1) return 'fail-after';
      const current = await other().load(0);
      await saved(other(), 'another’s', current?.tag);
      return 'pass';
    });
    expect(await store.save(0, Buffer.from('two'), first)).toBe('conflict');
    expect(await textOf(bucket, 'checkpoint/0')).toBe('another’s');
  });

  test('the same bytes and generation of another writer are not taken for its own', async () => {
    const tag = await saved(other(), 'one', undefined);
    proxy.onCall(async (call): Promise<Fate> => {
      if (onSave(call)) await saved(other(), 'two', tag);
      proxy.clear();
      return 'pass';
    });
    expect(await open().save(0, Buffer.from('two'), tag)).toBe('conflict');
  });

  test('an earlier save of its own is not taken for this one', async () => {
    const store = open();
    const first = await saved(store, 'one', undefined);
    await saved(store, 'two', first);
    expect(await store.save(0, Buffer.from('three'), first)).toBe('conflict');
  });

  test.each(['fail-before', 'throttle', 'unavailable'] as const)(
    'a save that meets %s is tried again',
    async (fate) => {
      proxy.onCall(inTurn(onSave, fate, fate));
      await saved(open(), 'state', undefined);
      expect(await textOf(bucket, 'checkpoint/0')).toBe('state');
    },
  );

  test('a save that never gets through throws what stopped it, and nothing is saved', async () => {
    proxy.onCall((call) => (onSave(call) ? 'unavailable' : 'pass'));
    await expect(open().save(0, Buffer.from('state'), undefined)).rejects.toMatchObject({
      name: 'ServiceUnavailable',
    });
    expect(await other().load(0)).toBeUndefined();
  });

  test('a conflict that cannot be looked into is an error, not a conflict', async () => {
    await saved(other(), 'another’s', undefined);
    proxy.onCall((call) => (call.operation === 'HeadObject' ? 'unavailable' : 'pass'));
    await expect(open().save(0, Buffer.from('state'), undefined)).rejects.toThrow();
  });

  test('a refused save throws at once', async () => {
    proxy.onCall((call) => (onSave(call) ? 'deny' : 'pass'));
    await expect(open().save(0, Buffer.from('state'), undefined)).rejects.toMatchObject({
      name: 'AccessDenied',
    });
    expect(proxy.calls()).toHaveLength(1);
  });

  test('403 on a load counts as missing while nothing proves otherwise', async () => {
    const store = open();
    proxy.onCall((call) => (call.operation === 'GetObject' ? 'deny' : 'pass'));
    expect(await store.load(0)).toBeUndefined();
    const tag = await saved(store, 'state', undefined);
    proxy.clear();
    expect(await store.load(0)).toMatchObject({ tag });
  });

  test('403 on a load of a checkpoint that is there: the save says so and changes nothing', async () => {
    await saved(other(), 'weeks of memory', undefined);
    const store = open();
    proxy.onCall(({ operation }) => (/^(Get|Head)Object$/.test(operation) ? 'deny' : 'pass'));
    expect(await store.load(0)).toBeUndefined();
    await expect(store.save(0, Buffer.from('afresh'), undefined)).rejects.toThrow(
      'is there but may not be read: allow s3:GetObject',
    );
    expect(await textOf(bucket, 'checkpoint/0')).toBe('weeks of memory');
  });

  test('a failed copy never fails the save; it is logged and tried again after five minutes', async () => {
    const store = open();
    proxy.onCall((call) => (on('PutObject', 'backup/')(call) ? 'deny' : 'pass'));
    let tag = await saved(store, 'one', undefined);
    now += 299_000;
    tag = await saved(store, 'two', tag);
    expect(logged).toEqual(['checkpoint.backup.failed']);
    proxy.clear();
    now += 1_000;
    await saved(store, 'three', tag);
    expect(await backups(bucket)).toEqual({ 'backup/0/2026-11-23T12': 'three' });
  });

  test('a checkpoint’s metadata names its writer and generation', async () => {
    const store = open();
    await saved(store, 'one', undefined);
    const { Metadata } = await client.send(
      new HeadObjectCommand({ Bucket: bucket, Key: 'checkpoint/0' }),
    );
    expect(Metadata).toEqual({ writer: expect.stringMatching(/^[0-9a-f-]{36}$/), generation: '1' });
  });
});

async function saved(
  store: S3CheckpointStore,
  state: string,
  previous: string | undefined,
): Promise<string> {
  const outcome = await store.save(0, Buffer.from(state), previous);
  if (outcome === 'conflict') throw new Error(`Saving ${state} met a conflict`);
  return outcome.tag;
}

async function textOf(bucket: string, key: string): Promise<string> {
  const { Body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
  return Body?.transformToString() ?? '';
}

async function backups(bucket: string): Promise<Record<string, string>> {
  const { Contents = [] } = await client.send(
    new ListObjectsV2Command({ Bucket: bucket, Prefix: 'backup/' }),
  );
  const found: Record<string, string> = {};
  for (const { Key = '' } of Contents) found[Key] = await textOf(bucket, Key);
  return found;
}
