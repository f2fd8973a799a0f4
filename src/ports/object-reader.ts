/** Objects of a bucket, read in pieces. */

/** One object as it was when it was opened: what is read later is of that state or an error. */
export interface StoredObject {
  readonly bucket: string;
  readonly key: string;
  /** Names its content, so that a redelivery is known whoever delivers it. */
  readonly etag: string;
  /** Bytes. */
  readonly size: number;
  /** All its bytes in order, in pieces that are the same each time. */
  pieces(): AsyncIterable<Uint8Array>;
  /** Bytes `[from, to)`. */
  range(from: number, to: number): Promise<ArrayBuffer>;
}

export interface ObjectReader {
  /**
   * @returns undefined when there is no such object
   * @throws Error when it may not be read, or there is no answer: it must be tried again
   */
  open(bucket: string, key: string): Promise<StoredObject | undefined>;
}

/** The object was replaced or removed while it was read. */
export class ObjectChangedError extends Error {
  override readonly name = 'ObjectChangedError';
}
