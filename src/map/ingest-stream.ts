/** Map among its ports, for a Kinesis stream: an invocation's records in, packs of digests out. */
import { createHash } from 'node:crypto';
import type { BatchDigest, PackMember } from '../log/digest.ts';
import type { DeadLetters } from '../ports/notifier.ts';
import type { Source } from '../ports/source.ts';
import { ScannedEvents } from './1-decode/event-scanner.ts';
import { UnreadableBatchError } from './1-decode/gunzip.ts';
import { decodeStreamed, type Streamed } from './1-decode/stream.ts';
import {
  DigestWriter,
  type MapRules,
  type WriterOptions,
  type WriterPorts,
} from './digest-writer.ts';
import type { Mapped } from './map.ts';
import { PackWriter, type Row } from './pack-writer.ts';
import { leanPieces, shardDigest } from './shard-digest.ts';

export interface IngestStreamPorts extends WriterPorts {
  readonly deadLetters: DeadLetters;
}

export interface IngestStreamOptions extends WriterOptions {
  readonly region: string;
}

/** One record of a stream; what it is and when it came are the same however often it is delivered. */
export interface StreamRecord {
  readonly data: Uint8Array;
  readonly streamArn: string;
  /** Of the stream. */
  readonly shardId: string;
  readonly sequenceNumber: string;
  /** When the stream took it, Unix seconds. */
  readonly arrival: number;
  /** As it came, to be parked. */
  readonly event: unknown;
}

/** A batch that is mapped and not yet written. */
interface Waiting {
  readonly identity: string;
  readonly digest: BatchDigest | undefined;
  readonly count: () => void;
}

/** Seconds of arrival that share a row of packs: an invocation's records seldom lie in two. */
const SPAN = 600;

export class IngestStream {
  readonly #ports: IngestStreamPorts;
  readonly #options: IngestStreamOptions;
  readonly #writer: DigestWriter;
  readonly #packs: PackWriter;
  readonly #events = new ScannedEvents();

  constructor(ports: IngestStreamPorts, options: IngestStreamOptions) {
    this.#ports = ports;
    this.#options = options;
    this.#writer = new DigestWriter(ports, options);
    this.#packs = new PackWriter(ports.digests);
  }

  /**
   * Takes records in their order. One that nobody can read is parked, and holds nothing up.
   * @returns sequence numbers of those that must come again, the least of each shard among them
   * @throws when nothing could be written: all of them must come again
   */
  async run(records: readonly StreamRecord[]): Promise<string[]> {
    const rules = await this.#writer.rules();
    const rows = rowsOf(records);
    const again: string[] = [];
    let failure: Error | undefined;
    for (const row of rows) {
      try {
        await this.#row(row, rules);
      } catch (error) {
        failure = error as Error;
        again.push(...row.map(({ sequenceNumber }) => sequenceNumber));
      }
    }
    await this.#writer.beat();
    if (failure && again.length === records.length) throw failure;
    if (failure) {
      this.#ports.log('error', 'records-again', { records: again.length, reason: failure.message });
    }
    return again;
  }

  /** Records that share a row of packs. */
  async #row(records: readonly StreamRecord[], rules: MapRules): Promise<void> {
    const waiting: Waiting[] = [];
    const letters: { readonly error: UnreadableBatchError; readonly record: StreamRecord }[] = [];
    for (const record of records) {
      try {
        for (const one of decodeStreamed(record.data, this.#events)) {
          waiting.push(this.#map(one, record, rules));
        }
      } catch (error) {
        letters.push({ error: asUnreadable(error), record });
      }
    }
    await this.#write(records[0], waiting, rules);
    for (const { count } of waiting) count();
    // Not before: a record that comes again would be parked again.
    for (const { error, record } of letters) await this.#park(error, record);
  }

  /** Done with the batch's bytes when it returns: the next one takes their room. */
  #map(streamed: Streamed, { streamArn }: StreamRecord, rules: MapRules): Waiting {
    const { lines } = streamed;
    const source = this.#sourceOf(streamed, streamArn);
    const { layouts, mapper, fingerprint } = rules;
    const mapped: Mapped = mapper.map({
      lines,
      source,
      layouts: layouts.of(source.name),
      identity: '',
    });
    const bytes = lines.bytes.length;
    return {
      // Hashing the ids takes a tenth of a batch's time.
      identity: mapped.digest ? streamed.identity : '',
      digest: mapped.digest,
      count: () => this.#writer.count(source, mapped, bytes, fingerprint),
    };
  }

  #sourceOf(streamed: Streamed, streamArn: string): Source {
    if (streamed.kind === 'data') {
      const { logGroup: name, owner: account } = streamed;
      return { kind: 'logGroup', name, account, region: this.#options.region };
    }
    const [, , , region, account, name] = streamArn.split(':');
    return {
      kind: 'stream',
      name: (name ?? '').replace(/^stream\//, ''),
      ...(account && { account }),
      ...(region && { region }),
    };
  }

  async #write(first: StreamRecord, waiting: readonly Waiting[], rules: MapRules): Promise<void> {
    const { sharding } = rules;
    const now = this.#ports.now();
    const matched = waiting.flatMap(({ digest, identity }) =>
      digest ? [{ digest, identity }] : [],
    );
    const pieces = new Map<number, PackMember[]>();
    for (const { digest, identity } of matched) {
      for (const [shard, piece] of leanPieces(digest, sharding)) {
        const members = pieces.get(shard) ?? [];
        members.push({ identity, digest: piece });
        pieces.set(shard, members);
      }
    }
    for (const [shard, members] of pieces) {
      const row: Row = { shard, begins: spanOf(first), name: nameOf(first) };
      const { tooLarge } = await this.#packs.write(row, members, now);
      for (const { identity } of tooLarge) {
        const whole = matched.find((one) => one.identity === identity);
        const entries = whole ? shardDigest(whole.digest, identity, now, sharding) : [];
        for (const entry of entries) {
          if (entry.shard === shard) await this.#ports.digests.put(entry);
        }
      }
    }
  }

  async #park({ reason, message }: UnreadableBatchError, record: StreamRecord): Promise<void> {
    const { sequenceNumber, shardId, streamArn } = record;
    this.#ports.log('error', 'record-unreadable', {
      reason,
      message,
      stream: streamArn,
      shard: shardId,
      sequenceNumber,
    });
    await this.#ports.deadLetters.park({
      kind: 'batch',
      reason: `${reason}: ${message}`,
      body: JSON.stringify({ Records: [record.event] }),
    });
  }
}

/** Map is a function of the record alone: what it fails at once, it fails at always. */
function asUnreadable(error: unknown): UnreadableBatchError {
  if (error instanceof UnreadableBatchError) return error;
  const { name, message } = error as Error;
  return new UnreadableBatchError('unmappable', `${name}: ${message}`, { cause: error });
}

/** By shard of the stream and span of arrival, in order of their first record. */
function rowsOf(records: readonly StreamRecord[]): StreamRecord[][] {
  const rows = new Map<string, StreamRecord[]>();
  for (const record of records) {
    const name = `${nameOf(record)} ${spanOf(record)}`;
    const row = rows.get(name);
    if (row) row.push(record);
    else rows.set(name, [record]);
  }
  return [...rows.values()];
}

function spanOf({ arrival }: StreamRecord): number {
  return Math.floor(arrival / SPAN) * SPAN;
}

function nameOf({ streamArn, shardId }: StreamRecord): string {
  return createHash('sha256').update(`${streamArn}\0${shardId}`).digest('hex').slice(0, 16);
}
