import { randomUUID } from 'node:crypto';
import {
  GetObjectCommand,
  HeadObjectCommand,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import type { CheckpointStore, StoredCheckpoint } from '../../ports/checkpoint-store.ts';
import type { Log } from '../../ports/log.ts';
import { HourlyBackup } from './checkpoint-backup.ts';
import { isRefusedForGood, statusOf } from './s3-errors.ts';
import { checkpointKey } from './state-bucket.ts';

export interface S3CheckpointStoreOptions {
  readonly client: S3Client;
  readonly bucket: string;
  /** Unix ms; names the hour of a backup. */
  readonly now: () => number;
  readonly log: Log;
}

/**
 * Checkpoints in S3: `checkpoint/{shard}`, replaced under If-Match. Every save carries the writer's
 * nonce and a generation in its metadata, so that a save whose answer was lost, and which the
 * SDK's retry then finds refused by itself, is known as done.
 */
export class S3CheckpointStore implements CheckpointStore {
  readonly #client: S3Client;
  readonly #bucket: string;
  readonly #backup: HourlyBackup;
  readonly #writer = randomUUID();
  #generation = 0;
  /** Shards whose object was not there or not readable, S3 does not say which. */
  readonly #forbidden = new Set<number>();

  constructor({ client, bucket, now, log }: S3CheckpointStoreOptions) {
    this.#client = client;
    this.#bucket = bucket;
    this.#backup = new HourlyBackup({ client, bucket, now, log });
  }

  async load(shard: number): Promise<StoredCheckpoint | undefined> {
    const command = new GetObjectCommand({ Bucket: this.#bucket, Key: checkpointKey(shard) });
    try {
      const { Body, ETag } = await this.#client.send(command);
      if (Body === undefined || ETag === undefined) {
        throw new Error(`S3 answered for ${this.#where(shard)} without a body or an ETag`);
      }
      const body = await Body.transformToByteArray();
      this.#forbidden.delete(shard);
      return { body, tag: ETag };
    } catch (error) {
      if (isNamed(error, 'NoSuchKey')) return undefined;
      // Without s3:ListBucket a missing key answers 403. A save then proves that it is missing.
      if (statusOf(error) !== 403) throw error;
      this.#forbidden.add(shard);
      return undefined;
    }
  }

  /**
   * @throws Error when a checkpoint is there that this function may not read: starting afresh
   *   beside it would forget every alert that it holds
   */
  async save(
    shard: number,
    body: Uint8Array,
    previous: string | undefined,
  ): Promise<{ readonly tag: string } | 'conflict'> {
    const generation = String(++this.#generation);
    const saved = await this.#put(shard, body, previous, generation);
    if (saved !== 'conflict') {
      this.#forbidden.delete(shard);
      await this.#backup.save(shard, body);
    } else if (this.#forbidden.has(shard)) {
      throw new Error(
        `The checkpoint ${this.#where(shard)} is there but may not be read: allow s3:GetObject on it (and kms:Decrypt on its key, if it has one)`,
      );
    }
    return saved;
  }

  async #put(
    shard: number,
    body: Uint8Array,
    previous: string | undefined,
    generation: string,
  ): Promise<{ readonly tag: string } | 'conflict'> {
    const command = new PutObjectCommand({
      Bucket: this.#bucket,
      Key: checkpointKey(shard),
      Body: body,
      ContentType: 'application/octet-stream',
      Metadata: { writer: this.#writer, generation },
      ...(previous === undefined ? { IfNoneMatch: '*' } : { IfMatch: previous }),
    });
    try {
      const { ETag } = await this.#client.send(command);
      if (ETag === undefined) throw new Error(`S3 gave no ETag for ${this.#where(shard)}`);
      return { tag: ETag };
    } catch (error) {
      const status = statusOf(error);
      // If-Match on an object that has gone: whoever removed it, this state is not the latest.
      if (isNamed(error, 'NoSuchKey')) return 'conflict';
      const conflict = status === 412 || status === 409;
      if (!conflict && isRefusedForGood(error)) throw error;
      const own = await this.#tagOfOwn(shard, generation, conflict);
      if (own !== undefined) return { tag: own };
      if (conflict) return 'conflict';
      throw error;
    }
  }

  /** The object's tag if this very save made it. */
  async #tagOfOwn(
    shard: number,
    generation: string,
    mustKnow: boolean,
  ): Promise<string | undefined> {
    const command = new HeadObjectCommand({ Bucket: this.#bucket, Key: checkpointKey(shard) });
    try {
      const { ETag, Metadata } = await this.#client.send(command);
      const own = Metadata?.writer === this.#writer && Metadata.generation === generation;
      return own ? ETag : undefined;
    } catch (error) {
      const status = statusOf(error);
      if (mustKnow && status !== 403 && status !== 404) throw error;
      return undefined;
    }
  }

  #where(shard: number): string {
    return `s3://${this.#bucket}/${checkpointKey(shard)}`;
  }
}

function isNamed(error: unknown, name: string): boolean {
  return error instanceof Error && error.name === name;
}
