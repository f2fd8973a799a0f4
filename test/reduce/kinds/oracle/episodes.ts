import { idOf } from '../../oracle.ts';
import { firingsOf } from './firings.ts';
import { slottingOf } from './windows.ts';
import type { Firing, World } from './world.ts';

/**
 * Firings that open an episode, for lines in the order of their starts: `rule group id`, by rule and
 * group, each in its order. A firing goes on with an episode until it has been quiet for long enough.
 */
export function openingsOf(world: World, settle: number): string[] {
  const { rules } = world;
  const firings = firingsOf(world);
  return rules
    .filter(({ mode }) => mode === 'live')
    .flatMap((rule) => {
      const quiet = Math.max(rule.window ?? 0, rule.cooldown) + settle;
      const { slot } = slottingOf(rule);
      const own = firings.filter((firing) => firing.rule === rule.id);
      return [...new Set(own.map(({ group }) => group))].sort().flatMap((group) => {
        const slots = own.filter((firing) => firing.group === group).map((firing) => firing.slot);
        return openings(slots, quiet + slot).map((first) => nameOf(rule.id, group, first));
      });
    });
}

function openings(slots: readonly number[], quiet: number): number[] {
  let last = -Infinity;
  return slots
    .toSorted((a, b) => a - b)
    .filter((slot) => {
      const opens = slot - last >= quiet;
      last = slot;
      return opens;
    });
}

function nameOf(rule: Firing['rule'], group: string, slot: number): string {
  return `${rule} ${group} ${idOf(rule, group, slot)}`;
}
