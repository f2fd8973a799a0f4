/** What a deployment remembers, for who is not one of its functions. */
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import type { Snapshot } from '../../config/snapshot.ts';
import type { CheckpointStore } from '../../ports/checkpoint-store.ts';
import type { DigestLog } from '../../ports/digest-log.ts';
import type { Log } from '../../ports/log.ts';
import { endpointOf } from './clients.ts';
import { DynamoDigestLog } from './dynamo-digest-log.ts';
import { S3CheckpointStore } from './s3-checkpoint-store.ts';
import { snapshotPublisher } from './snapshot-publisher.ts';
import { SNAPSHOT_KEY } from './state-bucket.ts';

export interface DeployedStateOptions {
  readonly region?: string | undefined;
  readonly profile?: string | undefined;
  readonly table: string;
  readonly bucket: string;
  /** Unix ms. */
  readonly now: () => number;
  readonly log: Log;
}

/** The message is for a person. */
class DeployedStateError extends Error {
  override readonly name = 'DeployedStateError';
}

export class DeployedState {
  readonly digests: DigestLog;
  readonly checkpoints: CheckpointStore;
  readonly #s3: S3Client;
  readonly #bucket: string;

  constructor({ region, profile, table, bucket, now, log }: DeployedStateOptions) {
    const config = {
      ...(region === undefined ? {} : { region }),
      ...(profile === undefined ? {} : { profile }),
    };
    const forcePathStyle = endpointOf('s3', process.env) !== undefined;
    this.#s3 = new S3Client({ ...config, forcePathStyle });
    this.#bucket = bucket;
    this.digests = new DynamoDigestLog({ client: new DynamoDBClient(config), table });
    this.checkpoints = new S3CheckpointStore({ client: this.#s3, bucket, now, log });
  }

  /**
   * The published configuration; undefined where there is none.
   * @throws DeployedStateError when this version does not read it
   */
  async snapshot(): Promise<Snapshot | undefined> {
    const where = `s3://${this.#bucket}/${SNAPSHOT_KEY}`;
    let snapshot: Snapshot;
    try {
      const stored = await snapshotPublisher({ client: this.#s3, bucket: this.#bucket }).load();
      if (stored === undefined) return undefined;
      snapshot = JSON.parse(stored.text);
    } catch (error) {
      const { name, message } = error as Error;
      throw new DeployedStateError(`${where} cannot be read: ${name}: ${message}`);
    }
    if (snapshot.version !== 1) {
      throw new DeployedStateError(
        `${where} is a snapshot of version ${JSON.stringify(snapshot.version)}, and this version of flowlog-alerts reads version 1: use the version that is deployed`,
      );
    }
    return snapshot;
  }
}
