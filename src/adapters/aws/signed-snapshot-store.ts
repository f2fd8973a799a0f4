import { gunzipSync } from 'node:zlib';
import type { Snapshot } from '../../config/snapshot.ts';
import type { SnapshotStore } from '../../ports/snapshot-store.ts';
import { refusedBy, type SignedAws, type SignedRequest } from './signed-aws.ts';
import { SNAPSHOT_KEY } from './state-bucket.ts';

/** Far above any configuration that Parameter Store can hold. */
const LARGEST_SNAPSHOT_BYTES = 256 * 1024 * 1024;

/** Reads the published configuration from the state bucket by one signed GET. */
export class SignedSnapshotStore implements SnapshotStore {
  readonly #bucket: string;
  readonly #aws: SignedAws;

  constructor({ bucket, aws }: { readonly bucket: string; readonly aws: SignedAws }) {
    this.#bucket = bucket;
    this.#aws = aws;
  }

  /** @throws Error when S3 refuses, or the object is not a snapshot that this version reads */
  async load(
    tag?: string,
  ): Promise<{ readonly snapshot: Snapshot; readonly tag: string } | 'unchanged' | undefined> {
    const request: SignedRequest = {
      service: 's3',
      method: 'GET',
      url: this.#aws.objectUrl(this.#bucket, SNAPSHOT_KEY),
      ...(tag === undefined ? {} : { headers: { 'if-none-match': tag } }),
    };
    const answer = await this.#aws.send(request);
    if (answer.status === 304) return 'unchanged';
    if (answer.status === 404 && !isMissingBucket(answer.body)) return undefined;
    if (answer.status === 403) {
      // Not taken for missing: the two need different hands, and either way the batch must wait.
      const { message } = refusedBy(request, answer);
      throw new Error(
        `${message}: allow s3:GetObject on it, and s3:ListBucket on the bucket, without which S3 says the same of a snapshot that is not published yet`,
      );
    }
    if (answer.status !== 200) throw refusedBy(request, answer);
    const next = answer.headers.get('etag');
    if (next === null) throw new Error(`S3 gave no ETag for ${request.url}`);
    return { snapshot: this.#parse(answer.body), tag: next };
  }

  #parse(body: Uint8Array): Snapshot {
    const where = `s3://${this.#bucket}/${SNAPSHOT_KEY}`;
    let value: { readonly version?: unknown } | null;
    try {
      // With Content-Encoding set on the object, fetch has unzipped it already.
      const json = isGzip(body)
        ? gunzipSync(body, { maxOutputLength: LARGEST_SNAPSHOT_BYTES })
        : body;
      value = JSON.parse(new TextDecoder().decode(json));
    } catch (cause) {
      throw new Error(`${where} is damaged: ${(cause as Error).message}`, { cause });
    }
    if (value?.version !== 1) {
      throw new Error(
        `${where} is a snapshot of version ${JSON.stringify(value?.version)}, and this version of flowlog-alerts reads version 1: deploy all functions together`,
      );
    }
    return value as Snapshot;
  }
}

function isGzip(body: Uint8Array): boolean {
  return body[0] === 0x1f && body[1] === 0x8b;
}

function isMissingBucket(body: Uint8Array): boolean {
  return new TextDecoder().decode(body).includes('<Code>NoSuchBucket<');
}
