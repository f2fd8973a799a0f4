/** Map among its ports, for flow logs in S3: a queue's messages in, digests of their objects out. */
import { backOff } from '../alerts/back-off.ts';
import type { MessageQueue, QueueMessage } from '../ports/message-queue.ts';
import type { DeadLetters } from '../ports/notifier.ts';
import type { ObjectReader, StoredObject } from '../ports/object-reader.ts';
import { UnreadableBatchError } from './1-decode/gunzip.ts';
import { messageOf, type NewObject, newObjectsOf } from './1-decode/object-events.ts';
import { sourceOfObject } from './1-decode/object-source.ts';
import { batchesOfObject } from './1-decode/objects.ts';
import {
  DigestWriter,
  type MapRules,
  type WriterOptions,
  type WriterPorts,
} from './digest-writer.ts';
import type { Mapped } from './map.ts';

export interface IngestObjectsPorts extends WriterPorts {
  readonly objects: ObjectReader;
  readonly queue: MessageQueue;
  readonly deadLetters: DeadLetters;
}

export interface IngestObjectsOptions extends WriterOptions {
  /** Unpacked bytes that are mapped together, 8 MiB unless given; the same for ever. */
  readonly chunk?: number;
}

/** What nobody can read, with the message that would bring it again. */
interface Letter {
  readonly error: UnreadableBatchError;
  readonly body: string;
}

/** What one object came to. */
interface Totals {
  records: number;
  malformed: number;
  chunks: number;
  digests: number;
}

/** The function's time is over; what is not done comes again. */
class OutOfTimeError extends Error {
  override readonly name = 'OutOfTimeError';
}

export class IngestObjects {
  readonly #ports: IngestObjectsPorts;
  readonly #options: IngestObjectsOptions;
  readonly #writer: DigestWriter;

  constructor(ports: IngestObjectsPorts, options: IngestObjectsOptions) {
    this.#ports = ports;
    this.#options = options;
    this.#writer = new DigestWriter(ports, options);
  }

  /**
   * Takes messages in their order.
   * @param deadline Unix ms by which no chunk is begun any more
   * @returns ids of the messages that must come again
   * @throws when the configuration cannot be reached: all of them must come again
   */
  async run(messages: readonly QueueMessage[], deadline: number): Promise<string[]> {
    const rules = await this.#writer.rules();
    const began = this.#ports.now();
    const again: string[] = [];
    for (const message of messages) {
      try {
        // Only what had all of the time there is, and still is not done, never will be.
        await this.#message(message, rules, { deadline, alone: message === messages[0] });
      } catch (error) {
        again.push(message.id);
        await this.#later(message, error as Error);
      }
    }
    const seconds = (this.#ports.now() - began) / 1000;
    this.#ports.log('info', 'objects', { messages: messages.length, again: again.length, seconds });
    return again;
  }

  async #message(
    message: QueueMessage,
    rules: MapRules,
    time: { readonly deadline: number; readonly alone: boolean },
  ): Promise<void> {
    const letters: Letter[] = [];
    let news: readonly NewObject[] = [];
    try {
      news = newObjectsOf(message.body);
    } catch (error) {
      letters.push({ error: asUnreadable(error), body: message.body });
    }
    for (const [i, one] of news.entries()) {
      try {
        await this.#object(one, rules, { ...time, alone: time.alone && i === 0 });
      } catch (error) {
        letters.push({ error: asUnreadable(error), body: messageOf(one.bucket, one.keys[0]) });
      }
    }
    // Not before all are done: a message that comes again would park them again.
    for (const letter of letters) await this.#park(letter);
  }

  async #object(
    news: NewObject,
    rules: MapRules,
    time: { readonly deadline: number; readonly alone: boolean },
  ): Promise<void> {
    if (this.#ports.now() >= time.deadline)
      throw new OutOfTimeError('its turn did not come in time');
    const object = await this.#open(news);
    const source = sourceOfObject(object.bucket, object.key);
    const totals: Totals = { records: 0, malformed: 0, chunks: 0, digests: 0 };
    const where = `s3://${object.bucket}/${object.key}`;
    try {
      await this.#chunks(object, source, rules, totals, time);
    } catch (error) {
      if (!(error instanceof UnreadableBatchError)) throw error;
      // What was counted stays so: the same chunks of the same object are known when it comes again.
      const { reason, message } = error;
      const counted = `${totals.records} records before it are counted`;
      throw new UnreadableBatchError(reason, `${where}: ${message}; ${counted}`, { cause: error });
    }
    this.#ports.log('info', 'object', { object: where, bytes: object.size, ...totals });
  }

  async #open({ bucket, keys }: NewObject): Promise<StoredObject> {
    for (const key of keys) {
      const object = await this.#ports.objects.open(bucket, key);
      if (object) return object;
    }
    throw new UnreadableBatchError(
      'no-such-object',
      `s3://${bucket}/${keys[0]} is not there: removed, or expired before it was read`,
    );
  }

  async #chunks(
    object: StoredObject,
    source: ReturnType<typeof sourceOfObject>,
    rules: MapRules,
    totals: Totals,
    { deadline, alone }: { readonly deadline: number; readonly alone: boolean },
  ): Promise<void> {
    const batches = batchesOfObject(object, source, {
      layoutsOf: ({ name }) => rules.layouts.of(name),
      ...(this.#options.chunk !== undefined && { chunk: this.#options.chunk }),
    });
    for await (const { batch, described } of batches) {
      if (this.#ports.now() >= deadline) throw tooSlow(alone);
      const mapped = rules.mapper.map(batch);
      if (!described && totals.chunks === 0) refuseForeign(mapped);
      const entries = await this.#writer.write(batch, mapped, batch.lines.bytes.length, rules);
      totals.records += mapped.counts.records;
      totals.malformed += mapped.counts.malformed;
      totals.digests += entries.length;
      totals.chunks++;
    }
  }

  /** Waits longer each time; where the queue cannot be told, its own time holds. */
  async #later(message: QueueMessage, error: Error): Promise<void> {
    const outOfTime = error instanceof OutOfTimeError;
    const seconds = outOfTime ? 1 : backOff(message.receives) / 1000;
    this.#ports.log(outOfTime ? 'info' : 'error', 'object-again', {
      reason: error.message,
      receives: message.receives,
      seconds,
    });
    await this.#ports.queue.hide(message, seconds).catch((cause: Error) => {
      this.#ports.log('warn', 'message-not-hidden', { reason: cause.message });
    });
  }

  async #park({ error: { reason, message }, body }: Letter): Promise<void> {
    this.#ports.log('error', 'object-unreadable', { reason, message });
    await this.#ports.deadLetters.park({ kind: 'batch', reason: `${reason}: ${message}`, body });
  }
}

/** @throws whatever else it is: that is tried again */
function asUnreadable(error: unknown): UnreadableBatchError {
  if (error instanceof UnreadableBatchError) return error;
  throw error;
}

/** Without a header and without one line that could be a record, it is something else. */
function refuseForeign({ counts }: Mapped): void {
  const { records, noData, skipData, malformed } = counts;
  if (records + noData + skipData > 0 || malformed === 0) return;
  throw new UnreadableBatchError(
    'not-a-flow-log',
    `no header names its fields and none of its first ${malformed} lines is a record; if it is a flow log without a header, give its format in settings under formats`,
  );
}

function tooSlow(alone: boolean): Error {
  if (!alone) return new OutOfTimeError('the time of this run is over');
  return new UnreadableBatchError('too-large', 'it takes longer than the function objects may run');
}
