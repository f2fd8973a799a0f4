import type { CompiledRule } from '../../../../src/rules/compiled.ts';
import { type Line, NOON } from '../record.ts';
import { firingsOf } from './firings.ts';

/** Unix seconds of a minute after noon. */
export function minute(minutes: number, seconds = 0): number {
  return NOON + minutes * 60 + seconds;
}

/** Minutes after noon of the slots in which the first of the rules fires, for any group. */
export function fired(
  rules: CompiledRule | readonly CompiledRule[],
  lines: readonly Line[],
  clock = minute(1_440),
): number[] {
  const all = 'id' in rules ? [rules] : rules;
  return firingsOf({ rules: all, lines, clock })
    .filter(({ rule }) => rule === all[0].id)
    .map(({ slot }) => (slot - NOON) / 60)
    .sort((a, b) => a - b);
}
