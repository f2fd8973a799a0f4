import type { SequenceStep } from '../../../../src/rules/compiled.ts';
import type { Line } from '../record.ts';
import { type Slotting, slotsOf, windowStart } from './windows.ts';
import { has, tupleOf } from './world.ts';

/** What a group has for one step: its flows, or the slots in which another rule fired for it. */
export type StepInput = { readonly flows: readonly Line[] } | { readonly fired: readonly number[] };

/** All steps happen in order within the window. */
export function sequence(
  steps: readonly SequenceStep[],
  inputs: readonly StepInput[],
  slotting: Slotting,
): number[] {
  const ends = slotsOf(slotting, inputs.flatMap(timesOf));
  return ends.filter((end) => {
    let reached: number | undefined = windowStart(slotting, end);
    for (const [i, step] of steps.entries()) {
      if (reached === undefined) break;
      reached = reachedAt(step, inputs[i], slotting, reached, end);
    }
    return reached !== undefined;
  });
}

/** Earliest slot by which a step has happened, counted from where the one before it did. */
function reachedAt(
  step: SequenceStep,
  input: StepInput,
  slotting: Slotting,
  from: number,
  end: number,
): number | undefined {
  for (let slot = from; slot <= end; slot += slotting.slot) {
    const until = slot + slotting.slot;
    if ('fired' in input) {
      if (input.fired.some((time) => time >= from && time < until)) return slot;
    } else if ('match' in step) {
      const flows = input.flows.filter(({ start }) => start >= from && start < until);
      if (amountOf(step, flows) > step.above) return slot;
    }
  }
  return undefined;
}

function amountOf(step: Extract<SequenceStep, { match: unknown }>, flows: readonly Line[]): number {
  const { distinct } = step;
  if (distinct === undefined) return flows.length;
  const whole = flows.filter((line) => has(line, distinct));
  return new Set(whole.map((line) => tupleOf(line, distinct))).size;
}

function timesOf(input: StepInput): number[] {
  return 'fired' in input ? [...input.fired] : input.flows.map(({ start }) => start);
}
