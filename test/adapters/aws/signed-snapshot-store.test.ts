import { gzipSync } from 'node:zlib';
import { DeleteObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { s3Config } from '../../../src/adapters/aws/clients.ts';
import { SignedAws } from '../../../src/adapters/aws/signed-aws.ts';
import { SignedSnapshotStore } from '../../../src/adapters/aws/signed-snapshot-store.ts';
import { runContract, snapshotWith } from '../../contracts/snapshot-store.ts';
import { type FaultProxy, inTurn, startFaultProxy } from '../../moto/fault-proxy.ts';
import { ENDPOINT, newBucket } from './emulator.ts';

const client = new S3Client(s3Config());
afterAll(() => client.destroy());

async function put(Bucket: string, Body: Uint8Array, ContentEncoding?: string): Promise<void> {
  await client.send(
    new PutObjectCommand({
      Bucket,
      Key: 'snapshot.json.gz',
      Body,
      ...(ContentEncoding === undefined ? {} : { ContentEncoding }),
    }),
  );
}

const zipped = (value: unknown) => gzipSync(JSON.stringify(value));

for (const encoding of [undefined, 'gzip']) {
  runContract({
    name: `SignedSnapshotStore, objects ${encoding ? 'with' : 'without'} Content-Encoding,`,
    async make() {
      const bucket = await newBucket(client);
      return {
        store: new SignedSnapshotStore({ bucket, aws: new SignedAws() }),
        publish: (snapshot) => put(bucket, zipped(snapshot), encoding),
        async withdraw() {
          await client.send(new DeleteObjectCommand({ Bucket: bucket, Key: 'snapshot.json.gz' }));
        },
      };
    },
  });
}

describe('SignedSnapshotStore', () => {
  let proxy: FaultProxy;
  let bucket: string;
  let store: SignedSnapshotStore;

  beforeAll(async () => {
    proxy = await startFaultProxy(ENDPOINT);
  });
  afterAll(() => proxy.stop());
  beforeEach(async () => {
    proxy.clear();
    bucket = await newBucket(client);
    const env = { ...process.env, AWS_ENDPOINT_URL_S3: proxy.endpoint };
    store = new SignedSnapshotStore({ bucket, aws: new SignedAws({ env, sleep: async () => {} }) });
  });

  const any = () => true;

  test('loads by one call', async () => {
    await put(bucket, zipped(snapshotWith(60)));
    await store.load();
    expect(proxy.calls()).toEqual([
      { service: 's3', operation: 'GetObject', resource: `${bucket}/snapshot.json.gz` },
    ]);
  });

  test.each(['fail-before', 'fail-after', 'throttle', 'unavailable'] as const)(
    'a load that meets %s is tried again',
    async (fate) => {
      await put(bucket, zipped(snapshotWith(60)));
      proxy.onCall(inTurn(any, fate, fate, fate, fate));
      expect(await store.load()).toMatchObject({ snapshot: snapshotWith(60) });
      expect(proxy.calls()).toHaveLength(5);
    },
  );

  test('a load that never gets through throws after five attempts', async () => {
    proxy.onCall(() => 'unavailable');
    await expect(store.load()).rejects.toThrow(
      `AWS answered 503 ServiceUnavailable to GET ${proxy.endpoint}/${bucket}/snapshot.json.gz`,
    );
    expect(proxy.calls()).toHaveLength(5);
    proxy.onCall(() => 'fail-before');
    await expect(store.load()).rejects.toThrow(/^No answer to GET .* in 5 attempts: /);
  });

  test('a refusal is an error at once, not a missing snapshot', async () => {
    proxy.onCall(() => 'deny');
    await expect(store.load()).rejects.toThrow(/403 AccessDenied .* allow s3:GetObject/);
    expect(proxy.calls()).toHaveLength(1);
  });

  test('a bucket that is not there is an error, not a missing snapshot', async () => {
    const lost = new SignedSnapshotStore({ bucket: 'no-such-bucket', aws: new SignedAws() });
    await expect(lost.load()).rejects.toThrow('404 NoSuchBucket');
  });

  test('a damaged object is named', async () => {
    await put(bucket, zipped(snapshotWith(60)).subarray(0, 40));
    await expect(store.load()).rejects.toThrow(`s3://${bucket}/snapshot.json.gz is damaged`);
  });

  test.each([2, '1', undefined])('a snapshot of version %p is refused', async (version) => {
    await put(bucket, zipped({ ...snapshotWith(60), version }));
    await expect(store.load()).rejects.toThrow('reads version 1: deploy all functions together');
  });

  test('an object that is no snapshot at all is refused', async () => {
    await put(bucket, zipped(null));
    await expect(store.load()).rejects.toThrow('is a snapshot of version undefined');
  });
});
