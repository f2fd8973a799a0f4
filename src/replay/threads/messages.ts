/** What goes to a thread that maps and comes back, in the form that costs least. */
import type { Batch, Lines } from '../../map/1-decode/lines.ts';
import type { Mapped } from '../../map/map.ts';
import { type Layout, parseLayout } from '../../records/layout.ts';
import { type OwnedTable, ownedTable } from './owned-table.ts';
import { type PackedDigest, packDigest, unpackDigest } from './packed-digest.ts';

/** A batch whose layouts are named, not copied. */
export interface BatchMessage extends Omit<Batch, 'layouts' | 'table'> {
  readonly formats: readonly string[];
  readonly table?: OwnedTable['table'];
}

export type MappedMessage = Omit<Mapped, 'digest'> & { readonly digest?: PackedDigest };

/** The message and what of it changes hands instead of being copied. */
type Sent<T> = readonly [message: T, transfer: ArrayBuffer[]];

export function batchMessage({ layouts, lines, table, ...rest }: Batch): Sent<BatchMessage> {
  const { count, times } = lines;
  const own: Lines = {
    ...lines,
    bytes: isShared(lines.bytes) ? lines.bytes : new Uint8Array(lines.bytes),
    starts: lines.starts.slice(0, count),
    ends: lines.ends.slice(0, count),
    ...(times === undefined ? {} : { times: times.slice(0, count) }),
  };
  const transfer = [own.bytes, own.starts, own.ends, ...(own.times ? [own.times] : [])]
    .map(({ buffer }) => buffer)
    .filter((buffer) => buffer instanceof ArrayBuffer);
  const formats = layouts.map(({ format }) => format);
  if (!table) return [{ ...rest, lines: own, formats }, transfer];
  const owned = ownedTable(table, own.bytes);
  return [{ ...rest, lines: own, formats, table: owned.table }, [...transfer, ...owned.transfer]];
}

/** Reads messages; the same formats are the same layouts, as the parser likes them. */
export class BatchReader {
  readonly #layouts = new Map<string, readonly Layout[]>();

  read({ formats, table, ...batch }: BatchMessage): Batch {
    const key = formats.join('\n');
    let layouts = this.#layouts.get(key);
    if (!layouts) {
      layouts = formats.map(parseLayout);
      this.#layouts.set(key, layouts);
    }
    if (!table) return { ...batch, layouts };
    return { ...batch, layouts, table: { ...table, layout: layouts[0] } };
  }
}

export function mappedMessage({ digest, ...rest }: Mapped): Sent<MappedMessage> {
  if (!digest) return [rest, []];
  const packed = packDigest(digest);
  return [{ ...rest, digest: packed }, [packed.numbers.buffer]];
}

export function readMapped({ digest, ...rest }: MappedMessage): Mapped {
  return { ...rest, digest: digest && unpackDigest(digest) };
}

function isShared({ buffer }: Uint8Array): boolean {
  return buffer instanceof SharedArrayBuffer;
}
