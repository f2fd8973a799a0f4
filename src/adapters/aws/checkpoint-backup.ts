import { PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import type { Log } from '../../ports/log.ts';
import { statusOf } from './s3-errors.ts';
import { backupKey } from './state-bucket.ts';

const HOUR_MS = 3_600_000;
/** A backup that fails is not tried at every save. */
const RETRY_AFTER_MS = 300_000;
/** The checkpoint is saved already; what waits for the backup is the next batch. */
const TIME_LIMIT_MS = 5_000;

/**
 * Keeps the first checkpoint of each hour as `backup/{shard}/{yyyy-mm-ddThh}`, UTC. The bucket's
 * lifecycle rule removes them. A failure is logged and never reaches the caller.
 */
export class HourlyBackup {
  readonly #client: S3Client;
  readonly #bucket: string;
  readonly #now: () => number;
  readonly #log: Log;
  /** When each shard's next backup is due, Unix ms. */
  readonly #due = new Map<number, number>();

  constructor(options: {
    readonly client: S3Client;
    readonly bucket: string;
    readonly now: () => number;
    readonly log: Log;
  }) {
    this.#client = options.client;
    this.#bucket = options.bucket;
    this.#now = options.now;
    this.#log = options.log;
  }

  async save(shard: number, body: Uint8Array): Promise<void> {
    const now = this.#now();
    if (now < (this.#due.get(shard) ?? 0)) return;
    const nextHour = (Math.floor(now / HOUR_MS) + 1) * HOUR_MS;
    const key = backupKey(shard, now);
    try {
      await this.#client.send(
        new PutObjectCommand({
          Bucket: this.#bucket,
          Key: key,
          Body: body,
          ContentType: 'application/octet-stream',
          // Another instance may have kept this hour before.
          IfNoneMatch: '*',
        }),
        { abortSignal: AbortSignal.timeout(TIME_LIMIT_MS) },
      );
      this.#due.set(shard, nextHour);
    } catch (error) {
      if (statusOf(error) === 412) {
        this.#due.set(shard, nextHour);
        return;
      }
      this.#due.set(shard, now + RETRY_AFTER_MS);
      this.#log('warn', 'checkpoint.backup.failed', {
        shard,
        key,
        bucket: this.#bucket,
        error: error instanceof Error ? `${error.name}: ${error.message}` : String(error),
      });
    }
  }
}
