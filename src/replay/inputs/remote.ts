/** Sources that are read from AWS, and what they are read with. */
import type { RandomAccess } from '../../map/1-decode/parquet.ts';
import type { Pieces } from '../../map/1-decode/pieces.ts';
import type { Clock } from '../../ports/clock.ts';
import type { LogEvents } from '../../ports/log-events.ts';
import type { ObjectListing } from '../../ports/object-listing.ts';
import type { ObjectReader } from '../../ports/object-reader.ts';
import type { Source } from '../../ports/source.ts';

export interface RemotePorts {
  readonly listing: ObjectListing;
  readonly objects: ObjectReader;
  readonly events: LogEvents;
  readonly clock: Clock;
}

/** Something to jump about in. */
export interface OpenFile extends RandomAccess {
  close(): Promise<void>;
}

/** Told how many bytes were read. */
export type OnBytes = (count: number) => void;

/** An input that is neither a file nor standard input. */
export interface RemoteInput {
  /** As a deployment would name it. */
  readonly source: Source;
  /** All its bytes; what cannot be read is a DamagedInputError. */
  pieces(onBytes: OnBytes): Pieces;
  /** The same for content that is not read from its beginning to its end. */
  open?(onBytes: OnBytes): Promise<OpenFile>;
}

export function isBucket(source: string): boolean {
  return source.startsWith('s3://');
}

export function isLogGroup(source: string): boolean {
  return source.startsWith('cwlogs:');
}
