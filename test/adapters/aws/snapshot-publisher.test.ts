import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { s3Config } from '../../../src/adapters/aws/clients.ts';
import { SignedAws } from '../../../src/adapters/aws/signed-aws.ts';
import { SignedSnapshotStore } from '../../../src/adapters/aws/signed-snapshot-store.ts';
import {
  CONFIG_STATE_KEY,
  configState,
  snapshotPublisher,
} from '../../../src/adapters/aws/snapshot-publisher.ts';
import { checkTree } from '../../../src/config/check.ts';
import type { VersionedText } from '../../../src/ports/versioned-text.ts';
import { runContract } from '../../contracts/versioned-text.ts';
import {
  type FaultProxy,
  inTurn,
  type ProxiedCall,
  startFaultProxy,
} from '../../moto/fault-proxy.ts';
import { ENDPOINT, newBucket } from './emulator.ts';

const client = new S3Client(s3Config());
let proxy: FaultProxy;
let faulty: S3Client;
let bucket: string;

beforeAll(async () => {
  proxy = await startFaultProxy(ENDPOINT);
  faulty = new S3Client({ ...s3Config(), endpoint: proxy.endpoint, forcePathStyle: true });
});
afterAll(async () => {
  client.destroy();
  faulty.destroy();
  await proxy.stop();
});
beforeEach(async () => {
  proxy.clear();
  bucket = await newBucket(client);
});

const open = (s3 = client) => snapshotPublisher({ client: s3, bucket });

async function saved(store: VersionedText, text: string, previous?: string): Promise<string> {
  const result = await store.save(text, previous);
  if (result === 'conflict') throw new Error(`the save of ${text} met a conflict`);
  return result.tag;
}

for (const [name, at] of Object.entries({ snapshotPublisher, configState })) {
  runContract({
    name,
    async make() {
      const bucket = await newBucket(client);
      return () => at({ client, bucket });
    },
  });
}

test('Snapshot and state are objects of their own', async () => {
  await saved(open(), 'snapshot');
  await saved(configState({ client, bucket }), 'state');
  expect((await open().load())?.text).toBe('snapshot');
  const { Body } = await client.send(
    new GetObjectCommand({ Bucket: bucket, Key: CONFIG_STATE_KEY }),
  );
  expect([...((await Body?.transformToByteArray()) ?? [])].slice(0, 2)).toEqual([0x1f, 0x8b]);
});

test('The hot functions read what is published', async () => {
  const { snapshot } = checkTree([
    { path: 'rules/a', text: 'match: { dstport: 22 }', origin: 'a.yaml' },
  ]);
  await saved(open(), JSON.stringify(snapshot));
  const store = new SignedSnapshotStore({ bucket, aws: new SignedAws({}) });
  expect(await store.load()).toMatchObject({ snapshot });
});

test('An object that is damaged is an error that says what to do', async () => {
  await client.send(new PutObjectCommand({ Bucket: bucket, Key: CONFIG_STATE_KEY, Body: 'x' }));
  await expect(configState({ client, bucket }).load()).rejects.toThrow(
    `s3://${bucket}/${CONFIG_STATE_KEY} is damaged`,
  );
});

test('A bucket that is not there is an error, not a missing snapshot', async () => {
  const store = snapshotPublisher({ client, bucket: 'no-such-bucket' });
  await expect(store.load()).rejects.toMatchObject({ name: 'NoSuchBucket' });
});

describe('on a bad connection', () => {
  const puts = (call: ProxiedCall) => call.operation === 'PutObject';

  test('A save whose answer is lost is known as done', async () => {
    proxy.onCall(inTurn(puts, 'fail-after'));
    const tag = await saved(open(faulty), 'one');
    expect(await open().load()).toEqual({ text: 'one', tag });
    proxy.onCall(inTurn(puts, 'fail-after'));
    await saved(open(faulty), 'two', tag);
    expect((await open().load())?.text).toBe('two');
  });

  test.each(['fail-before', 'throttle', 'unavailable'] as const)(
    'A save that meets %s is tried again',
    async (fate) => {
      proxy.onCall(inTurn(puts, fate));
      await saved(open(faulty), 'one');
      expect((await open().load())?.text).toBe('one');
    },
  );

  test('Without the right to list, a missing object answers 403 and is found missing', async () => {
    proxy.onCall((call) => (call.operation === 'GetObject' ? 'deny' : 'pass'));
    expect(await open(faulty).load()).toBeUndefined();
  });

  test('A save that is refused throws', async () => {
    proxy.onCall((call) => (puts(call) ? 'deny' : 'pass'));
    await expect(open(faulty).save('one', undefined)).rejects.toMatchObject({
      name: 'AccessDenied',
    });
  });
});
