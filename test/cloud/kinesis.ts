import { jsonCall, REGION } from './emulator.ts';
import type { Runner } from './lambda/runner.ts';
import type { SourceMapping } from './stack/deployed.ts';

interface KinesisRecord {
  readonly SequenceNumber: string;
  readonly ApproximateArrivalTimestamp: number;
  readonly Data: string;
  readonly PartitionKey: string;
}

type Progress = 'idle' | 'moved' | 'stuck';

interface Shard {
  iterator: string;
  /** Read and not yet done. */
  pending: KinesisRecord[];
}

/** Lambda's event source mappings of Kinesis streams, all from the beginning. */
export class KinesisSources {
  readonly #runner: Runner;
  readonly #emulator: string;
  readonly #shards = new Map<string, Map<string, Shard>>();

  constructor(runner: Runner, emulator: string) {
    this.#runner = runner;
    this.#emulator = emulator;
  }

  /** One look at every shard of a stream. */
  async poll(mapping: SourceMapping): Promise<Progress> {
    const found: Progress[] = [];
    for (const [id, shard] of await this.#open(mapping.sourceArn)) {
      found.push(await this.#pollShard(mapping, id, shard));
    }
    return found.find((one) => one === 'moved') ?? found.find((one) => one === 'stuck') ?? 'idle';
  }

  async #pollShard(mapping: SourceMapping, id: string, shard: Shard): Promise<Progress> {
    const { Records, NextShardIterator } = await this.#call<{
      Records: KinesisRecord[];
      NextShardIterator: string;
    }>('GetRecords', { ShardIterator: shard.iterator, Limit: 1_000 });
    shard.iterator = NextShardIterator;
    shard.pending.push(...Records);
    if (shard.pending.length === 0) return 'idle';
    const done = await this.#process(mapping, id, shard.pending.slice(0, mapping.batchSize));
    shard.pending.splice(0, done);
    return done > 0 ? 'moved' : 'stuck';
  }

  /** @returns how many records from the front are done */
  async #process(
    mapping: SourceMapping,
    shard: string,
    batch: readonly KinesisRecord[],
  ): Promise<number> {
    const Records = batch.map((record) => eventRecord(record, shard, mapping.sourceArn));
    const outcome = await this.#runner.invoke(mapping.functionName, { Records });
    if (outcome.ok) {
      const { batchItemFailures = [] } = (outcome.value ?? {}) as {
        batchItemFailures?: { itemIdentifier: string }[];
      };
      const failed = new Set(batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
      const first = batch.findIndex(({ SequenceNumber }) => failed.has(SequenceNumber));
      return first < 0 ? batch.length : first;
    }
    if (!mapping.bisect || batch.length === 1) return 0;
    const half = Math.ceil(batch.length / 2);
    const first = await this.#process(mapping, shard, batch.slice(0, half));
    return first < half ? first : half + (await this.#process(mapping, shard, batch.slice(half)));
  }

  async #open(arn: string): Promise<Map<string, Shard>> {
    const known = this.#shards.get(arn);
    if (known) return known;
    const shards = new Map<string, Shard>();
    const { Shards } = await this.#call<{ Shards: { ShardId: string }[] }>('ListShards', {
      StreamName: arn.split('/')[1],
    });
    for (const { ShardId } of Shards) {
      const { ShardIterator } = await this.#call<{ ShardIterator: string }>('GetShardIterator', {
        StreamName: arn.split('/')[1],
        ShardId,
        ShardIteratorType: 'TRIM_HORIZON',
      });
      shards.set(ShardId, { iterator: ShardIterator, pending: [] });
    }
    this.#shards.set(arn, shards);
    return shards;
  }

  #call<T>(action: string, input: object): Promise<T> {
    return jsonCall(this.#emulator, 'kinesis', `Kinesis_20131202.${action}`, input);
  }
}

function eventRecord(record: KinesisRecord, shard: string, arn: string) {
  const { SequenceNumber, ApproximateArrivalTimestamp, Data, PartitionKey } = record;
  return {
    kinesis: {
      kinesisSchemaVersion: '1.0',
      partitionKey: PartitionKey,
      sequenceNumber: SequenceNumber,
      data: Data,
      approximateArrivalTimestamp: ApproximateArrivalTimestamp,
    },
    eventSource: 'aws:kinesis',
    eventVersion: '1.0',
    eventID: `${shard}:${SequenceNumber}`,
    eventName: 'aws:kinesis:record',
    eventSourceARN: arn,
    awsRegion: REGION,
  };
}
