/** The beginning of reading a source: what it holds, with its wrappings off. */
import { gunzipped } from './gunzip-stream.ts';
import { type Pieces, peek } from './pieces.ts';
import { type Content, isEnough, recognise } from './recognise.ts';

export interface Opened {
  readonly content: Content;
  /** It was in gzip. */
  readonly packed: boolean;
  /** All its bytes, unpacked. */
  readonly all: Pieces;
}

/** Gzip inside gzip is what some delivery chains make; more than this is a bomb. */
export const MAX_WRAPPINGS = 3;

/** @param size bytes of an unpacked piece, a megabyte unless given */
export async function openPieces(bytes: Pieces, size?: number): Promise<Opened> {
  let { head, all } = await peek(bytes, isEnough);
  let content = recognise(head);
  const packed = content.kind === 'gzip';
  for (let wrappings = 0; content.kind === 'gzip' && wrappings < MAX_WRAPPINGS; wrappings++) {
    ({ head, all } = await peek(gunzipped(all, size), isEnough));
    content = recognise(head);
  }
  return { content, packed, all };
}
