/** What objects a bucket has. */

export interface ListedObject {
  readonly key: string;
  /** Bytes. */
  readonly size: number;
  /** Names its content. */
  readonly etag: string;
  /** It must be restored from an archive before it can be read. */
  readonly archived: boolean;
}

export interface ListedPage {
  readonly objects: readonly ListedObject[];
  /** Prefixes that end in a slash, where folders were asked for. */
  readonly folders: readonly string[];
}

export interface ObjectListing {
  /**
   * All objects whose keys begin with a prefix; with `folders` only those without a further slash, and
   * the folders of the others.
   * @throws Refusal where there is no such bucket, or it may not be listed
   */
  pages(
    bucket: string,
    options: { readonly prefix: string; readonly folders: boolean },
  ): AsyncIterable<ListedPage>;
}
