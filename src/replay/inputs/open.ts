/** The beginning of reading a source: what it holds, with its wrappings off. */
import { gunzipped, type Lead } from './gunzip.ts';
import { ahead, type Pieces, peek } from './pieces.ts';
import { type Content, isEnough, recognise } from './recognise.ts';

export interface Opened {
  readonly content: Content;
  /** All its bytes, unpacked. */
  readonly all: Pieces;
}

/** Gzip inside gzip is what some delivery chains make; more than this is a bomb. */
export const MAX_WRAPPINGS = 3;

/** @param lead how far unpacking goes on by itself; some megabytes unless given */
export async function openPieces(bytes: Pieces, lead?: Lead): Promise<Opened> {
  let { head, all } = await peek(bytes, isEnough);
  let content = recognise(head);
  for (let wrappings = 0; content.kind === 'gzip' && wrappings < MAX_WRAPPINGS; wrappings++) {
    ({ head, all } = await peek(ahead(gunzipped(all, lead)), isEnough));
    content = recognise(head);
  }
  return { content, all };
}
