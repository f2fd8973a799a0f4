import type { Source } from '../../ports/source.ts';
import type { Layout } from '../../records/layout.ts';
import type { RecordTable } from '../../records/table.ts';

/** Flow-log lines inside one buffer, before they are parsed. */
export interface Lines {
  readonly bytes: Uint8Array;
  /** First byte and byte after the last of each line; entries from `count` on are stale. */
  readonly starts: Uint32Array;
  readonly ends: Uint32Array;
  readonly count: number;
  /** Unix seconds of each line's event, for layouts that have neither `start` nor `end`. */
  readonly times?: Float64Array;
  /** What could not be read at all, by reason. */
  readonly faults: Readonly<Record<string, number>>;
}

/** What map works on: lines, where they came from, and what their layout may be. */
export interface Batch {
  readonly lines: Lines;
  /** Records that came as columns: `lines` then has their number, and no text. */
  readonly table?: RecordTable;
  readonly source: Source;
  /** The layouts of the source's LogFormats; never guessed from the lines. */
  readonly layouts: readonly Layout[];
  /** Hex name of the content: equal for a redelivery, whoever delivers it. */
  readonly identity: string;
}
