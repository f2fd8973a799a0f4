import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, expect, test } from '@jest/globals';
import { s3Config } from '../../../src/adapters/aws/clients.ts';
import { S3ObjectReader } from '../../../src/adapters/aws/s3-object-reader.ts';
import { runContract } from '../../contracts/object-reader.ts';
import { newBucket } from './emulator.ts';

const client = new S3Client(s3Config());

afterAll(() => client.destroy());

const put = (Bucket: string) => async (Key: string, Body: Uint8Array) => {
  await client.send(new PutObjectCommand({ Bucket, Key, Body }));
};

runContract({
  name: 'S3ObjectReader',
  make: async () => {
    const bucket = await newBucket(client);
    return { reader: new S3ObjectReader({ client, part: 1_000 }), bucket, put: put(bucket) };
  },
});

test('an object that is replaced while it is read is an error, never a mixture', async () => {
  const bucket = await newBucket(client);
  await put(bucket)('a', Buffer.alloc(2_500, 'a'));
  const object = await new S3ObjectReader({ client, part: 1_000 }).open(bucket, 'a');
  await put(bucket)('a', Buffer.alloc(2_500, 'b'));
  const read = async () => {
    for await (const _ of object?.pieces() ?? []);
  };
  await expect(read()).rejects.toThrow(`s3://${bucket}/a was replaced or removed`);
  await expect(object?.range(1_500, 1_600)).rejects.toThrow('was replaced or removed');
});

test('a refusal says what to allow', async () => {
  const denied = Object.assign(new Error('Access Denied'), {
    name: 'AccessDenied',
    $metadata: { httpStatusCode: 403 },
  });
  const refusing = { send: async () => Promise.reject(denied) } as unknown as S3Client;
  const asked = new S3ObjectReader({ client: refusing }).open('logs', 'a');
  await expect(asked).rejects.toThrow(
    'S3 refuses s3://logs/a (AccessDenied): allow s3:GetObject on it and s3:ListBucket on the bucket',
  );
});

test('a bucket that is not there is an error: it is not the object that is missing', async () => {
  const asked = new S3ObjectReader({ client }).open('no-such-bucket-of-ours', 'a');
  await expect(asked).rejects.toThrow(
    'S3 does not give s3://no-such-bucket-of-ours/a: NoSuchBucket',
  );
});
