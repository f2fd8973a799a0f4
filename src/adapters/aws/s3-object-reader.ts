import { GetObjectCommand, type GetObjectCommandOutput, type S3Client } from '@aws-sdk/client-s3';
import {
  ObjectChangedError,
  type ObjectReader,
  type StoredObject,
} from '../../ports/object-reader.ts';
import { statusOf } from './s3-errors.ts';

/**
 * Bytes of one GET: a connection is done with before what it brought is worked on. Always the same,
 * so that the pieces of an object are.
 */
const PART = 8 * 1024 * 1024;

/** Reads objects by ranges; the next one while the present one is worked on. */
export class S3ObjectReader implements ObjectReader {
  readonly #client: S3Client;
  readonly #part: number;

  constructor({ client, part = PART }: { readonly client: S3Client; readonly part?: number }) {
    this.#client = client;
    this.#part = part;
  }

  async open(bucket: string, key: string): Promise<StoredObject | undefined> {
    const where = { Bucket: bucket, Key: key };
    let first: GetObjectCommandOutput;
    try {
      first = await this.#client.send(
        new GetObjectCommand({ ...where, Range: `bytes=0-${this.#part - 1}` }),
      );
    } catch (error) {
      if ((error as Error).name === 'NoSuchKey') return undefined;
      // What has no first byte is empty.
      if (statusOf(error) === 416) return emptyObject(bucket, key);
      throw explained(error, bucket, key);
    }
    const { ETag: etag } = first;
    if (etag === undefined) throw new Error(`S3 gave no ETag for s3://${bucket}/${key}`);
    const head = await bytesOf(first);
    const size = Number(/\/(\d+)$/.exec(first.ContentRange ?? '')?.[1] ?? head.length);
    return new S3Object({ bucket, key, etag, size }, head, this.#part, (from, to) =>
      this.#get(bucket, key, etag, from, to),
    );
  }

  async #get(
    bucket: string,
    key: string,
    etag: string,
    from: number,
    to: number,
  ): Promise<Uint8Array> {
    const Range = `bytes=${from}-${to - 1}`;
    try {
      return await bytesOf(
        await this.#client.send(
          new GetObjectCommand({ Bucket: bucket, Key: key, IfMatch: etag, Range }),
        ),
      );
    } catch (error) {
      throw explained(error, bucket, key);
    }
  }
}

interface Name {
  readonly bucket: string;
  readonly key: string;
  readonly etag: string;
  readonly size: number;
}

class S3Object implements StoredObject {
  readonly bucket: string;
  readonly key: string;
  readonly etag: string;
  readonly size: number;
  readonly #head: Uint8Array;
  readonly #part: number;
  readonly #get: (from: number, to: number) => Promise<Uint8Array>;

  constructor(
    { bucket, key, etag, size }: Name,
    head: Uint8Array,
    part: number,
    get: (from: number, to: number) => Promise<Uint8Array>,
  ) {
    this.bucket = bucket;
    this.key = key;
    this.etag = etag;
    this.size = size;
    this.#head = head;
    this.#part = part;
    this.#get = get;
  }

  async *pieces(): AsyncGenerator<Uint8Array> {
    let next: Promise<Uint8Array> = Promise.resolve(this.#head);
    for (let from = 0; from < this.size; from += this.#part) {
      const piece = await next;
      const after = from + this.#part;
      if (after < this.size) {
        next = this.#get(after, Math.min(this.size, after + this.#part));
        // Seen when its turn comes, or never where the reader has enough.
        next.catch(() => {});
      }
      yield piece;
    }
  }

  async range(from: number, to: number): Promise<ArrayBuffer> {
    if (from === to) return new ArrayBuffer(0);
    const bytes =
      to <= this.#head.length ? this.#head.subarray(from, to) : await this.#get(from, to);
    return new Uint8Array(bytes).buffer;
  }
}

function emptyObject(bucket: string, key: string): StoredObject {
  return {
    bucket,
    key,
    etag: '',
    size: 0,
    async *pieces() {},
    range: async () => new ArrayBuffer(0),
  };
}

async function bytesOf({ Body }: GetObjectCommandOutput): Promise<Uint8Array> {
  return (await Body?.transformToByteArray()) ?? new Uint8Array(0);
}

function explained(error: unknown, bucket: string, key: string): Error {
  const { name, message } = error as Error;
  const where = `s3://${bucket}/${key}`;
  if (statusOf(error) === 412 || name === 'NoSuchKey') {
    return new ObjectChangedError(`${where} was replaced or removed while it was read`, {
      cause: error,
    });
  }
  if (statusOf(error) === 403) {
    const needed = `allow s3:GetObject on it and s3:ListBucket on the bucket, and kms:Decrypt on its key (parameters buckets and bucketKeys)`;
    return new Error(`S3 refuses ${where} (${name}): ${needed}`, { cause: error });
  }
  return new Error(`S3 does not give ${where}: ${name}: ${message}`, { cause: error });
}
