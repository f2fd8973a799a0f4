/** `s3://BUCKET/PREFIX`: the objects of a bucket as inputs. */
import { sourceOfObject } from '../../map/1-decode/object-source.ts';
import { DamagedInputError, PIECE, piecesOfFile } from '../../map/1-decode/pieces.ts';
import type { ListedObject } from '../../ports/object-listing.ts';
import type { StoredObject } from '../../ports/object-reader.ts';
import { flowLogObjects, type ListingOptions } from './list-objects.ts';
import { MissingSourceError } from './missing-source.ts';
import type { ObjectCache } from './object-cache.ts';
import { openFile } from './open-file.ts';
import type { Input } from './plan.ts';
import type { OnBytes, OpenFile, RemoteInput, RemotePorts } from './remote.ts';

/** Names of buckets: https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html */
const URL_FORM = /^s3:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:\/(.*))?$/s;

export interface BucketOptions extends ListingOptions {
  readonly cache?: ObjectCache;
}

/**
 * @param url the prefix is one of keys, not of whole folders, as with `aws s3 ls`
 * @throws MissingSourceError where there is no such object
 * @throws Refusal where the bucket cannot be listed
 */
export async function bucketInputs(
  url: string,
  { listing, objects }: Pick<RemotePorts, 'listing' | 'objects'>,
  { cache, ...options }: BucketOptions,
): Promise<Input[]> {
  const [, bucket, prefix = ''] = URL_FORM.exec(url) ?? [];
  if (bucket === undefined) {
    throw new MissingSourceError(`${url} names no bucket; write s3://BUCKET or s3://BUCKET/PREFIX`);
  }
  const listed = await flowLogObjects(listing, bucket, prefix, options);
  if (listed.length === 0 && !options.stop?.aborted) {
    const when = options.span ? ' that may hold records of that time' : '';
    throw new MissingSourceError(`there is no flow log in s3://${bucket}/${prefix}${when}`);
  }
  return listed.map((object) => ({
    name: `s3://${bucket}/${object.key}`,
    size: object.size,
    remote: new BucketInput(bucket, object, objects, cache),
  }));
}

class BucketInput implements RemoteInput {
  readonly #bucket: string;
  readonly #listed: ListedObject;
  readonly #objects: RemotePorts['objects'];
  readonly #cache: ObjectCache | undefined;
  #stored: Promise<StoredObject> | undefined;

  constructor(
    bucket: string,
    listed: ListedObject,
    objects: RemotePorts['objects'],
    cache: ObjectCache | undefined,
  ) {
    this.#bucket = bucket;
    this.#listed = listed;
    this.#objects = objects;
    this.#cache = cache;
  }

  get source() {
    return sourceOfObject(this.#bucket, this.#listed.key);
  }

  async *pieces(onBytes: OnBytes): AsyncGenerator<Uint8Array> {
    try {
      const path = await this.#cache?.find(this.#content);
      if (path !== undefined) yield* piecesOfFile(path, onBytes, PIECE);
      else {
        for await (const piece of this.#fetched()) {
          onBytes(piece.length);
          yield piece;
        }
      }
    } catch (error) {
      throw damaged(error);
    }
  }

  async open(onBytes: OnBytes): Promise<OpenFile> {
    try {
      if (this.#cache) return await openFile(await this.#whole(this.#cache), onBytes);
      const stored = await this.#object();
      return {
        size: stored.size,
        async range(from, to) {
          const bytes = await stored.range(from, to).catch((error) => {
            throw damaged(error);
          });
          onBytes(bytes.byteLength);
          return bytes;
        },
        close: async () => {},
      };
    } catch (error) {
      throw damaged(error);
    }
  }

  /** In the cache, wherever it was. */
  async #whole(cache: ObjectCache): Promise<string> {
    for (let fetched = false; ; fetched = true) {
      const path = await cache.find(this.#content);
      if (path !== undefined) return path;
      if (fetched) throw new DamagedInputError('it was replaced while it was read');
      for await (const _ of this.#fetched());
    }
  }

  async *#fetched(): AsyncGenerator<Uint8Array> {
    const pieces = (await this.#object()).pieces();
    yield* this.#cache ? this.#cache.keep(this.#content, pieces) : pieces;
  }

  #object(): Promise<StoredObject> {
    this.#stored ??= this.#get();
    return this.#stored;
  }

  async #get(): Promise<StoredObject> {
    if (this.#listed.archived) {
      throw new DamagedInputError('it is archived; restore it first (aws s3api restore-object)');
    }
    const stored = await this.#objects.open(this.#bucket, this.#listed.key);
    if (!stored) throw new DamagedInputError('it was removed since it was listed');
    // What is kept under a name of its content must be that content.
    if (stored.size > 0 && stored.etag !== this.#listed.etag) {
      throw new DamagedInputError('it was replaced since it was listed');
    }
    return stored;
  }

  get #content() {
    return { bucket: this.#bucket, ...this.#listed };
  }
}

/** One object that cannot be read ends no run. */
function damaged(error: unknown): DamagedInputError {
  if (error instanceof DamagedInputError) return error;
  return new DamagedInputError((error as Error).message, { cause: error });
}
