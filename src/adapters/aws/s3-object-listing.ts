import { ListObjectsV2Command, type ListObjectsV2Output, type S3Client } from '@aws-sdk/client-s3';
import type { ListedPage, ObjectListing } from '../../ports/object-listing.ts';
import { Refusal } from '../../ports/refusal.ts';
import { statusOf } from './s3-errors.ts';

/** Storage classes whose objects must be restored before anybody can read them. */
const ARCHIVED: ReadonlySet<string> = new Set(['GLACIER', 'DEEP_ARCHIVE']);

export class S3ObjectListing implements ObjectListing {
  readonly #client: S3Client;

  constructor({ client }: { readonly client: S3Client }) {
    this.#client = client;
  }

  async *pages(
    bucket: string,
    { prefix, folders }: { readonly prefix: string; readonly folders: boolean },
  ): AsyncGenerator<ListedPage> {
    let token: string | undefined;
    do {
      const page = await this.#page(bucket, prefix, folders, token);
      yield {
        objects: (page.Contents ?? []).flatMap(({ Key, Size = 0, ETag, StorageClass = '' }) =>
          Key === undefined
            ? []
            : [{ key: Key, size: Size, etag: ETag ?? '', archived: ARCHIVED.has(StorageClass) }],
        ),
        folders: (page.CommonPrefixes ?? []).flatMap(({ Prefix }) => Prefix ?? []),
      };
      token = page.NextContinuationToken;
    } while (token !== undefined);
  }

  async #page(
    bucket: string,
    prefix: string,
    folders: boolean,
    token: string | undefined,
  ): Promise<ListObjectsV2Output> {
    try {
      return await this.#client.send(
        new ListObjectsV2Command({
          Bucket: bucket,
          Prefix: prefix,
          ...(folders && { Delimiter: '/' }),
          ...(token !== undefined && { ContinuationToken: token }),
        }),
      );
    } catch (cause) {
      const { name } = cause as Error;
      if (name === 'NoSuchBucket') {
        throw new Refusal('invalid', `there is no bucket ${bucket}`, { cause });
      }
      if (name === 'AccessDenied' || statusOf(cause) === 403) {
        const needed = 'allow s3:ListBucket on the bucket';
        throw new Refusal('denied', `S3 refuses to list s3://${bucket}/${prefix}: ${needed}`, {
          cause,
        });
      }
      throw cause;
    }
  }
}
