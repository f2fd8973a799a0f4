import type { Line } from '../record.ts';
import { type Slotting, slotsOf, within } from './windows.ts';
import { FIVE, has, tupleOf } from './world.ts';

/** Every slot with a record fires. */
export function every(own: readonly Line[], slotting: Slotting): number[] {
  return slotsOf(slotting, starts(own));
}

/** More than `above` records. */
export function records(own: readonly Line[], slotting: Slotting, above: number): number[] {
  return slotsOf(slotting, starts(own)).filter((end) => within(slotting, end, own).length > above);
}

/** More than `above` different values of the fields; flows that lack one are not counted. */
export function distinct(
  own: readonly Line[],
  slotting: Slotting,
  above: number,
  fields: readonly string[],
): number[] {
  const whole = own.filter((line) => has(line, fields));
  return slotsOf(slotting, starts(whole)).filter((end) => {
    const tuples = within(slotting, end, whole).map((line) => tupleOf(line, fields));
    return new Set(tuples).size > above;
  });
}

/** More than `above` different five-tuples. */
export function connections(own: readonly Line[], slotting: Slotting, above: number): number[] {
  return distinct(own, slotting, above, FIVE);
}

function starts(own: readonly Line[]): number[] {
  return own.map(({ start }) => start);
}
