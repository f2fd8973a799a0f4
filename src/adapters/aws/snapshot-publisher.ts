import { randomUUID } from 'node:crypto';
import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import {
  GetObjectCommand,
  HeadObjectCommand,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import type { StoredText, VersionedText } from '../../ports/versioned-text.ts';
import { isRefusedForGood, statusOf } from './s3-errors.ts';
import { SNAPSHOT_KEY } from './state-bucket.ts';

/** Last good versions and notices told, gzipped JSON. */
export const CONFIG_STATE_KEY = 'config-state.json.gz';

/** Far above any configuration that Parameter Store can hold. */
const LARGEST_TEXT_BYTES = 256 * 1024 * 1024;

interface Bucket {
  readonly client: S3Client;
  readonly bucket: string;
}

/** The snapshot that the hot functions read. */
export function snapshotPublisher({ client, bucket }: Bucket): VersionedText {
  return new S3VersionedText({ client, bucket, key: SNAPSHOT_KEY });
}

/** What `reconcile` remembers. */
export function configState({ client, bucket }: Bucket): VersionedText {
  return new S3VersionedText({ client, bucket, key: CONFIG_STATE_KEY });
}

/** A gzipped text in S3, replaced under If-Match. */
class S3VersionedText implements VersionedText {
  readonly #client: S3Client;
  readonly #object: { readonly Bucket: string; readonly Key: string };

  constructor({ client, bucket, key }: Bucket & { readonly key: string }) {
    this.#client = client;
    this.#object = { Bucket: bucket, Key: key };
  }

  async load(): Promise<StoredText | undefined> {
    try {
      const { Body, ETag } = await this.#client.send(new GetObjectCommand(this.#object));
      if (!Body || ETag === undefined) throw new Error(`S3 gave no ETag for ${this.#where()}`);
      return { text: await this.#unzip(await Body.transformToByteArray()), tag: ETag };
    } catch (error) {
      // Without s3:ListBucket a missing key answers 403; a save then shows whether it is missing.
      const missing = (error as Error).name === 'NoSuchKey' || statusOf(error) === 403;
      if (!missing) throw error;
      return undefined;
    }
  }

  async save(
    text: string,
    previous: string | undefined,
  ): Promise<{ readonly tag: string } | 'conflict'> {
    const writer = randomUUID();
    const put = new PutObjectCommand({
      ...this.#object,
      Body: await promisify(gzip)(text),
      ContentType: 'application/gzip',
      Metadata: { writer },
      ...(previous === undefined ? { IfNoneMatch: '*' } : { IfMatch: previous }),
    });
    try {
      const { ETag } = await this.#client.send(put);
      if (ETag === undefined) throw new Error(`S3 gave no ETag for ${this.#where()}`);
      return { tag: ETag };
    } catch (error) {
      const status = statusOf(error);
      const conflict = status === 412 || status === 409 || (error as Error).name === 'NoSuchKey';
      if (!conflict && isRefusedForGood(error)) throw error;
      // The answer to the first attempt may have been lost, and the second met its own object.
      const own = await this.#tagOf(writer);
      if (own !== undefined) return { tag: own };
      if (conflict) return 'conflict';
      throw error;
    }
  }

  async #tagOf(writer: string): Promise<string | undefined> {
    try {
      const { ETag, Metadata } = await this.#client.send(new HeadObjectCommand(this.#object));
      return Metadata?.writer === writer ? ETag : undefined;
    } catch (error) {
      const status = statusOf(error);
      if (status !== 403 && status !== 404) throw error;
      return undefined;
    }
  }

  async #unzip(body: Uint8Array): Promise<string> {
    try {
      const bytes = await promisify(gunzip)(body, { maxOutputLength: LARGEST_TEXT_BYTES });
      return bytes.toString('utf8');
    } catch (cause) {
      const message = `${this.#where()} is damaged: ${(cause as Error).message}. Delete it, and the next run makes it anew`;
      throw new Error(message, { cause });
    }
  }

  #where(): string {
    return `s3://${this.#object.Bucket}/${this.#object.Key}`;
  }
}
