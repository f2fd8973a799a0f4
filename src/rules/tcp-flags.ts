import { type Interval, normalise } from './intervals.ts';

/** Bits of the TCP header's flags, lowest first (RFC 9293). */
const BITS = { fin: 1, syn: 2, rst: 4, psh: 8, ack: 16, urg: 32, ece: 64, cwr: 128 } as const;

export const FLAG_NAMES = Object.keys(BITS) as readonly (keyof typeof BITS)[];
export type FlagName = keyof typeof BITS;

export function isFlagName(name: unknown): name is FlagName {
  return typeof name === 'string' && Object.hasOwn(BITS, name);
}

/** The values of `tcp-flags` in which all of `has` are set and none of `lacks`. */
export function flagValues(has: readonly FlagName[], lacks: readonly FlagName[]): Interval[] {
  const set = mask(has);
  const clear = mask(lacks);
  const values: Interval[] = [];
  for (let value = 0; value <= 255; value++) {
    if ((value & set) === set && (value & clear) === 0) values.push([value, value]);
  }
  return normalise(values);
}

function mask(names: readonly FlagName[]): number {
  return names.reduce((bits, name) => bits | BITS[name], 0);
}
