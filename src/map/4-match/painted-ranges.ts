/** Elementary ranges of a field and the bitmap class of each: what number and address indexes share. */
import type { Ranges } from '../../records/ranges.ts';
import { boundsAtMost } from '../../records/ranges.ts';
import { type Bitmaps, setBit } from './bitmaps.ts';

/** One alternative's bit and the ranges it admits. */
export interface Paint<T extends number | bigint> {
  readonly bits: readonly number[];
  readonly ranges: Ranges<T>;
}

export interface PaintedRanges<T extends number | bigint> {
  /** Ascending; class i holds between bound i-1 and bound i. */
  readonly bounds: readonly T[];
  /** One more than bounds. */
  readonly classes: readonly number[];
}

/**
 * Cuts the line at every bound of every range and paints each piece with the bits that cover it.
 * Neighbours of one class are joined.
 * @param always bits that do not depend on this field
 */
export function paint<T extends number | bigint>(
  bitmaps: Bitmaps,
  always: Uint32Array,
  paints: readonly Paint<T>[],
): PaintedRanges<T> {
  const cuts = [...new Set(paints.flatMap((one) => one.ranges))].sort((a, b) =>
    a < b ? -1 : a > b ? 1 : 0,
  );
  const pieces = Array.from({ length: cuts.length + 1 }, () => always.slice());
  for (const { bits, ranges } of paints) {
    for (let i = 0; i < ranges.length; i += 2) {
      const from = boundsAtMost(cuts, ranges[i]);
      const to = boundsAtMost(cuts, ranges[i + 1]);
      for (let piece = from; piece < to; piece++) {
        for (const bit of bits) setBit(pieces[piece], bit);
      }
    }
  }
  const bounds: T[] = [];
  const classes = [bitmaps.classOf(pieces[0])];
  for (let i = 0; i < cuts.length; i++) {
    const next = bitmaps.classOf(pieces[i + 1]);
    if (next === classes[classes.length - 1]) continue;
    bounds.push(cuts[i]);
    classes.push(next);
  }
  return { bounds, classes };
}
