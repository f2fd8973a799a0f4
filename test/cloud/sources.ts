import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  type Message,
  ReceiveMessageCommand,
} from '@aws-sdk/client-sqs';
import { type Clients, jsonCall, REGION } from './emulator.ts';
import { KinesisSources } from './kinesis.ts';
import { queueUrl, type Runner } from './lambda/runner.ts';
import type { SourceMapping } from './stack/deployed.ts';
import { meets } from './stack/pattern.ts';
import type { Visibility } from './visibility.ts';

interface StreamRecord {
  readonly eventID: string;
  readonly eventName: string;
  readonly dynamodb: { readonly SequenceNumber: string };
}

type Progress = 'idle' | 'moved' | 'stuck';

/** Lambda hands over at most 6 MB at once. */
const MAX_PAYLOAD = 6 * 1_048_576;

/** Event source mappings: polls queues and streams when told to, and starts functions. */
export class Sources {
  readonly #runner: Runner;
  readonly #aws: Clients;
  readonly #emulator: string;
  readonly #iterators = new Map<string, string>();
  /** Records of a stream that were read and not yet done. */
  readonly #pending = new Map<string, StreamRecord[]>();
  #mappings: readonly SourceMapping[] = [];
  readonly #kinesis: KinesisSources;
  readonly #visibility: Visibility;

  constructor(runner: Runner, aws: Clients, emulator: string, visibility: Visibility) {
    this.#visibility = visibility;
    this.#runner = runner;
    this.#aws = aws;
    this.#emulator = emulator;
    this.#kinesis = new KinesisSources(runner, emulator);
  }

  /** A stream that was mapped before goes on where it was. */
  set mappings(mappings: readonly SourceMapping[]) {
    this.#mappings = mappings;
  }

  /** One look at every source. `stuck`: all there was is a stream whose function fails. */
  async poll(): Promise<Progress> {
    await this.#visibility.release();
    const found = await Promise.all(
      this.#mappings.map((mapping) => {
        if (mapping.sourceArn.startsWith('arn:aws:sqs:')) return this.#pollQueue(mapping);
        if (mapping.sourceArn.startsWith('arn:aws:kinesis:')) return this.#kinesis.poll(mapping);
        return this.#pollStream(mapping);
      }),
    );
    return found.find((one) => one === 'moved') ?? found.find((one) => one === 'stuck') ?? 'idle';
  }

  async #pollQueue(mapping: SourceMapping): Promise<Progress> {
    const QueueUrl = queueUrl(mapping.sourceArn);
    const messages: Message[] = [];
    while (messages.length < mapping.batchSize) {
      const { Messages = [] } = await this.#aws.sqs.send(
        new ReceiveMessageCommand({
          QueueUrl,
          MaxNumberOfMessages: Math.min(10, mapping.batchSize - messages.length),
          MessageSystemAttributeNames: ['All'],
        }),
      );
      if (Messages.length === 0) break;
      messages.push(...Messages);
    }
    if (messages.length === 0) return 'idle';
    const event = { Records: messages.map((message) => queueRecord(message, mapping.sourceArn)) };
    const outcome = await this.#runner.invoke(mapping.functionName, event);
    const failed = outcome.ok && mapping.partial ? failuresOf(outcome.value) : [];
    for (const { ReceiptHandle, MessageId } of messages) {
      const keep = !outcome.ok || failed.includes(MessageId ?? '');
      if (keep && this.#visibility.isHidden(ReceiptHandle ?? '')) continue;
      // The queue's own patience would be minutes: what failed is seen again at once.
      const command = keep
        ? new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle, VisibilityTimeout: 0 })
        : new DeleteMessageCommand({ QueueUrl, ReceiptHandle });
      await this.#aws.sqs.send(command as DeleteMessageCommand);
    }
    return 'moved';
  }

  async #pollStream(mapping: SourceMapping): Promise<Progress> {
    const pending = [
      ...(this.#pending.get(mapping.sourceArn) ?? []),
      ...(await this.#read(mapping.sourceArn)),
    ].filter(
      (record) =>
        mapping.patterns.length === 0 ||
        mapping.patterns.some((pattern) => meets(pattern, record as never)),
    );
    if (pending.length === 0) return 'idle';
    const batch = cut(pending, mapping.batchSize);
    const done = await this.#process(mapping, batch);
    this.#pending.set(mapping.sourceArn, pending.slice(done));
    return done > 0 ? 'moved' : 'stuck';
  }

  async #read(arn: string): Promise<StreamRecord[]> {
    const ShardIterator = this.#iterators.get(arn) ?? (await this.#horizon(arn));
    const { Records, NextShardIterator } = await this.#stream<{
      Records: StreamRecord[];
      NextShardIterator: string;
    }>('GetRecords', { ShardIterator, Limit: 1_000 });
    this.#iterators.set(arn, NextShardIterator);
    return Records;
  }

  async #horizon(StreamArn: string): Promise<string> {
    const { StreamDescription } = await this.#stream<{
      StreamDescription: { Shards: { ShardId: string }[] };
    }>('DescribeStream', { StreamArn });
    const ShardId = StreamDescription.Shards[0]?.ShardId;
    const input = { StreamArn, ShardId, ShardIteratorType: 'TRIM_HORIZON' };
    return (await this.#stream<{ ShardIterator: string }>('GetShardIterator', input)).ShardIterator;
  }

  #stream<T>(action: string, input: object): Promise<T> {
    return jsonCall(this.#emulator, 'dynamodb', `DynamoDBStreams_20120810.${action}`, input);
  }

  /** @returns how many records from the front are done */
  async #process(mapping: SourceMapping, batch: readonly StreamRecord[]): Promise<number> {
    const Records = batch.map((record) => ({
      ...record,
      awsRegion: REGION,
      eventSource: 'aws:dynamodb',
      eventSourceARN: mapping.sourceArn,
    }));
    const outcome = await this.#runner.invoke(mapping.functionName, { Records });
    if (outcome.ok) return mapping.partial ? doneBefore(batch, outcome.value) : batch.length;
    if (!mapping.bisect || batch.length === 1) return 0;
    const half = Math.ceil(batch.length / 2);
    const first = await this.#process(mapping, batch.slice(0, half));
    if (first < half) return first;
    return half + (await this.#process(mapping, batch.slice(half)));
  }
}

function queueRecord(message: Message, arn: string) {
  return {
    messageId: message.MessageId,
    receiptHandle: message.ReceiptHandle,
    body: message.Body,
    attributes: message.Attributes,
    messageAttributes: {},
    md5OfBody: message.MD5OfBody,
    eventSource: 'aws:sqs',
    eventSourceARN: arn,
    awsRegion: REGION,
  };
}

function failuresOf(value: unknown): string[] {
  const failures = (value as { batchItemFailures?: { itemIdentifier: string }[] } | null)
    ?.batchItemFailures;
  return (failures ?? []).map((failure) => failure.itemIdentifier);
}

/** A stream goes back to the earliest record that failed. */
function doneBefore(batch: readonly StreamRecord[], value: unknown): number {
  const failed = new Set(failuresOf(value));
  const first = batch.findIndex((record) => failed.has(record.dynamodb.SequenceNumber));
  return first < 0 ? batch.length : first;
}

function cut(records: readonly StreamRecord[], batchSize: number): StreamRecord[] {
  const batch: StreamRecord[] = [];
  let size = 0;
  for (const record of records.slice(0, batchSize)) {
    size += Buffer.byteLength(JSON.stringify(record));
    if (size > MAX_PAYLOAD && batch.length > 0) break;
    batch.push(record);
  }
  return batch;
}
