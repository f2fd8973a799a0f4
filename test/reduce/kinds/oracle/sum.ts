import { fieldsOf, type Line } from '../record.ts';
import { type Slotting, slotsOf, within } from './windows.ts';

/** The field's sum exceeds `above`; a flow without the field adds nothing. */
export function sum(
  own: readonly Line[],
  slotting: Slotting,
  above: number,
  field: string,
): number[] {
  const ends = slotsOf(
    slotting,
    own.map(({ start }) => start),
  );
  return ends.filter((end) => sumOf(within(slotting, end, own), field) > above);
}

export function sumOf(flows: readonly Line[], field: string): number {
  return flows.reduce((sum, flow) => sum + Number(fieldsOf(flow)[field] ?? 0), 0);
}
