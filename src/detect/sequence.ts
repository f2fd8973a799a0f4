import type { Detect } from '../rules/compiled.ts';
import type { Carried, SlotTotals, WindowKind } from './kind.ts';
import { joinMembers, stepsOf } from './parts.ts';

type Sequence = Extract<Detect, { kind: 'sequence' }>;
type Steps = Extract<Carried, { what: 'steps' }>;

/** `sequence`: steps that follow one another, by slot; one slot counts as in order. */
export const sequence: WindowKind<Sequence> = {
  timing: 'grows',
  carries: stepsCarried,
  sumField: () => undefined,
  measure: () => 'steps',
  judge: (detect, { slots }) => {
    const value = stepsReached(detect, slots);
    const threshold = detect.steps.length - 1;
    return { value, threshold, fires: value > threshold };
  },
};

function stepsCarried({ steps }: Sequence): Steps {
  return {
    what: 'steps',
    steps: steps.map((step) => {
      if ('rule' in step) return null;
      if (!step.distinct) return { what: 'records' };
      return { what: 'members', fields: step.distinct, above: step.above };
    }),
  };
}

/** How many steps the slots reach, each at the earliest slot it can. */
function stepsReached(detect: Sequence, slots: readonly SlotTotals[]): number {
  const { steps } = stepsCarried(detect);
  const parts = slots.map(({ part }) => stepsOf(steps, part));
  let reached = 0;
  let from = 0;
  for (const [i, step] of detect.steps.entries()) {
    const carried = steps[i];
    const above = 'rule' in step ? 0 : step.above;
    let count = 0;
    let members: readonly number[] = [];
    let at = from;
    for (; at < slots.length; at++) {
      if (carried?.what === 'members') {
        members = joinMembers(carried, members, parts[at][i].members);
        count = members.length;
      } else count += parts[at][i].count;
      if (count > above) break;
    }
    if (at === slots.length) return reached;
    reached++;
    from = at;
  }
  return reached;
}
