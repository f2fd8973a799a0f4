/** An object of a bucket as batches: text with a header line, packed or not, or Parquet. */
import type { StoredObject } from '../../ports/object-reader.ts';
import type { Source } from '../../ports/source.ts';
import type { Layout } from '../../records/layout.ts';
import { UnreadableBatchError } from './gunzip.ts';
import { batchIdentity } from './identity.ts';
import type { Batch } from './lines.ts';
import { openPieces } from './open.ts';
import { DamagedInputError, drop, type Pieces } from './pieces.ts';
import { tableBatches } from './table-batches.ts';
import { TextReader } from './text-reader.ts';
import { giveBack } from './whole-lines.ts';

/** Unpacked bytes that are mapped together: each chunk that matches costs a write. */
const CHUNK = 8 * 1024 * 1024;

export interface ObjectOptions {
  /** Layouts of lines that no header describes. */
  readonly layoutsOf: (source: Source) => readonly Layout[];
  /** Unpacked bytes that are mapped together; always the same, or a redelivery is not known. */
  readonly chunk?: number;
}

/** A batch of an object, and whether the object itself says what its lines hold. */
export interface ObjectBatch {
  readonly batch: Batch;
  readonly described: boolean;
}

/**
 * Reads an object in batches, which are the same whenever the object is: each is named by the
 * object's ETag and its place. A batch is there until the next one is asked for.
 * @throws UnreadableBatchError where the object is no flow log, or broken from some place on: what
 * came before it was handed out; any error of the bucket as it is
 */
export async function* batchesOfObject(
  object: StoredObject,
  source: Source,
  options: ObjectOptions,
): AsyncGenerator<ObjectBatch> {
  const bucket = new GuardedPieces(object.pieces());
  const { content, all } = await bucket.guard(() => openPieces(bucket));
  switch (content.kind) {
    case 'text':
      yield* ofText(bucket, all, object, source, options);
      return;
    case 'parquet':
      await drop(all);
      yield* ofParquet(object, source);
      return;
    case 'empty':
      // Of what cannot be unpacked, nothing is there as well.
      await bucket.guard(() => drop(all));
      return;
    case 'probe':
      await drop(all);
      return;
    default:
      await drop(all);
      throw new UnreadableBatchError(
        'not-a-flow-log',
        `the object is no flow log: it is ${content.kind === 'foreign' ? content.name : NAMES[content.kind]}`,
      );
  }
}

const NAMES = {
  gzip: 'gzip inside gzip, many times over',
  json: 'JSON, not lines of a flow log',
  base64: 'base64, not lines of a flow log',
};

async function* ofText(
  bucket: GuardedPieces,
  all: Pieces,
  object: StoredObject,
  source: Source,
  { layoutsOf, chunk = CHUNK }: ObjectOptions,
): AsyncGenerator<ObjectBatch> {
  const reader = new TextReader(source, layoutsOf(source), () => {}, {
    chunk,
    identityOf: (offset) => identityOf(object, offset),
  });
  let damage: unknown;
  try {
    for await (const piece of all) yield* described(reader.push(piece), reader);
  } catch (error) {
    damage = bucket.judge(error);
    if (!(damage instanceof UnreadableBatchError)) throw damage;
  }
  yield* described(reader.end(damage !== undefined), reader);
  if (damage) throw damage;
}

function* described(batches: Iterable<Batch>, reader: TextReader): Generator<ObjectBatch> {
  for (const batch of batches) {
    yield { batch, described: reader.sawHeader };
    giveBack(batch.lines.bytes);
  }
}

async function* ofParquet(object: StoredObject, source: Source): AsyncGenerator<ObjectBatch> {
  for await (const batch of tableBatches(object, source, (row) => identityOf(object, row))) {
    yield { batch, described: true };
  }
}

function identityOf({ bucket, key, etag }: StoredObject, place: number): string {
  return batchIdentity(bucket, key, etag, String(place));
}

/** Tells the bucket's own errors from those of what it holds, which both end a stream of pieces. */
class GuardedPieces implements AsyncIterable<Uint8Array> {
  readonly #pieces: AsyncIterable<Uint8Array>;
  #failure: unknown;

  constructor(pieces: AsyncIterable<Uint8Array>) {
    this.#pieces = pieces;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array> {
    try {
      yield* this.#pieces;
    } catch (error) {
      this.#failure = error;
      throw error;
    }
  }

  async guard<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw this.judge(error);
    }
  }

  judge(error: unknown): unknown {
    if (this.#failure !== undefined) return this.#failure;
    if (!(error instanceof DamagedInputError)) return error;
    const { code } = (error.cause ?? {}) as NodeJS.ErrnoException;
    const reason = code === 'Z_BUF_ERROR' ? 'truncated' : 'bad-gzip';
    return new UnreadableBatchError(reason, error.message, { cause: error });
  }
}
