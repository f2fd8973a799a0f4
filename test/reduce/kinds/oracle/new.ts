import type { Line } from '../record.ts';
import { floorTo } from './windows.ts';

/** A minute with the tuple, where none with it began for `forget` before, once `learn` passed. */
export function firstSights(
  own: readonly Line[],
  { learn, forget }: { readonly learn: number; readonly forget: number },
  first: number,
): number[] {
  const minutes = [...new Set(own.map(({ start }) => floorTo(60, start)))].sort((a, b) => a - b);
  return minutes.filter((minute) => {
    const here = own.filter(({ start }) => floorTo(60, start) === minute);
    const earlier = own.filter(({ start }) => start < minute);
    const least = Math.min(...here.map(({ start }) => start));
    const remembered = earlier.some(({ start }) => least - start < forget);
    return !remembered && least >= first + learn;
  });
}
