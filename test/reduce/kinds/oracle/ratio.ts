import type { Match } from '../../../../src/rules/compiled.ts';
import type { Line } from '../record.ts';
import { type Slotting, windowsAround, within } from './windows.ts';
import { meets } from './world.ts';

/** More than the share `above` of at least `min` records meets `of` too. */
export function ratio(
  own: readonly Line[],
  slotting: Slotting,
  { of, above, min }: { readonly of: Match; readonly above: number; readonly min: number },
): number[] {
  const ends = windowsAround(
    slotting,
    own.map(({ start }) => start),
  );
  const met = own.filter((line) => meets(of, line));
  return ends.filter((end) => {
    const all = within(slotting, end, own);
    return all.length >= min && within(slotting, end, met).length / all.length > above;
  });
}
